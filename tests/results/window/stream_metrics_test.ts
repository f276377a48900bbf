import { assertEquals } from "@std/assert";
import { SampleTable } from "../../../src/core/sample.ts";
import { STREAM_NUMBERS, type StreamRow } from "../../../src/core/stream/stream_row.ts";
import { STREAM_METRICS } from "../../../src/results/window/stream_metrics.ts";

const BLANK = Object.fromEntries(STREAM_NUMBERS.map((name) => [name, NaN])) as StreamRow;

/** One metric of an answer that was sent at 0. */
function metric(field: string, stream: Partial<StreamRow>): number {
  const samples = new SampleTable();
  const times = { scheduledAt: 0, sentAt: 0, writtenAt: NaN, firstByteAt: 5, endedAt: 200 };
  samples.record({ ...times, serverMs: NaN, judgingMs: 0, result: "success", stream: { ...BLANK, ...stream } });
  return STREAM_METRICS.find((each) => each.field === field)!.read(samples, 0, "sent");
}

Deno.test("the time per output token is that of the tokens after the first moment", () => {
  const answer = { firstTokenAt: 20, lastTokenAt: 110, outputTokens: 10, firstTokens: 1, chunks: 10 };
  assertEquals(metric("tokenMs", answer), 10);
  assertEquals(metric("tokenMs", { ...answer, firstTokens: 4 }), 15);
});

Deno.test("there is none of an answer that came at once, nor of tokens that are counted but never shown", () => {
  const atOnce = { firstTokenAt: 20, lastTokenAt: 20, outputTokens: 24, firstTokens: 24, chunks: 1 };
  assertEquals(metric("tokenMs", atOnce), NaN);
  assertEquals(metric("tokenMs", { ...atOnce, firstTokens: 17 }), NaN);
});
