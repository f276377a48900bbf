import type { BasicOptions } from "../measure/settings/options.ts";
import type { BasicResult } from "../results/result.ts";
import type { Target } from "../core/target.ts";
import { distribution } from "../stats/estimates/distribution.ts";
import { arrivalsAt } from "../measure/arrivals_at.ts";
import { mapEstimate } from "../stats/estimates/map_estimate.ts";
import { defaultOf } from "../measure/settings/default_of.ts";
import { dueInWindow, measureOffer, offerDefaults } from "../measure/offered_level.ts";
import { runSession } from "../measure/session.ts";
import { timelineOf } from "../measure/timeline.ts";

/**
 * The basic test at an arrival rate of its own (open loop).
 *
 * @param target The model to measure.
 * @param options As of the basic test; `concurrency` does not apply.
 * @param ratePerSecond Requests per second.
 * @returns A basic result whose latencies count from the moment due, with `offered`.
 */
export async function runOpenBasicTest(
  target: Target,
  options: BasicOptions,
  ratePerSecond: number,
): Promise<BasicResult> {
  const { batchSize = defaultOf("batchSize") } = options;
  return await runSession<BasicResult>("basic", target, options, async (session) => {
    const arrivals = arrivalsAt(ratePerSecond, options, session.seed);
    session.progress(arrivals.description, 0);
    const { level, run } = await measureOffer(session, { ...offerDefaults(options), arrivals, batchSize });
    const { samples } = run;
    const counted = dueInWindow(run).filter((i) => samples.succeeded(i));
    const known = (values: number[]) => distribution(values.filter((value) => !Number.isNaN(value)));
    const serverMs = known(counted.map((i) => samples.serverMs(i)));
    if (serverMs === null && counted.length > 0) {
      session.absences["serverMs"] = "the server does not report its own time";
    }
    if (counted.length === 0) session.absences["latencyMs"] = "no request succeeded";
    const { requests, succeeded, failed, cancelled, failuresByReason, failureExamples } = level;
    const { achievedPerSecond: requestsPerSecond, latencyMs, errorRate, durationMs, converged, clientLimited } = level;
    return {
      kind: "basic",
      ...{ requests, succeeded, failed, cancelled, failuresByReason, failureExamples },
      ...{ latencyMs, errorRate, durationMs, converged, clientLimited },
      concurrency: Math.max(1, ...run.backlog.map(({ requests }) => requests)),
      batchSize,
      requestsPerSecond,
      predictionsPerSecond: requestsPerSecond === null
        ? null
        : mapEstimate(requestsPerSecond, (rate) => rate * batchSize),
      firstByteMs: known(counted.map((i) => samples.firstByteAt(i) - samples.sentAt(i))),
      serverMs,
      warmUpRequests: run.warmUpRequests,
      cutRequests: 0,
      offered: level,
      timeline: timelineOf(
        counted.map((i) => samples.scheduledAt(i) - run.dueFromMs),
        counted.map((i) => samples.endedAt(i) - samples.scheduledAt(i)),
      ),
    };
  });
}
