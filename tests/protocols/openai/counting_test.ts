import { assertEquals, assertRejects } from "@std/assert";
import { TargetError } from "../../../src/core/errors.ts";
import type { CallOptions, WireRequest } from "../../../src/core/transport.ts";
import { openai } from "../../../src/protocols/openai.ts";

const description = { name: "m", input: { kind: "text", words: 3 }, maxBatchSize: 1, device: null } as const;

const bodyOf = ({ body }: Pick<WireRequest, "body">): Record<string, unknown> =>
  JSON.parse([body!].flat().map((part) => new TextDecoder().decode(part)).join(""));

/** What is asked of a server once it has answered the first questions in turn, with a status or a body, and with which deadlines. */
async function settled(answers: readonly (number | string)[], options?: CallOptions) {
  const deadlines: (number | undefined)[] = [];
  const protocol = await openai.bind(({ path }, { timeoutMs } = {}) => {
    if (path !== "/v1/chat/completions") return Promise.resolve({ status: 404, headers: {}, body: new Uint8Array() });
    deadlines.push(timeoutMs);
    const answer = answers[deadlines.length - 1]!;
    const [status, body] = typeof answer === "number" ? [answer, ""] : [200, answer];
    return Promise.resolve({ status, headers: {}, body: new TextEncoder().encode(body) });
  });
  await protocol.settleForm!(description, options);
  const body = bodyOf(protocol.encode("m", [{ kind: "text", text: "a" }]));
  return { deadlines, ids: body["return_token_ids"], usage: body["stream_options"] };
}

const CONTINUOUS = { include_usage: true, continuous_usage_stats: true };

Deno.test("openai asks for no count that the server refused, or that it has not answered", async () => {
  const asked = async (...answers: (number | string)[]) => {
    const { deadlines: { length }, ids, usage } = await settled(answers);
    return { length, ids, usage };
  };
  const refusal = 'data: {"error":{"message":"return_token_ids is not permitted"}}\n\ndata: [DONE]\n\n';
  const empty = 'data: {"choices":[{"delta":{},"finish_reason":"length"}]}\n\n';
  const words = 'data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n';
  assertEquals(await asked(200), { length: 1, ids: true, usage: CONTINUOUS });
  assertEquals(await asked(400, 200), { length: 2, ids: undefined, usage: CONTINUOUS });
  assertEquals(await asked(422, 400, 422, 200), { length: 4, ids: undefined, usage: undefined });
  assertEquals(await asked(refusal, words), { length: 2, ids: undefined, usage: CONTINUOUS });
  assertEquals(await asked('{"error":"unknown field"}', refusal, 400, words), {
    length: 4,
    ids: undefined,
    usage: undefined,
  });
  // It writes nothing within a few tokens, whatever is asked for.
  assertEquals(await asked(empty, empty, empty, empty), { length: 4, ids: true, usage: CONTINUOUS });
  for (const status of [404, 429, 500, 504]) {
    assertEquals(await asked(status), { length: 1, ids: undefined, usage: { include_usage: true } }, String(status));
  }
});

Deno.test("openai is not ready yet while it lists the models that it still loads", async () => {
  for (const status of [502, 503]) {
    const words = `not ready yet, POST /v1/chat/completions answers status ${status}`;
    await assertRejects(() => settled([status]), TargetError, words);
  }
});

Deno.test("openai gives the first request the time to compile, however short the deadline of the others is", async () => {
  assertEquals((await settled([200])).deadlines, [60_000]);
  assertEquals((await settled([200], { timeoutMs: 10_000 })).deadlines, [60_000]);
  assertEquals((await settled([200], { timeoutMs: 90_000 })).deadlines, [90_000]);
});
