import type { Estimate } from "../core/estimate.ts";
import { isSameLoad, loadPoint } from "../results/evidence/load_point.ts";
import type { Efficiency, EfficiencyPoint } from "../results/finding.ts";
import type { ResultKind, TestResults } from "../results/kinds.ts";
import type { LevelWindow } from "../results/kinds/kind.ts";
import { atLeast } from "../results/window/at_least.ts";
import { isUsable } from "../results/window/usable.ts";
import { leadingWindow, windowsOf } from "../results/windows.ts";
import { mapEstimate } from "../stats/estimates/map_estimate.ts";
import { simultaneousEstimate } from "../stats/estimates/simultaneous_estimate.ts";
import { MAX_LOSS } from "../stats/scaling/equivalent_levels.ts";
import type { RecommendationRule } from "./rule.ts";

/** Tests whose levels are compared: they offer what a user may choose. */
const COMPARED: readonly ResultKind[] = ["throughput", "scalability", "operating-points"];

const SECONDS_AN_HOUR = 3600;

/**
 * The fastest load of a run beside the one with the least energy a prediction (method 14), and what a million predictions
 * cost at each.
 *
 * @param tests Results.
 * @param pricePerHour What the server costs, USD an hour; left out where nobody said.
 * @returns `null` where neither energy nor a price is known, or nothing leads.
 */
export function efficiencyOf(tests: TestResults, pricePerHour?: number): Efficiency | null {
  const leading = leadingWindow(tests);
  const fastest = leading === null ? null : pointOf(leading.kind, leading.best, pricePerHour);
  if (fastest === null) return null;
  const least = leastEnergy(candidatesOf(tests, pricePerHour), fastest);
  if (least === null && pricePerHour === undefined) return null;
  return {
    ...(pricePerHour === undefined ? {} : { pricePerHour }),
    fastest,
    mostEfficient: least === null ? null : isSameLoad(least.chosen, fastest) ? fastest : least.chosen,
    equivalents: (least?.equivalents ?? []).map(({ test, batchSize, concurrency, ratePerSecond }) => (
      { test, batchSize, concurrency, ratePerSecond }
    )),
  };
}

function pointOf(test: ResultKind, measured: LevelWindow, pricePerHour: number | undefined): EfficiencyPoint | null {
  const { window } = measured;
  const predictionsPerSecond = atLeast(window, "predictions");
  if (predictionsPerSecond === null || window.latencyMs === null) return null;
  return {
    ...loadPoint(test, measured),
    predictionsPerSecond,
    p50Ms: window.latencyMs.p50,
    p95Ms: window.latencyMs.p95,
    p99Ms: window.latencyMs.p99,
    energyPerPrediction: window.gpu?.energyPerPrediction ?? null,
    ...(pricePerHour === undefined ? {} : { costPerMillion: costOf(predictionsPerSecond, pricePerHour) }),
    ...(window.clientLimited ? { atLeast: true } : {}),
  };
}

/** Price of a million predictions at a rate a second; without an upper end where that may be 0. */
function costOf(rate: Estimate, pricePerHour: number): Estimate {
  const positive = { ...rate, low: rate.low === null || rate.low <= 0 ? null : rate.low };
  return mapEstimate(positive, (perSecond) => pricePerHour * 1e6 / SECONDS_AN_HOUR / perSecond);
}

/** Each load once: what several tests measured is one window. */
function candidatesOf(tests: TestResults, pricePerHour: number | undefined): readonly EfficiencyPoint[] {
  const points = windowsOf(tests)
    .filter(({ kind, window }) => COMPARED.includes(kind) && isUsable(window))
    .flatMap((measured) => pointOf(measured.kind, measured, pricePerHour) ?? []);
  return points.filter((point, i) => points.findIndex((other) => isSameLoad(other, point)) === i);
}

interface LeastEnergy {
  readonly chosen: EfficiencyPoint;
  readonly equivalents: readonly EfficiencyPoint[];
}

/**
 * As the optimum of a sweep, on intervals that hold together: the best has the lowest upper end, equal are those whose interval
 * reaches it. The fastest is chosen if it is one of them, since nothing shows that another takes less; else, of these that
 * measured at most 10 % above the best, the one with the lowest p95 latency.
 */
function leastEnergy(candidates: readonly EfficiencyPoint[], fastest: EfficiencyPoint): LeastEnergy | null {
  const family = candidates.filter(({ energyPerPrediction }) => energyPerPrediction !== null).length;
  const known = candidates.flatMap((point) =>
    point.energyPerPrediction === null
      ? []
      : [{ point, energy: simultaneousEstimate(point.energyPerPrediction, family) }]
  );
  const highOf = ({ energy: { high, value } }: typeof known[number]) => high ?? value;
  const [best] = known.toSorted((a, b) => highOf(a) - highOf(b));
  if (best === undefined) return null;
  const equal = known.filter(({ energy: { low, value } }) => (low ?? value) <= highOf(best));
  const near = equal.filter(({ energy }) => energy.value <= (1 + MAX_LOSS) * best.energy.value);
  const [quickest] = near.toSorted((a, b) => a.point.p95Ms.value - b.point.p95Ms.value);
  const chosen = equal.find(({ point }) => isSameLoad(point, fastest)) ?? quickest!;
  return { chosen: chosen.point, equivalents: equal.flatMap((each) => each === chosen ? [] : [each.point]) };
}

/** The load with the least energy a prediction, where it is another than the fastest, which may take less where it is not known. */
export const efficientPoint: RecommendationRule = (tests, _findings, { pricePerHour }) => {
  const evidence = efficiencyOf(tests, pricePerHour);
  if (evidence === null || evidence.fastest.energyPerPrediction === null) return null;
  const { fastest, mostEfficient } = evidence;
  return mostEfficient === null || mostEfficient === fastest ? null : { code: "efficient-point", evidence };
};
