import { seededRandom } from "../../../src/core/random.ts";
import { poissonArrivals } from "../../../src/load/arrivals.ts";
import { runOpenLoop } from "../../../src/load/open_loop.ts";
import { ascending } from "../../../src/stats/estimates/ascending.ts";
import { quantile } from "../../../src/stats/estimates/quantile.ts";
import type { ClientRun, Job } from "./client.ts";
import { mustSucceed, openEngine } from "./engine.ts";
import { startMeter, WARM_UP_MS } from "./meter.ts";

/**
 * Sends requests when they are due, independently of each other, and sees how late they were sent.
 *
 * @param job What to send; its connections are the most that are opened.
 * @param ratePerSecond Requests per second.
 */
export async function runOnTime(job: Job, ratePerSecond: number): Promise<ClientRun> {
  await using engine = await openEngine(job);
  const loop = (durationMs: number) =>
    runOpenLoop({
      ...engine.plan(durationMs),
      arrivals: poissonArrivals(ratePerSecond, () => seededRandom(1)),
      maxLanes: job.connections,
    });
  mustSucceed(await loop(WARM_UP_MS));
  const read = startMeter();
  const run = await loop(1000 * job.seconds);
  const spent = read();
  mustSucceed(run);
  const { samples } = run;
  const late = ascending(
    Array.from({ length: samples.length }, (_, i) => Math.max(0, samples.sentAt(i) - samples.scheduledAt(i))),
  );
  return { ...spent, requests: samples.length, lateP50Ms: quantile(late, 0.5), lateP99Ms: quantile(late, 0.99) };
}
