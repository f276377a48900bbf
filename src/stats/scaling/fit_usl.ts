import type { UslFit } from "../../results/result.ts";
import { DEFAULT_LEVEL } from "../confidence_level.ts";
import { uslEstimates, uslLeastSquares, type UslPoint } from "./usl_least_squares.ts";
import { type UslCoefficients, uslModel } from "./usl_throughput.ts";

export type { UslPoint } from "./usl_least_squares.ts";

/** A fit, or why there is none, for people. */
export type UslOutcome = { readonly fit: UslFit } | { readonly refused: string };

/** Fewest distinct concurrencies: three coefficients need one more to be put to the test. */
export const USL_FEWEST_LEVELS = 4;
/** Least coefficient of determination. */
export const USL_LEAST_R_SQUARED = 0.9;
/**
 * Least share by which the throughputs must differ: levels are measured to within 5 %, so that less may be noise alone.
 */
export const USL_LEAST_SPREAD = 0.05;

/**
 * Fits the Universal Scalability Law to throughputs over concurrency (N. J. Gunther, "Guerrilla Capacity Planning",
 * 2007) by nonlinear least squares with sigma and kappa at least 0; intervals from the Jacobian and Student's t.
 *
 * @example
 * ```ts
 * import { assert, assertAlmostEquals } from "@std/assert";
 * import { fitUsl } from "./fit_usl.ts";
 * const law = (n: number) => 100 * n / (1 + 0.1 * (n - 1) + 0.01 * n * (n - 1));
 * const outcome = fitUsl([1, 2, 4, 8, 16].map((n) => ({ n, ratePerSecond: law(n) })));
 * assert("fit" in outcome);
 * assertAlmostEquals(outcome.fit.sigma.value, 0.1, 1e-6);
 * assertAlmostEquals(outcome.fit.peakConcurrency!, Math.sqrt(90), 1e-3);
 * ```
 *
 * @param points Measured levels in any order.
 * @param isVarianceKnown Whether each weight is the reciprocal of the rate's variance: no coefficient is then surer than the
 * rates are.
 * @returns The fit, or the reason to refuse one: under four levels, throughputs within 5 % of each other, or R2 under
 * 0.9.
 */
export function fitUsl(points: readonly UslPoint[], isVarianceKnown: boolean = false): UslOutcome {
  const levels = new Set(points.map(({ n }) => n)).size;
  if (levels < USL_FEWEST_LEVELS) {
    return { refused: `The law needs at least ${USL_FEWEST_LEVELS} usable concurrencies: found ${levels}` };
  }
  const unusable = points.find(({ n, ratePerSecond }) => !(n > 0 && ratePerSecond > 0));
  if (unusable) {
    return { refused: `The law needs throughputs above 0: found ${unusable.ratePerSecond} at ${unusable.n}` };
  }
  const rates = points.map(({ ratePerSecond }) => ratePerSecond);
  const spread = 1 - Math.min(...rates) / Math.max(...rates);
  if (spread < USL_LEAST_SPREAD) {
    return {
      refused: "The law needs throughputs that change with concurrency: " +
        `the lowest is within ${(100 * spread).toFixed(1)} % of the highest`,
    };
  }
  const coefficients = uslLeastSquares(points);
  const rSquared = determination(points, coefficients);
  if (!(rSquared >= USL_LEAST_R_SQUARED)) {
    return {
      refused: `The law does not describe these throughputs: R2 must be at least ${USL_LEAST_R_SQUARED}, ` +
        `found ${rSquared.toFixed(2)}`,
    };
  }
  const [lambda, sigma, kappa] = uslEstimates(points, coefficients, { level: DEFAULT_LEVEL, isVarianceKnown });
  return {
    fit: {
      lambda,
      sigma,
      kappa,
      peakConcurrency: kappa.value > 0 ? Math.max(1, Math.sqrt(Math.max(0, 1 - sigma.value) / kappa.value)) : null,
      rSquared,
    },
  };
}

/** Share of the throughputs' weighted variance that the law explains. */
function determination(points: readonly UslPoint[], coefficients: UslCoefficients): number {
  const weights = points.map(({ weight = 1 }) => weight);
  const sum = (of: (point: UslPoint) => number) => points.reduce((total, p, i) => total + weights[i]! * of(p), 0);
  const mean = sum(({ ratePerSecond }) => ratePerSecond) / sum(() => 1);
  const residual = sum(({ n, ratePerSecond }) => (ratePerSecond - uslModel(coefficients, n)) ** 2);
  return 1 - residual / sum(({ ratePerSecond }) => (ratePerSecond - mean) ** 2);
}
