import { assertEquals } from "@std/assert";
import { SampleTable } from "../../../src/core/sample.ts";
import { sampleRow } from "../../core/sample_row.ts";
import { REQUEST_METRICS, requestMetricsOf } from "../../../src/results/window/request_metrics.ts";

/** Due at 0, sent at 30, first byte at 41, answered at 50; the server says 7 ms. */
const samples = new SampleTable();
samples.record(sampleRow({ sentAt: 30, firstByteAt: 41, endedAt: 50, serverMs: 7 }));
const read = (origin: "sent" | "due") =>
  Object.fromEntries(requestMetricsOf(origin).map(({ field, read }) => [field, read(samples, 0, origin)]));

Deno.test("REQUEST_METRICS begin latency where the window says: when it was due in an open loop, when it was sent else", () => {
  assertEquals(read("due"), { latencyMs: 50, firstByteMs: 11, serverMs: 7, serviceMs: 20, latenessMs: 30 });
  assertEquals(read("sent"), { latencyMs: 20, firstByteMs: 11, serverMs: 7 });
});

Deno.test("REQUEST_METRICS have no time where the server tells none", () => {
  const silent = new SampleTable();
  silent.record(sampleRow({ endedAt: 10 }));
  const times = REQUEST_METRICS.map(({ field, read }) => [field, read(silent, 0, "sent")]);
  assertEquals(times.filter(([, ms]) => Number.isNaN(ms)).map(([field]) => field), ["firstByteMs", "serverMs"]);
});
