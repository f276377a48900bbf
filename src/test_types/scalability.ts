import type { ScalabilityOptions } from "../measure/settings/options.ts";
import { defaultOf } from "../measure/settings/default_of.ts";
import type { Estimate } from "../core/estimate.ts";
import type { ScalabilityLevel, ScalabilityResult, UslFit } from "../results/kinds/scalability.ts";
import { FAILED_LIMIT, isUsable } from "../results/window/usable.ts";
import { atLeast, ratioOfServer } from "../results/window/at_least.ts";
import { NONE_SUCCEEDED } from "../results/measured.ts";
import type { Window } from "../results/window/window.ts";
import type { Target } from "../core/target.ts";
import { KNEE_FEWEST_LEVELS, kneeVerdict } from "../stats/scaling/knee_verdict.ts";
import { littlesLawRatio } from "../stats/scaling/littles_law_ratio.ts";
import type { LevelEstimate } from "../stats/scaling/level_estimate.ts";
import { scalingIntervals } from "../stats/scaling/scaling_intervals.ts";
import { fitUsl, USL_FEWEST_LEVELS } from "../stats/scaling/fit_usl.ts";
import { uslPoints } from "../stats/scaling/usl_points.ts";
import { checkOptions } from "../measure/settings/check_options.ts";
import { findOptimum, type Optimum } from "../measure/find_optimum.ts";
import type { Plan } from "../measure/plan.ts";
import { mapEstimate } from "../stats/estimates/map_estimate.ts";
import { relativeTo } from "../stats/ratios/relative_to.ts";
import { runSession, type Test } from "../measure/run_session.ts";
import { summariseWindow } from "../measure/window/summarise_window.ts";
import { type Sweep, sweep } from "../measure/sweep.ts";

/**
 * How many requests at a time serve the server best, and what happens beyond? A closed loop over concurrency levels
 * with the Universal Scalability Law, the knee and a check by Little's law (method 12).
 *
 * @param target The model to measure, from `connect`.
 * @param options Levels, batch size and bounds of each level.
 * @returns Requests per second and latency by concurrency, the smallest optimal one and those equal within noise.
 * @throws {UsageError} If an option is out of its range.
 */
export async function runScalabilityTest(target: Target, options: ScalabilityOptions = {}): Promise<ScalabilityResult> {
  return (await scalabilityTest(target, options)).result();
}

/** The scalability test as part of a run. */
export const scalabilityTest: Test<"scalability", ScalabilityOptions> = (target, options, shared) => {
  checkOptions(options);
  const { batchSize = defaultOf("batchSize"), levels: wanted = defaultOf("levels", options) } = options;
  return runSession("scalability", target, options, shared, async (session) => {
    const loadOf = (concurrency: number) => ({ kind: "closed", batchSize, concurrency } as const);
    const summarise = ({ levels, left, isOver }: Sweep, absences: Record<string, string>) => {
      const measured = levels.map((concurrency) => {
        const load = loadOf(concurrency);
        return { concurrency, ...summariseWindow(load, session.windows.of(load, session.kind), absences).window };
      });
      const curve = isOver ? curveOf : noCurve;
      return {
        ...figuresOf(measured, session.seed, absences, curve),
        ...(left.length === 0 ? {} : { left }),
        batchSize,
      };
    };
    const visited = await sweep(session, {
      levels: wanted,
      loadOf,
      label: "concurrency",
      unit: "requests/s",
      // What the efficiency of all, and the degradation, rest on.
      kept: options.full ?? true ? wanted : [Math.min(...wanted), Math.max(...wanted)],
      summarise,
    });
    return (absences) => summarise(visited, absences);
  });
};

/** What the scalability test asks of the server. */
export function scalabilityPlan({ batchSize = defaultOf("batchSize") }: ScalabilityOptions): Plan {
  return { asked: { batchSize } };
}

function figuresOf(
  measured: readonly (Window & { readonly concurrency: number })[],
  seed: number,
  absences: Record<string, string>,
  curve: typeof curveOf,
) {
  // What the server did as it was lost tells nothing of another level.
  const rateOf = ({ requestsPerSecond, lost }: Window) => lost === undefined ? requestsPerSecond : null;
  const single = measured.find(({ concurrency }) => concurrency === 1);
  const base = single === undefined ? null : rateOf(single);
  const levels = measured.map((level): ScalabilityLevel => ({
    ...level,
    efficiency: perLane(ratioOfServer(relativeTo(rateOf(level), base), level, single), level.concurrency),
    littlesLawRatio: littlesLawOf(level.concurrency, level),
  }));
  const optimum = findOptimum(
    levels.map((window) => ({ level: window.concurrency, rate: window.requestsPerSecond, window })),
    absences,
    "optimalConcurrency",
  );
  return {
    kind: "scalability" as const,
    levels,
    optimalConcurrency: optimum.optimal,
    equivalentConcurrencies: optimum.equivalent,
    ...(optimum.rivals.length === 0 ? {} : { optimumRivals: optimum.rivals }),
    degradationPercent: degradationOf(levels, optimum, absences),
    // It goes through what the server did; a level that the client limited says only "at least".
    ...curve(optimum.own, seed, absences, levels),
  };
}

