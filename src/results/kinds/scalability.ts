import * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import { measuredOr, NONE_SUCCEEDED, reading } from "../measured.ts";
import { baseEntries, type ResultBase } from "../result_base.ts";
import { estimate, nullableEstimate, nullableNumber, number, numbers } from "../schema.ts";
import { atLeast } from "../window/at_least.ts";
import { type LeftLevel, leftLevelSchema } from "../window/left_level.ts";
import { isUsable } from "../window/usable.ts";
import { type Window, windowEntries } from "../window/window.ts";
import type { Kind, LevelWindow } from "./kind.ts";
import { peakFigure } from "./peak_figure.ts";

/** One concurrency of a scalability test. */
export interface ScalabilityLevel extends Window {
  /** Requests outstanding at any time. */
  readonly concurrency: number;
  /** X(n) / (n X(1)); `null` if either is missing. */
  readonly efficiency: Estimate | null;
  /** n / (X times mean latency): 1 by Little's law; `null` if nothing succeeded. */
  readonly littlesLawRatio: number | null;
}

/** Universal Scalability Law (N. Gunther): X(n) = lambda n / (1 + sigma (n - 1) + kappa n (n - 1)). */
export interface UslFit {
  /** Throughput of one client, requests per second. */
  readonly lambda: Estimate;
  /** Contention: the serial share. */
  readonly sigma: Estimate;
  /** Coherency: the cost of each pair. */
  readonly kappa: Estimate;
  /** Concurrency of the highest throughput, sqrt((1 - sigma) / kappa); `null` where it grows without end. */
  readonly peakConcurrency: number | null;
  /** Coefficient of determination, 0 to 1. */
  readonly rSquared: number;
}

/** What a figure of a curve is, in a 95 % interval. */
export interface CurveInterval {
  /** Lower end, concurrency. */
  readonly low: number;
  /** Upper end, concurrency; `null` where the curve may have none. */
  readonly high: number | null;
}

/** Requests per second over concurrency. */
export interface ScalabilityResult extends ResultBase {
  /** Tells the results apart. */
  readonly kind: "scalability";
  /** Items per request. */
  readonly batchSize: number;
  /** Ascending by concurrency. */
  readonly levels: readonly ScalabilityLevel[];
  /** Levels that were visited once only, ascending; left out where all were visited twice. */
  readonly left?: readonly LeftLevel[];
  /** The smallest concurrency whose interval overlaps the best's, errors under 1 %; `null` if there is none. */
  readonly optimalConcurrency: number | null;
  /** All levels whose interval overlaps the best's, ascending. */
  readonly equivalentConcurrencies: readonly number[];
  /** Levels that may be better than the optimum, ascending; left out where there are none and it is told. */
  readonly optimumRivals?: readonly number[];
  /** 100 (1 - X(highest level) / max X). */
  readonly degradationPercent: Estimate | null;
  /** `null` where it was refused; `absences.usl` says why. */
  readonly usl: UslFit | null;
  /** Knee of the curve (Kneedle); `null` if there is none. */
  readonly kneeConcurrency: number | null;
  /** Interval of `usl.peakConcurrency` (parametric bootstrap); `null` where it cannot be given. */
  readonly peakInterval?: CurveInterval | null;
  /** Interval of the knee (parametric bootstrap); `null` where it cannot be given. */
  readonly kneeInterval?: CurveInterval | null;
}

/** The optimum; a sweep in which no level qualified has none. */
function bestOf({ levels, optimalConcurrency }: ScalabilityResult): LevelWindow | null {
  const window = levels.find(({ concurrency }) => concurrency === optimalConcurrency);
  return window === undefined ? null : { level: window.concurrency, window };
}

/** Rate of the fastest usable level, "at least" where the client limited it. */
function highestOf(levels: readonly ScalabilityLevel[]): Estimate | null {
  return levels.filter(isUsable).map((level) => atLeast(level, "requests")).reduce<Estimate | null>(
    (best, rate) => rate !== null && rate.value > (best?.value ?? 0) ? rate : best,
    null,
  );
}

function whyNoDegradation({ levels, optimalConcurrency }: ScalabilityResult): string {
  if (optimalConcurrency === null) return NONE_SUCCEEDED;
  return levels.length > 1 ? "too little was measured at the highest concurrency" : "it takes two levels";
}

const curveInterval = v.looseObject({ low: number, high: nullableNumber });

