import { runClosedLoop } from "../../../src/load/closed_loop.ts";
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
  mustSucceed(await loop(WARM_UP_MS));
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
  return { ...spent, p50Ms: quantile(ascending(latencies), 0.5), ...lagP99Ms !== null && { lagP99Ms } };
}
