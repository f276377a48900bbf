import { runClosedLoop } from "../../../src/load/closed_loop.ts";
import type { LoadRun } from "../../../src/load/load_run.ts";
import type { StreamField } from "../../../src/results/window/request_metric.ts";
import { REQUEST_METRICS } from "../../../src/results/window/request_metrics.ts";
import { ascending } from "../../../src/stats/estimates/ascending.ts";
import { quantile } from "../../../src/stats/estimates/quantile.ts";
import type { ClientRun, Job } from "./client.ts";
import { mustSucceed, openEngine } from "./engine.ts";
import { watchLoopLag } from "./loop_lag.ts";
import { startMeter, WARM_UP_MS } from "./meter.ts";

/**
 * Sends as a test does: inputs from the pool, every answer validated, every request recorded.
 *
 * @param job What to send.
 */
export async function runEndToEnd(job: Job): Promise<ClientRun> {
  await using engine = await openEngine(job);
  const loop = (durationMs: number) => runClosedLoop({ ...engine.plan(durationMs), concurrency: job.connections });
  // Two runs, as a test makes many: what was compiled for the objects of one is compiled anew for those of the second.
  for (let run = 0; run < 2; run++) mustSucceed(await loop(WARM_UP_MS / 2));
  const read = startMeter();
  const lag = watchLoopLag();
  const run = await loop(1000 * job.seconds);
  const lagP99Ms = lag.stop();
  const spent = { ...read(), requests: engine.counted(), rssBytes: Deno.memoryUsage().rss };
  mustSucceed(run);
  const { samples, windowFrom, windowTo } = run;
  const latencies = Array.from(
    { length: windowTo - windowFrom },
    (_, i) => samples.endedAt(windowFrom + i) - samples.sentAt(windowFrom + i),
  );
  return {
    ...spent,
    ...streamFigures(run),
    p50Ms: quantile(ascending(latencies), 0.5),
    ...lagP99Ms !== null && { lagP99Ms },
  };
}

/** Of answers that streamed, else nothing. */
function streamFigures(
  { samples, windowFrom, windowTo }: LoadRun,
): Pick<ClientRun, "events" | "firstTokenP50Ms" | "tokenP50Ms"> {
  const medianOf = (field: StreamField) => {
    const { read } = REQUEST_METRICS.find((metric) => metric.field === field)!;
    const all = Array.from({ length: windowTo - windowFrom }, (_, i) => read(samples, windowFrom + i, "sent"));
    return quantile(ascending(all.filter((value) => !Number.isNaN(value))), 0.5);
  };
  let events = 0;
  for (let i = 0; i < samples.length; i++) events += samples.stream(i, "chunks");
  if (Number.isNaN(events)) return {};
  return { events, firstTokenP50Ms: medianOf("firstTokenMs"), tokenP50Ms: medianOf("tokenMs") };
}