/** What the house knows of the scalability test. */
export const scalabilityKind: Kind<ScalabilityResult> = {
  title: "Scalability",
  name: "the scalability test",
  question: "How many requests at a time does the server carry?",
  axis: { label: "concurrency", id: "concurrency" },
  schema: v.looseObject({
    kind: v.literal("scalability"),
    levels: v.array(v.looseObject({
      concurrency: number,
      ...windowEntries,
      efficiency: nullableEstimate,
      littlesLawRatio: nullableNumber,
    })),
    optimalConcurrency: nullableNumber,
    equivalentConcurrencies: numbers,
    optimumRivals: v.exactOptional(numbers),
    degradationPercent: nullableEstimate,
    usl: v.nullable(v.looseObject({
      lambda: estimate,
      sigma: estimate,
      kappa: estimate,
      peakConcurrency: nullableNumber,
      rSquared: number,
    })),
    kneeConcurrency: nullableNumber,
    peakInterval: v.exactOptional(v.nullable(curveInterval)),
    kneeInterval: v.exactOptional(v.nullable(curveInterval)),
    left: v.exactOptional(v.array(leftLevelSchema)),
    batchSize: number,
    ...baseEntries,
  }) as unknown as v.GenericSchema<unknown, ScalabilityResult>,
  windows: ({ levels }) => levels.map((window) => ({ level: window.concurrency, window })),
  best: bestOf,
  asked: ({ batchSize }) => ({ batchSize }),
  // Of streamed answers, which other servers do not have.
  comparedOfWindows: ["time_to_first_token_p95", "time_per_output_token_p50", "output_tokens_per_second"],
  figures: [
    {
      id: "max_requests_per_second",
      label: "highest throughput",
      unit: "requests/s",
      better: "more",
      read: ({ levels, absences }) => measuredOr(highestOf(levels), absences, ["optimalConcurrency", "levels"]),
      compared: "same-loads",
      chosenFrom: ({ equivalentConcurrencies }) => equivalentConcurrencies.length,
    },
    ...(["predictions", "requests"] as const).map((what) => ({
      id: `peak_${what}_per_second`,
      label: "highest throughput",
      ...peakFigure(what, bestOf, ["optimalConcurrency", "levels"]),
    })),
    {
      id: "optimal_concurrency",
      label: "optimal concurrency",
      unit: "requests",
      better: "less",
      read: ({ optimalConcurrency, absences }) =>
        measuredOr(reading(optimalConcurrency), absences, ["optimalConcurrency", "levels"]),
    },
    {
      id: "degradation",
      label: "degradation",
      unit: "percent",
      better: "less",
      read: (result) =>
        measuredOr(
          result.degradationPercent,
          result.absences,
          ["degradationPercent", "optimalConcurrency", "levels"],
          whyNoDegradation(result),
        ),
    },
    {
      id: "knee_concurrency",
      label: "knee",
      unit: "requests",
      better: "more",
      read: ({ kneeConcurrency, absences }) =>
        measuredOr(reading(kneeConcurrency), absences, ["kneeConcurrency"], "none found"),
    },
    ...(["lambda", "sigma", "kappa"] as const).map((name) => ({
      id: `usl_${name}`,
      label: `${name} of the Universal Scalability Law`,
      unit: name === "lambda" ? "requests/s" : "share",
      better: name === "lambda" ? "more" : "less",
      read: ({ usl, absences }: ScalabilityResult) => measuredOr(usl?.[name], absences, ["usl"]),
    } as const)),
    {
      id: "usl_peak_concurrency",
      label: "peak of the Universal Scalability Law",
      unit: "requests",
      better: "more",
      read: ({ usl, absences }) => measuredOr(reading(usl?.peakConcurrency), absences, ["usl"], "no peak"),
    },
    {
      id: "usl_r_squared",
      label: "R2 of the Universal Scalability Law",
      unit: "share",
      better: "more",
      read: ({ usl, absences }) => measuredOr(reading(usl?.rSquared), absences, ["usl"]),
    },
  ],
  details: ({ levels }) =>
    levels.map(({ concurrency, efficiency, littlesLawRatio }) => ({
      at: { axis: "concurrency", level: concurrency },
      values: [
        { id: "efficiency", unit: "share", value: efficiency },
        { id: "littles_law_ratio", unit: "share", value: littlesLawRatio },
      ],
    })),
  choice: {
    label: "optimal concurrency",
    read: ({ optimalConcurrency }) => optimalConcurrency,
    equivalents: ({ equivalentConcurrencies, optimumRivals = [] }) => [...equivalentConcurrencies, ...optimumRivals],
  },
  circumstances: [
    {
      what: "concurrencies of the scalability test",
      severity: "warning",
      of: ({ levels }) => levels.map(({ concurrency }) => concurrency).join(", "),
    },
  ],
};
