import { assertEquals } from "@std/assert";
import { TOKEN_SOURCES } from "../../../src/core/stream/stream_row.ts";
import type { StreamEvent } from "../../../src/core/stream/stream_event.ts";
import { TokenStream } from "../../../src/protocols/streams/token_stream.ts";
import { judgeWhole } from "../../../src/protocols/streams/judge_whole.ts";

const utf8 = new TextEncoder();
const HEAD = { status: 200, headers: {}, body: new Uint8Array() };
const FORM = { framing: "sse", saysItsEnd: true, read: (data: string) => JSON.parse(data) as StreamEvent } as const;

/** What becomes of events, each at its moment. */
function read(events: readonly (readonly [number, Partial<StreamEvent>])[], form: typeof FORM | object = FORM) {
  const stream = new TokenStream({ ...FORM, ...form });
  stream.begin();
  for (const [atMs, event] of events) {
    stream.push(utf8.encode(`data: ${JSON.stringify({ adds: "nothing", ...event })}\n\n`), atMs);
  }
  const { length, atMs } = stream.times;
  return { verdict: stream.end(HEAD), row: stream.row(), moments: [...atMs.subarray(0, length)] };
}

const END: readonly [number, Partial<StreamEvent>] = [99, { finish: "stop" }];
const sourceOf = (row: { readonly tokenSource: number }) => TOKEN_SOURCES[row.tokenSource];

Deno.test("TokenStream takes neither a role nor a ping for the first token, and tells thoughts from what is seen", () => {
  const { verdict, row, moments } = read([
    [1, {}],
    [5, { adds: "reasoning" }],
    [7, { adds: "content" }],
    [7, { adds: "content" }],
    [12, { adds: "tool" }],
    END,
  ]);
  assertEquals(verdict, { kind: "success", serverMs: null });
  const { firstEventAt, firstTokenAt, firstVisibleAt, lastTokenAt, chunks, reads, zeroGaps, longestGapMs } = row;
  assertEquals([firstEventAt, firstTokenAt, firstVisibleAt, lastTokenAt], [1, 5, 7, 12]);
  assertEquals({ chunks, reads, zeroGaps, longestGapMs }, { chunks: 4, reads: 3, zeroGaps: 1, longestGapMs: 5 });
  assertEquals(moments, [5, 7, 12]);
});

Deno.test("TokenStream takes the best count of tokens that the server tells", () => {
  const content = { adds: "content" } as const;
  const ids = read([[1, { ...content, tokens: 1 }], [2, { ...content, tokens: 4 }], [3, { outputTokens: 5 }], END]).row;
  assertEquals([sourceOf(ids), ids.outputTokens, ids.firstTokens, ids.singles], ["ids", 5, 1, 0]);
  const continuous = read([[1, { ...content, outputTokens: 2 }], [2, { ...content, outputTokens: 3 }], END]).row;
  assertEquals([sourceOf(continuous), continuous.outputTokens, continuous.firstTokens], ["continuous", 3, 2]);
  const usage = read([[1, content], [2, content], [3, { outputTokens: 8, promptTokens: 3, cachedTokens: 1 }], END]).row;
  assertEquals([sourceOf(usage), usage.outputTokens, usage.firstTokens, usage.singles], ["usage", 8, 4, 0]);
  assertEquals([usage.promptTokens, usage.cachedTokens], [3, 1]);
  assertEquals(read([[1, content], [2, content], [3, { outputTokens: 2 }], END]).row.singles, 1);
  const chunks = read([[1, content], END]).row;
  assertEquals([sourceOf(chunks), chunks.outputTokens, chunks.singles], ["chunks", NaN, 0]);
});

Deno.test("TokenStream spreads no thoughts that were counted and never shown over what was", () => {
  const content = { adds: "content" } as const;
  const two = [[1, content], [21, content]] as const;
  const rowOf = (...events: (readonly [number, Partial<StreamEvent>])[]) => {
    const { outputTokens, firstTokens, singles, refusedCounts } = read([...events, END]).row;
    return { outputTokens, firstTokens, singles, refusedCounts };
  };
  const counts = { outputTokens: 20, thoughtTokens: 18 }, told = { outputTokens: 20, refusedCounts: 0 };
  assertEquals(rowOf(...two, [22, counts]), { ...told, firstTokens: 19, singles: 1 });
  assertEquals(rowOf(...two, [22, { ...counts, thoughtTokens: 10 }]), { ...told, firstTokens: 15, singles: 0 });
  assertEquals(rowOf(...two, [22, { ...counts, thoughtTokens: 0 }]), { ...told, firstTokens: 10, singles: 0 });
  // They were shown, as reasoning or, since fewer tokens than chunks would be left, among the content.
  assertEquals(rowOf([0, { adds: "reasoning" }], [1, content], [22, counts]), { ...told, firstTokens: 10, singles: 0 });
  assertEquals(rowOf(...two, [22, { ...counts, thoughtTokens: 19 }]), { ...told, firstTokens: 10, singles: 0 });
  // A count at each chunk holds them from the first on.
  const continuous = [[1, { ...content, outputTokens: 19 }], [21, { ...content, ...counts }]] as const;
  assertEquals(rowOf(...continuous).firstTokens, 19);
});

