import type { BasicOptions } from "../measure/settings/options.ts";
import type { BasicResult } from "../results/result.ts";
import type { Target } from "../core/target.ts";
import { checkOptions } from "../measure/settings/check_options.ts";
import { defaultOf } from "../measure/settings/default_of.ts";
import { runOpenBasicTest } from "./open_basic.ts";
import { TIMELINE_POINTS, timelineOf } from "../measure/timeline.ts";
import { defaultBudget, summariseLevel, type Visit, visitLevel } from "../measure/level.ts";
import { ascending } from "../stats/estimates/ascending.ts";
import { quantile } from "../stats/estimates/quantile.ts";
import type { LevelSeries } from "../measure/level_series.ts";
import { runSession } from "../measure/session.ts";

/** Most points of the warm-up's timeline: its last ones. */
const WARM_UP_POINTS = 500;

/**
 * How fast does the server answer at one concurrency and one batch size? One closed-loop run (METHODS 9) that ends
 * when throughput is known within 5 % and p95 latency within 10 %, or after `durationMs` or `requests`. With
 * `ratePerSecond` an open loop: latencies then count from the moment at which a request was due.
 *
 * @param target The model to measure, from `connect`.
 * @param options Concurrency, batch size and bounds.
 * @returns Rates per second and latencies in ms, each with its 95 % interval.
 * @throws {UsageError} If an option is out of its range.
 */
export async function runBasicTest(target: Target, options: BasicOptions = {}): Promise<BasicResult> {
  checkOptions(options);
  const { concurrency = defaultOf("concurrency"), batchSize = defaultOf("batchSize"), ratePerSecond } = options;
  if (ratePerSecond !== undefined) return await runOpenBasicTest(target, options, ratePerSecond);
  return await runSession<BasicResult>("basic", target, options, async (session) => {
    const stage = `concurrency ${concurrency}, batch ${batchSize}`;
    const visit = await visitLevel(session, { concurrency, batchSize }, defaultBudget(options), [], (fraction) => {
      session.progress(stage, fraction);
    });
    const { measurement, series, firstByteMs, serverMs } = summariseLevel([visit], batchSize, session.absences);
    if (serverMs === null && measurement.succeeded > 0) {
      session.absences["serverMs"] = "the server does not report its own time";
    }
    if (measurement.succeeded === 0) session.absences["latencyMs"] = "no request succeeded";
    return {
      kind: "basic",
      concurrency,
      batchSize,
      ...measurement,
      firstByteMs,
      serverMs,
      timeline: timelineOf(series.endedAtMs, series.latenciesMs),
      warmUpTimeline: warmUpTimelineOf(visit, series),
      ...(series.succeeded > TIMELINE_POINTS ? { latencyQuantiles: quantilesOf(series) } : {}),
    };
  });
}

/** Successes before the window that counts, on the time axis of `timeline`. */
function warmUpTimelineOf({ run }: Visit, { durationMs }: LevelSeries): BasicResult["timeline"] {
  const startMs = run.windowEndMs - durationMs;
  const points = [];
  for (let i = 0; i < run.windowTo && run.samples.endedAt(i) <= startMs; i++) {
    if (!run.samples.succeeded(i)) continue;
    const endedAt = run.samples.endedAt(i);
    points.push({ atMs: endedAt - startMs, latencyMs: endedAt - run.samples.sentAt(i) });
  }
  return points.slice(-WARM_UP_POINTS);
}

/** As many shares as the number of successes supports. */
function quantilesOf({ latenciesMs, succeeded }: LevelSeries): NonNullable<BasicResult["latencyQuantiles"]> {
  const sorted = ascending(latenciesMs);
  const body = Array.from({ length: 200 }, (_, k) => k / 200);
  const tail = Array.from({ length: 120 }, (_, k) => 1 - 10 ** (-(k + 1) / 20));
  const shares = [...body, ...tail.filter((share) => share > 0.995 && share < 1 - 1 / succeeded), 1];
  return shares.map((share) => ({ share, latencyMs: quantile(sorted, share) }));
}
