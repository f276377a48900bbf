import { assertEquals, assertStrictEquals } from "@std/assert";
import { masked, maskedCall, secretsOf } from "../../../src/protocols/shared/secrets.ts";

Deno.test("secretsOf() takes values and their parts, longest first, but nothing too short to hide", () => {
  assertEquals(
    secretsOf(["authorization", "Bearer abcdef123", "x-mode", "fast", "cookie", "session=0123456789; a=b"]),
    [
      "session=0123456789; a=b",
      "Bearer abcdef123",
      "0123456789",
      "abcdef123",
      "session",
    ],
  );
});

Deno.test("masked() masks every occurrence", () => {
  assertEquals(masked("abcdef1 or abcdef1", ["abcdef1"]), "*** or ***");
});

Deno.test("maskedCall() masks bodies and headers, and is no more than the call where there is no secret", async () => {
  const call = () =>
    Promise.resolve({ status: 302, headers: { location: "/?t=abcdef1" }, body: new TextEncoder().encode("abcdef1!") });
  assertStrictEquals(maskedCall(call, []), call);
  const { headers, body } = await maskedCall(call, ["abcdef1"])({ method: "GET", path: "/", headers: [], body: null });
  assertEquals([headers["location"], new TextDecoder().decode(body)], ["/?t=***", "***!"]);
});
