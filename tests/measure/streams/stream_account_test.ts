import { assertEquals } from "@std/assert";
import { SampleTable } from "../../../src/core/sample.ts";
import { STREAM_NUMBERS, type StreamRow } from "../../../src/core/stream/stream_row.ts";
import { streamAccount } from "../../../src/measure/streams/stream_account.ts";

const BLANK = Object.fromEntries(STREAM_NUMBERS.map((name) => [name, NaN])) as StreamRow;
const TIMES = { scheduledAt: 0, sentAt: 0, writtenAt: NaN, firstByteAt: NaN, endedAt: 9, serverMs: NaN, judgingMs: 0 };
const WHOLE = { ...BLANK, chunks: 6, reads: 3, singles: 1, refusedCounts: 0, tokenSource: 0, finish: 1 };

function accountOf(rows: readonly (readonly ["success" | "timeout", Partial<StreamRow>])[]) {
  const samples = new SampleTable();
  for (const [result, row] of rows) samples.record({ ...TIMES, result, stream: { ...WHOLE, ...row } });
  return streamAccount([{ samples, indices: Int32Array.from(rows, (_, i) => i) }]).streams;
}

Deno.test("streamAccount() counts what the figures of answers that succeeded rest on", () => {
  const mixed = accountOf([
    ["success", {}],
    ["success", { tokenSource: 4, refusedCounts: 1, singles: 0, finish: NaN }],
    [
      "timeout",
      {},
    ],
  ])!;
  assertEquals(mixed, {
    answers: 2,
    tokenSources: { ids: 1, chunks: 1 },
    refusedCounts: 1,
    singles: 1,
    finishes: { length: 1 },
    chunks: 12,
    reads: 6,
  });
  assertEquals(accountOf([["timeout", {}]]), undefined);
});
