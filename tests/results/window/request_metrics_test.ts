import { assertEquals } from "@std/assert";
import { SampleTable } from "../../../src/core/sample.ts";
import { STREAM_NUMBERS, type StreamRow } from "../../../src/core/stream/stream_row.ts";
import { STREAM_METRICS } from "../../../src/results/window/stream_metrics.ts";
import { sampleRow } from "../../core/sample_row.ts";
import { REQUEST_METRICS, requestMetricsOf } from "../../../src/results/window/request_metrics.ts";

/** Due at 0, sent at 30, handed over at 36, first byte at 41, answered at 50, judged for 1; the server says 7 ms. */
const samples = new SampleTable();
samples.record(sampleRow({ sentAt: 30, writtenAt: 36, firstByteAt: 41, endedAt: 50, serverMs: 7, judgingMs: 1 }));
const read = (origin: "sent" | "due") =>
  Object.fromEntries(
    requestMetricsOf(origin).filter(({ streamedOnly }) => !streamedOnly)
      .map(({ field, read }) => [field, read(samples, 0, origin)]),
  );

Deno.test("REQUEST_METRICS begin latency where the window says: when it was due in an open loop, when it was sent else", () => {
  const parts = { firstByteMs: 11, serverMs: 7, sendingMs: 6, waitingMs: 5, readingMs: 9, judgingMs: 1 };
  assertEquals(read("due"), { latencyMs: 50, ...parts, serviceMs: 20, latenessMs: 30 });
  assertEquals(read("sent"), { latencyMs: 20, ...parts });
});

Deno.test("REQUEST_METRICS have no time where the server tells none", () => {
  const silent = new SampleTable();
  silent.record(sampleRow({ endedAt: 10 }));
  const times = REQUEST_METRICS.map(({ field, read }) => [field, read(silent, 0, "sent")]);
  const untold = times.filter(([, ms]) => Number.isNaN(ms)).map(([field]) => field);
  const streamed = REQUEST_METRICS.filter(({ streamedOnly }) => streamedOnly).map(({ field }) => field);
  assertEquals(untold, ["firstByteMs", "serverMs", "sendingMs", "waitingMs", "readingMs", ...streamed]);
});

Deno.test("REQUEST_METRICS let no request wait for less than nothing where its answer came before all of it was sent", () => {
  const early = new SampleTable();
  early.record(sampleRow({ writtenAt: 9, firstByteAt: 4, endedAt: 10 }));
  const waiting = REQUEST_METRICS.find(({ field }) => field === "waitingMs")!;
  assertEquals(waiting.read(early, 0, "sent"), 0);
});

Deno.test("REQUEST_METRICS of a streamed answer begin where latency does, and take off what came first", () => {
  const streamed = new SampleTable();
  const blank = Object.fromEntries(STREAM_NUMBERS.map((name) => [name, NaN])) as StreamRow;
  const moments = { firstTokenAt: 50, firstVisibleAt: 70, lastTokenAt: 90, longestGapMs: 20 };
  const stream = { ...blank, ...moments, outputTokens: 12, firstTokens: 2, promptTokens: 5, chunks: 5 };
  streamed.record({ ...sampleRow({ sentAt: 30, endedAt: 95 }), stream });
  // Nothing came later than the first moment: there is no time for each token.
  streamed.record({ ...sampleRow({ endedAt: 95 }), stream: { ...stream, lastTokenAt: 50, firstTokens: 12 } });
  const read = (i: number, origin: "sent" | "due") =>
    Object.fromEntries(STREAM_METRICS.map(({ field, read }) => [field, read(streamed, i, origin)]));
  const times = { firstTokenMs: 20, firstVisibleMs: 40, lastTokenMs: 60 };
  const rest = { tokenMs: 4, chunkGapMs: 10, longestGapMs: 20, outputTokens: 12, promptTokens: 5 };
  assertEquals(read(0, "sent"), { ...times, ...rest });
  assertEquals(read(0, "due"), { firstTokenMs: 50, firstVisibleMs: 70, lastTokenMs: 90, ...rest });
  assertEquals(read(1, "sent")["tokenMs"], NaN);
});
