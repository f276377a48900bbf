import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { Protocol } from "../../../src/core/protocol.ts";
import { ollama } from "../../../src/protocols/ollama.ts";
import { openai } from "../../../src/protocols/openai.ts";
import { masked, maskedCall, maskedVerdicts, secretsOf } from "../../../src/protocols/shared/secrets.ts";

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

Deno.test("maskedCall() leaves JSON readable: fields that it is read by keep their names, and numbers that only contain a secret their value", async () => {
  const bodies: [string, string][] = [
    ['{"models":[{"name":"models-1"}]}', '{"models":[{"name":"***-1"}]}'],
    ['{"models" : "a\\"models", "n": 123456}', '{"models" : "a\\"***", "n": "***"}'],
    ['{"detail":{"correct_horse":"unknown"}}', '{"detail":{"***":"unknown"}}'],
    ['{"available_models":{"my_models":{}}}', '{"available_models":{"my_***":{}}}'],
    ['{"n": [9007199254740993, 1234567]}', '{"n": [9007199254740993, 1234567]}'],
    ['{"k-models":"models..."}', '{"k-***":"***..."}'],
    ['{"models": [', '{"***": ['],
    ['<p title="models">', '<p title="***">'],
  ];
  for (const [body, shown] of bodies) {
    const call = () => Promise.resolve({ status: 200, headers: {}, body: new TextEncoder().encode(body) });
    const answer = await maskedCall(call, ["models", "123456", "correct_horse"])({
      method: "GET",
      path: "/",
      headers: [],
      body: null,
    });
    assertEquals(new TextDecoder().decode(answer.body), shown);
  }
});

Deno.test("secretsOf() leaves out the names that answers are searched for", () => {
  assertEquals(secretsOf(["user-agent", "torchgauge", "x-namespace", "KServe"]), []);
  assertEquals(secretsOf(["x-namespace", "torchgauge-2"]), ["torchgauge-2"]);
});

Deno.test("maskedVerdicts() masks what streams say: of refusals, redirects, errors among the events, and answers that break off", async () => {
  const nobody = () => Promise.reject(new TypeError("nothing is asked"));
  const event = 'data: {"error":{"message":"Invalid API key sk-abcdef1"}}\n\n';
  const refusal = '{"error":{"message":"Incorrect API key provided: sk-abcdef1"}}';
  const said = (bound: Protocol, status: number, body: string, headers: Record<string, string> = {}) => {
    const stream = bound.openStream!();
    stream.begin();
    stream.push(new TextEncoder().encode(body), 1);
    const soFar = stream.soFar();
    const verdict = stream.end({ status, headers, body: new Uint8Array() });
    return [verdict.kind === "success" ? "success" : verdict.message, soFar];
  };
  const plain = await openai.bind(nobody, { generation: { outputTokens: 2 } });
  assertStrictEquals(maskedVerdicts(plain, []), plain);
  const bound = maskedVerdicts(plain, ["sk-abcdef1"]);
  assertEquals(said(bound, 401, refusal)[0], "status 401: Incorrect API key provided: ***");
  const [moved] = said(bound, 302, "", { location: "/elsewhere?api_key=sk-abcdef1" });
  assertEquals(moved, "status 302: a redirect to /elsewhere?api_key=***, which is not followed");
  assertEquals(said(bound, 200, event), [
    "Invalid API key *** (nothing came before it)",
    'the server had said "Invalid API key ***"',
  ]);
  const lines = maskedVerdicts(await ollama.bind(nobody, { generation: { outputTokens: 2 } }), ["sk-abcdef1"]);
  assertEquals(said(lines, 200, '{"error":"no key sk-abcdef1"}\n')[0], "no key *** (nothing came before it)");
});

Deno.test("maskedVerdicts() leaves what streams count as it is", async () => {
  const plain = await openai.bind(() => Promise.reject(new TypeError("nothing is asked")), {
    generation: { outputTokens: 2 },
  });
  const stream = maskedVerdicts(plain, ["abcdef1"]).openStream!();
  stream.begin();
  const choice = '{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}';
  stream.push(new TextEncoder().encode(`data: {"choices":[${choice}]}\n\ndata: [DONE]\n\n`), 7);
  assertEquals(stream.end({ status: 200, headers: {}, body: new Uint8Array() }).kind, "success");
  assertEquals([stream.row().chunks, stream.row().firstTokenAt, stream.times?.length], [1, 7, 1]);
});
