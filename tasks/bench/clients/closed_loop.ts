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
 * @param requests Ends after so many requests instead of by time.
 */
export async function runEndToEnd(job: Job, requests?: number): Promise<ClientRun> {
  await using engine = await openEngine(job);
  const { connections: concurrency, seconds } = job;
  const warmUpMs = requests === undefined ? WARM_UP_MS : 0;
  mustSucceed(await runClosedLoop({ ...engine.plan(Math.max(1, warmUpMs)), concurrency }));
  const read = startMeter();
  const lag = watchLoopLag();
  const run = await runClosedLoop({
    ...engine.plan(requests === undefined ? 1000 * seconds : Infinity),
    ...requests !== undefined && { requests },
    concurrency,
  });
  const lagP99Ms = lag.stop();
  const spent = { ...read(), requests: engine.counted(), rssBytes: Deno.memoryUsage().rss };
  mustSucceed(run);
  if (requests !== undefined) return spent;
  const { samples, windowFrom, windowTo } = run;
  const latencies = Array.from(
    { length: windowTo - windowFrom },
    (_, i) => samples.endedAt(windowFrom + i) - samples.sentAt(windowFrom + i),
  );
  return { ...spent, p50Ms: quantile(ascending(latencies), 0.5), ...lagP99Ms !== null && { lagP99Ms } };
}
