import type { ThroughputOptions } from "../measure/settings/options.ts";
import type { Estimate } from "../core/estimate.ts";
import type { LevelMeasurement, ThroughputLevel, ThroughputResult } from "../results/result.ts";
import type { Target } from "../core/target.ts";
import { plateauLevel } from "../stats/scaling/plateau_level.ts";
import { simultaneousEstimate } from "../stats/estimates/simultaneous_estimate.ts";
import { batchingOf } from "../measure/batching.ts";
import { checkOptions } from "../measure/settings/check_options.ts";
import { defaultOf } from "../measure/settings/default_of.ts";
import { findOptimum, type Optimum } from "../measure/find_optimum.ts";
import { summariseLevel } from "../measure/level.ts";
import { relativeTo } from "../stats/estimates/relative_to.ts";
import { runSession } from "../measure/session.ts";
import { sweep } from "../measure/sweep.ts";

/**
 * Which batch size gives the most predictions per second? A closed loop over batch sizes (METHODS 11).
 *
 * @param target The model to measure, from `connect`.
 * @param options Batch sizes, concurrency and bounds of each level.
 * @returns Predictions per second and latency by batch size, the smallest optimal size and those equal within noise.
 * @throws {UsageError} If an option is out of its range.
 */
export async function runThroughputTest(target: Target, options: ThroughputOptions = {}): Promise<ThroughputResult> {
  checkOptions(options);
  const { concurrency = defaultOf("concurrency"), batchSizes: wanted = defaultOf("batchSizes", options) } = options;
  return await runSession<ThroughputResult>("throughput", target, options, async (session) => {
    const batching = await batchingOf(session, wanted, options.maxBatchDelayMs);
    const visits = await sweep(session, {
      levels: batching.batchSizes,
      loadOf: (batchSize) => batching.loadOf(batchSize, concurrency),
      label: "batch",
      unit: "predictions/s",
      prepare: batching.prepare,
    }).finally(batching.restore);
    const measured = [...visits].map(([batchSize, of]) => ({
      batchSize,
      ...summariseLevel(of, batching.loadOf(batchSize, concurrency).batchSize, session.absences).measurement,
    }));
    const base = measured.find(({ batchSize }) => batchSize === 1)?.predictionsPerSecond ?? null;
    const levels = measured.map((level): ThroughputLevel => ({
      ...level,
      efficiency: efficiencyOf(level),
      speedup: relativeTo(level.predictionsPerSecond, base),
    }));
    const candidates = levels.map((level) => ({
      level: level.batchSize,
      rate: level.predictionsPerSecond,
      measurement: level,
    }));
    const optimum = findOptimum(candidates, session.absences, "optimalBatchSize");
    return {
      kind: "throughput",
      concurrency,
      ...(batching.by === "server" ? { batching: "server" as const } : {}),
      levels,
      optimalBatchSize: optimum.optimal,
      equivalentBatchSizes: optimum.equivalent,
      maxPredictionsPerSecond: bestOf(optimum),
      plateauBatchSize: plateauLevel(optimum.usable),
    };
  });
}

/** The best of equals is high by luck: its interval must hold for each of them. */
function bestOf({ best, equivalent }: Optimum): Estimate | null {
  return best === null ? null : simultaneousEstimate(best, equivalent.length);
}

/**
 * Predictions per second for each second of mean latency. In a closed loop both move against each other, so the
 * interval takes the worst corners: it is at least as wide as it has to be.
 */
function efficiencyOf({ predictionsPerSecond: rate, latencyMs }: LevelMeasurement): Estimate | null {
  if (rate === null || latencyMs === null) return null;
  const { mean } = latencyMs;
  const perSecond = (numerator: number | null, denominatorMs: number | null) =>
    numerator === null || denominatorMs === null || denominatorMs <= 0 ? null : numerator / (denominatorMs / 1000);
  return {
    value: rate.value / (mean.value / 1000),
    low: perSecond(rate.low, mean.high),
    high: perSecond(rate.high, mean.low),
    level: rate.level,
    n: mean.n,
  };
}
