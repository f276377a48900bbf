import type { ThroughputOptions } from "../measure/settings/options.ts";
import { defaultOf } from "../measure/settings/default_of.ts";
import type { Estimate } from "../core/estimate.ts";
import type { ThroughputLevel, ThroughputResult } from "../results/kinds/throughput.ts";
import { ratioOfServer } from "../results/window/at_least.ts";
import type { Window } from "../results/window/window.ts";
import type { Target } from "../core/target.ts";
import { plateauLevel } from "../stats/scaling/plateau_level.ts";
import { simultaneousEstimate } from "../stats/estimates/simultaneous_estimate.ts";
import { batchingOf } from "../measure/batching.ts";
import { checkOptions } from "../measure/settings/check_options.ts";
import { findOptimum, type Optimum } from "../measure/find_optimum.ts";
import type { Plan } from "../measure/plan.ts";
import { driftBetween, ratioUnderDrift } from "../stats/ratios/ratio_under_drift.ts";
import { runSession, type Test } from "../measure/run_session.ts";
import { summariseWindow } from "../measure/window/summarise_window.ts";
import { type Sweep, sweep } from "../measure/sweep.ts";

/**
 * Which batch size gives the most predictions per second? A closed loop over batch sizes (method 11).
 *
 * @param target The model to measure, from `connect`.
 * @param options Batch sizes, concurrency and bounds of each level.
 * @returns Predictions per second and latency by batch size, the smallest optimal size and those equal within noise.
 * @throws {UsageError} If an option is out of its range.
 */
export async function runThroughputTest(target: Target, options: ThroughputOptions = {}): Promise<ThroughputResult> {
  return (await throughputTest(target, options)).result();
}

/** The throughput test as part of a run. */
export const throughputTest: Test<"throughput", ThroughputOptions> = (target, options, shared) => {
  checkOptions(options);
  const { concurrency = defaultOf("concurrency"), batchSizes: wanted = defaultOf("batchSizes", options) } = options;
  return runSession("throughput", target, options, shared, async (session) => {
    const batching = await batchingOf(session, wanted, options);
    await session.prepare(batching.batchSizes.map((batchSize) => batching.loadOf(batchSize, concurrency).batchSize));
    const summarise = ({ levels, left }: Sweep, absences: Record<string, string>) => {
      const measured = levels.map((batchSize) => {
        const load = batching.loadOf(batchSize, concurrency);
        return { batchSize, ...summariseWindow(load, session.windows.of(load, session.kind), absences).window };
      });
      return {
        ...figuresOf(measured, absences),
        ...(left.length === 0 ? {} : { left }),
        concurrency,
        ...(batching.by === "server" ? { batching: batching.by } : {}),
      };
    };
    const visited = await sweep(session, {
      levels: batching.batchSizes,
      loadOf: (batchSize) => batching.loadOf(batchSize, concurrency),
      label: "batch",
      unit: "predictions/s",
      prepare: batching.prepare,
      // What speed-ups are told against.
      kept: options.full ?? true ? batching.batchSizes : [Math.min(...batching.batchSizes)],
      summarise,
    }).finally(batching.restore);
    return (absences) => summarise(visited, absences);
  });
};

/** What the throughput test asks of the server; who makes the batches depends on the server. */
export function throughputPlan({ concurrency = defaultOf("concurrency") }: ThroughputOptions): Plan {
  return { asked: { concurrency } };
}

function figuresOf(measured: readonly (Window & { readonly batchSize: number })[], absences: Record<string, string>) {
  const single = measured.find(({ batchSize }) => batchSize === 1);
  const base = visitedRate(single);
  const drift = driftBetween(measured.map(({ visits = [] }) => visits));
  const levels = measured.map((level): ThroughputLevel => ({
    ...level,
    efficiency: efficiencyOf(level),
    speedup: ratioOfServer(ratioUnderDrift(visitedRate(level), base, drift), level, single),
  }));
  const optimum = findOptimum(
    levels.map((window) => ({ level: window.batchSize, rate: window.predictionsPerSecond, window })),
    absences,
    "optimalBatchSize",
  );
  return {
    kind: "throughput" as const,
    levels,
    optimalBatchSize: optimum.optimal,
    equivalentBatchSizes: optimum.equivalent,
    ...(optimum.rivals.length === 0 ? {} : { optimumRivals: optimum.rivals }),
    maxPredictionsPerSecond: bestOf(optimum),
    plateauBatchSize: plateauOf(optimum, absences),
  };
}

/** What a level reached, and when; no estimate where the server was lost in it: others are not told by it. */
function visitedRate(level: Window | undefined) {
  const estimate = level === undefined || level.lost !== undefined ? null : level.predictionsPerSecond;
  return { estimate, visits: level?.visits ?? [] };
}

/** Beyond a level that is known only from below, no gain is known. */
function plateauOf({ usable }: Optimum, absences: Record<string, string>): number | null {
  const firstBound = usable.findIndex(({ isBound }) => isBound);
  const { level, among } = plateauLevel(firstBound < 0 ? usable : usable.slice(0, firstBound));
  const told = whyNoPlateau(among, firstBound >= 0);
  if (told !== null) absences["plateauBatchSize"] = `cannot tell: ${told}`;
  return level;
}

function whyNoPlateau(among: readonly (number | null)[], isBounded: boolean): string | null {
  const sizes = among.flatMap((size) => size ?? []);
  if (sizes.length === 0) return isBounded ? "the client limited the larger batches" : null;
  if (among.length === 1) return null;
  const none = among.includes(null)
    ? `, or none up to the largest${isBounded ? " that the client did not limit" : ""}`
    : "";
  return `from batch size ${sizes.join(" or ")}${none}; a longer duration tells`;
}

/** The best of equals is high by luck: its interval must hold for each of them. */
function bestOf({ best, equivalent }: Optimum): Estimate | null {
  return best === null ? null : simultaneousEstimate(best, equivalent.length);
}

/**
 * Predictions per second for each second of mean latency. In a closed loop both move against each other, so the
 * interval takes the worst corners: it is at least as wide as it has to be. Where the client limited it, it has no upper end.
 */
function efficiencyOf({ predictionsPerSecond: rate, latencyMs, lost, clientLimited }: Window): Estimate | null {
  if (lost !== undefined || rate === null || latencyMs === null) return null;
  const { mean } = latencyMs;
  const perSecond = (numerator: number | null, denominatorMs: number | null) =>
    numerator === null || denominatorMs === null || denominatorMs <= 0 ? null : numerator / (denominatorMs / 1000);
  return {
    value: rate.value / (mean.value / 1000),
    low: perSecond(rate.low, mean.high),
    high: clientLimited ? null : perSecond(rate.high, mean.low),
    level: rate.level,
    n: mean.n,
  };
}
