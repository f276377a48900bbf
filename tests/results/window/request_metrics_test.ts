import { assertEquals } from "@std/assert";
import { SampleTable } from "../../../src/core/sample.ts";
import { sampleRow } from "../../core/sample_row.ts";
import { REQUEST_METRICS, type RequestMetric, requestMetricsOf } from "../../../src/results/window/request_metrics.ts";

/** Due at 0, sent at 30, handed over at 36, first byte at 41, answered at 50, judged for 1; the server says 7 ms. */
const samples = new SampleTable();
samples.record(sampleRow({ sentAt: 30, writtenAt: 36, firstByteAt: 41, endedAt: 50, serverMs: 7, judgingMs: 1 }));
/** Of answers that are not streamed. */
const isOfWhole = ({ streamedOnly }: RequestMetric) => !streamedOnly;
const read = (origin: "sent" | "due") =>
  Object.fromEntries(
    requestMetricsOf(origin).filter(isOfWhole).map(({ field, read }) => [field, read(samples, 0, origin)]),
  );

Deno.test("REQUEST_METRICS begin latency where the window says: when it was due in an open loop, when it was sent else", () => {
  const parts = { firstByteMs: 11, serverMs: 7, sendingMs: 6, waitingMs: 5, readingMs: 9, judgingMs: 1 };
  assertEquals(read("due"), { latencyMs: 50, ...parts, serviceMs: 20, latenessMs: 30 });
  assertEquals(read("sent"), { latencyMs: 20, ...parts });
});

Deno.test("REQUEST_METRICS have no time where the server tells none", () => {
  const silent = new SampleTable();
  silent.record(sampleRow({ endedAt: 10 }));
  const times = REQUEST_METRICS.filter(isOfWhole).map(({ field, read }) => [field, read(silent, 0, "sent")]);
  const untold = times.filter(([, ms]) => Number.isNaN(ms)).map(([field]) => field);
  assertEquals(untold, ["firstByteMs", "serverMs", "sendingMs", "waitingMs", "readingMs"]);
});

Deno.test("REQUEST_METRICS let no request wait for less than nothing where its answer came before all of it was sent", () => {
  const early = new SampleTable();
  early.record(sampleRow({ writtenAt: 9, firstByteAt: 4, endedAt: 10 }));
  const waiting = REQUEST_METRICS.find(({ field }) => field === "waitingMs")!;
  assertEquals(waiting.read(early, 0, "sent"), 0);
});