/** The curve through the levels. Its intervals take as long as hundreds of fits. */
function curveOf(
  own: readonly { level: number; estimate: Estimate }[],
  seed: number,
  absences: Record<string, string>,
  measured: readonly Window[],
): Pick<ScalabilityResult, "usl" | "kneeConcurrency" | "peakInterval" | "kneeInterval"> {
  const intervals = scalingIntervals(own, seed);
  const usl = uslOf(own, absences, measured);
  const { knee, among } = kneeVerdict(own, seed);
  if (own.length < KNEE_FEWEST_LEVELS) {
    absences["kneeConcurrency"] = whyTooFew(KNEE_FEWEST_LEVELS, own.length, measured);
  } else if (among.length !== 1) {
    absences["kneeConcurrency"] = `cannot tell${kneesInWords(among, own)}; a longer duration tells`;
  }
  return {
    usl,
    kneeConcurrency: knee,
    peakInterval: usl === null ? null : intervals.peak,
    kneeInterval: knee === null ? null : intervals.knee,
  };
}

function kneesInWords(among: readonly (number | null)[], own: readonly LevelEstimate[]): string {
  if (among.length === 0) {
    const open = own.find(({ estimate: { low, high } }) => low === null || high === null);
    return open === undefined
      ? ": the levels differ by too little for how well they are known"
      : `: too few requests were answered at concurrency ${open.level}`;
  }
  const levels = among.flatMap((level) => level ?? []);
  return `: at concurrency ${levels.join(" or ")}${among.includes(null) ? ", or none" : ""}`;
}

const noCurve: typeof curveOf = (_own, _seed, absences) => {
  absences["usl"] = "the sweep had not ended";
  return { usl: null, kneeConcurrency: null, peakInterval: null, kneeInterval: null };
};

function perLane(ratio: Estimate | null, concurrency: number): Estimate | null {
  return ratio === null ? null : mapEstimate(ratio, (x) => x / concurrency);
}

/**
 * `null` where failures held lanes: Little's law then speaks of requests that no latency counts. Nor does it hold where
 * nothing was sent for a while as the server asked.
 */
function littlesLawOf(concurrency: number, window: Window): number | null {
  const { requestsPerSecond, latencyMs, failed, lost, heldMs } = window;
  if (lost !== undefined || heldMs !== undefined || failed > 0) return null;
  if (requestsPerSecond === null || latencyMs === null) return null;
  return littlesLawRatio(concurrency, requestsPerSecond.value, latencyMs.mean.value);
}

/**
 * How much less the highest level brings than the best.
 *
 * @param levels Ascending.
 * @param optimum What was found among them.
 * @param absences Is told why that cannot be told.
 */
export function degradationOf(
  levels: readonly ScalabilityLevel[],
  { best, bestLevel }: Optimum,
  absences: Record<string, string>,
): Estimate | null {
  const highest = levels.at(-1);
  if (highest !== undefined && !isUsable(highest)) {
    absences["degradationPercent"] = highest.lost !== undefined
      ? "the server was lost at the highest level"
      : highest.cutShort === true
      ? "the highest level was cut short"
      : `${FAILED_LIMIT * 100} % or more of the requests of the highest level failed`;
    return null;
  }
  // What the client took from the last level is no loss of the server's.
  const last = atLeast(highest, "requests");
  const lossTo = (base: Estimate | null) => {
    const ratio = relativeTo(last, base);
    return ratio === null ? null : mapEstimate(ratio, (x) => 100 * (1 - x));
  };
  const loss = lossTo(best);
  if (loss === null || highest?.concurrency !== bestLevel) return loss;
  // The best of what was measured: another may be better all the same.
  const others = levels.slice(0, -1).flatMap((level) =>
    isUsable(level) ? lossTo(atLeast(level, "requests")) ?? [] : []
  );
  if (others.length === 0) {
    absences["degradationPercent"] = "it takes two levels of which most requests succeeded";
    return null;
  }
  const highs = others.map(({ high }) => high);
  return { ...loss, high: highs.includes(null) ? null : Math.max(0, ...highs as number[]) };
}

function uslOf(
  usable: readonly { level: number; estimate: Estimate }[],
  absences: Record<string, string>,
  measured: readonly Window[],
): UslFit | null {
  if (usable.length < USL_FEWEST_LEVELS) {
    absences["usl"] = whyTooFew(USL_FEWEST_LEVELS, usable.length, measured);
    return null;
  }
  const { points, isVarianceKnown } = uslPoints(usable);
  const fitted = fitUsl(points, isVarianceKnown);
  if ("fit" in fitted) return fitted.fit;
  absences["usl"] = fitted.refused;
  return null;
}

/** Why there are too few levels, as the end of a sentence. */
function whyTooFew(fewest: number, usable: number, measured: readonly Window[]): string {
  if (measured.every(({ succeeded }) => succeeded === 0)) return NONE_SUCCEEDED;
  const needed = `it takes ${fewest} concurrencies`;
  if (measured.length < fewest) return `${needed}, and ${measured.length} were measured`;
  const byClient = measured.filter((window) => isUsable(window) && window.clientLimited).length;
  const unusable = measured.length - usable - byClient;
  const reasons = [
    ...byClient === 0 ? [] : [`the client limited ${byClient}`],
    ...unusable === 0 ? [] : [`${unusable} had failures or ${unusable === 1 ? "was" : "were"} cut short`],
  ];
  return `${needed} whose numbers are the server's: of ${measured.length}, ${reasons.join(" and ")}`;
}