Deno.test("TokenStream says of an answer without words how many tokens the server counts", () => {
  const { verdict } = read([[1, { tokens: 2 }], [2, { finish: "length" }]]);
  assertEquals(verdict, {
    kind: "failure",
    reason: "rejected",
    message: 'the answer is empty: no event adds anything, and it ends with "length", though 2 tokens are counted',
  });
});

Deno.test("TokenStream uses no counts that contradict each other", () => {
  const content = { adds: "content" } as const;
  for (
    const events of [
      [[1, { ...content, outputTokens: 5 }], [2, { ...content, outputTokens: 3 }], END],
      [[1, { ...content, tokens: 2 }], [2, { outputTokens: 7 }], END],
      [[1, content], [2, { outputTokens: 0 }], END],
      [[1, content], [2, { outputTokens: -4 }], END],
      [[1, content], [2, { outputTokens: 1.5 }], END],
    ] as (readonly [number, Partial<StreamEvent>])[][]
  ) {
    const { verdict, row } = read(events);
    assertEquals([verdict.kind, sourceOf(row), row.outputTokens, row.refusedCounts], ["success", "chunks", NaN, 1]);
  }
});

Deno.test("TokenStream says why an answer is none, and keeps nothing of the one before", () => {
  const words = (...args: Parameters<typeof read>) => {
    const { verdict } = read(...args);
    return verdict.kind === "failure" ? `${verdict.reason}: ${verdict.message}` : verdict.kind;
  };
  const content = [1, { adds: "content" }] as const;
  assertEquals(words([content]), "malformed: the stream stops in the middle: after 1 chunk, and no word of its end");
  assertEquals(words([content], { saysItsEnd: false }), "success");
  assertEquals(words([content, [2, { ends: true }]]), "success");
  assertEquals(words([content, [2, { error: "out of memory" }]]), "rejected: out of memory (after 1 chunk)");
  assertEquals(words([END]), 'rejected: the answer is empty: no event adds anything, and it ends with "stop"');
  assertEquals(words([]), "malformed: the answer is empty, though a stream was asked for");
  const stream = new TokenStream(FORM);
  const judge = (body: string, status = 200) => {
    stream.begin();
    for (const byte of utf8.encode(body)) stream.push(Uint8Array.of(byte), 1);
    const verdict = stream.end({ ...HEAD, status });
    assertEquals(judgeWhole(FORM)({ ...HEAD, status, body: utf8.encode(body) }, null!), verdict);
    return verdict.kind === "failure" ? `${verdict.reason}: ${verdict.message}` : verdict.kind;
  };
  assertEquals(judge('{"choices":[]}'), "malformed: not a stream, though one was asked for: it is one JSON value");
  assertEquals(judge('{"error":{"message":"too long"}}', 400), "status: status 400: too long");
  assertEquals(judge('{"error":{"message":"quota exceeded"}}'), "rejected: quota exceeded");
  assertEquals(judge('{"detail":"no such model"}'), "rejected: no such model");
  assertEquals(judge('{"object":"error","message":"too long"}'), "rejected: too long");
  assertEquals(
    judge('{"error":null,"message":{"content":"a"}}'),
    "malformed: not a stream, though one was asked for: it is one JSON value",
  );
  assertEquals(
    judge("<html><title>Hi</title>"),
    'malformed: not a stream, though one was asked for: it is an HTML page "Hi"',
  );
  assertEquals(
    judge('data: {"adds":"content"}\n\ndata: x\n\n').replace(/Unexpected.*/, "..."),
    "malformed: event 2 cannot be read: ...",
  );
  assertEquals(judge('data: {"adds":"content"}\n\ndata: {"adds":"nothing","finish":"stop"}\n\n'), "success");
  assertEquals(stream.row().chunks, 1);
});
