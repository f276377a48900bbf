import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { masked, maskedCall, secretsOf } from "../../../src/protocols/shared/secrets.ts";

Deno.test("secretsOf() takes values and their parts, longest first, but nothing too short to hide", () => {
  assertEquals(
    secretsOf(["authorization", "Bearer abcdef123", "x-mode", "fast", "cookie", "session=0123456789; a=b"]),
    [
      "session%3D0123456789%3B%20a%3Db",
      "session=0123456789; a=b",
      "Bearer%20abcdef123",
      "Bearer abcdef123",
      "0123456789",
      "abcdef123",
      "session",
    ],
  );
});

Deno.test("secretsOf() leaves out the names of models, which stand in the server's own lists", () => {
  const routed = ["x-ai-eg-model", "X-Amzn-SageMaker-Target-Model", "mm-vmodel-id", "x-model-name", "seldon-route"];
  assertEquals(routed.flatMap((name) => secretsOf([name, "llama-3-8b"])), []);
  for (const name of ["x-model-key", "x-model-token", "x-models", "session-model", "remodel", "x-route-password"]) {
    assert(secretsOf([name, "llama-3-8b"]).includes("llama-3-8b"), name);
  }
});

Deno.test("secretsOf() takes what basic authentication says, and what URLs, JSON and HTML make of a secret", () => {
  const secrets = secretsOf(["authorization", `Basic ${btoa("me:hunter2 hunter2")}`, "x-key", 'a"b<c>d&e']);
  for (const part of ["me:hunter2 hunter2", "hunter2 hunter2", "hunter2", "hunter2%20hunter2"]) {
    assert(secrets.includes(part), part);
  }
  for (const part of ['a\\"b<c>d&e', "a&quot;b&lt;c&gt;d&amp;e", "a%22b%3Cc%3Ed%26e"]) {
    assert(secrets.includes(part), part);
  }
  assertEquals(secretsOf(["proxy-authorization", "Basic bm90IGJhc2U2NCE*"]).some((secret) => secret === ""), false);
});

Deno.test("masked() masks every occurrence, also the beginning of one where the text was cut", () => {
  assertEquals(masked("abcdef1 or abcdef1", ["abcdef1"]), "*** or ***");
  assertEquals(masked("is abcd... and abc... and abcdef", ["abcdef1"]), "is ***... and abc... and abcdef");
});

Deno.test("maskedCall() masks bodies and headers, and is no more than the call where there is no secret", async () => {
  const call = () =>
    Promise.resolve({ status: 302, headers: { location: "/?t=abcdef1" }, body: new TextEncoder().encode("abcdef1!") });
  assertStrictEquals(maskedCall(call, []), call);
  const { headers, body } = await maskedCall(call, ["abcdef1"])({ method: "GET", path: "/", headers: [], body: null });
  assertEquals([headers["location"], new TextDecoder().decode(body)], ["/?t=***", "***!"]);
});
