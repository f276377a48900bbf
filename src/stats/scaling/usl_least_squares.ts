import { inverse, Matrix, solve } from "ml-matrix";
import type { Estimate } from "../../core/estimate.ts";
import { normalMultiplier, studentTMultiplier } from "../confidence_level.ts";
import { levenbergMarquardt } from "./levenberg_marquardt.ts";
import { type UslCoefficients, uslModel } from "./usl_throughput.ts";

/** Throughput measured at one concurrency. */
export interface UslPoint {
  /** Concurrency, > 0. */
  readonly n: number;
  /** Requests per second, > 0. */
  readonly ratePerSecond: number;
  /**
   * How much the point counts: the reciprocal of its variance, in any common unit where that is not known, for example
   * 1 / ratePerSecond^2 where all rates are known to the same percentage. @default {1}
   */
  readonly weight?: number;
}

/** A term of the law's denominator. */
type Term = (n: number) => number;

/** A point with its rate scaled to at most 1 and the square root of its weight. */
interface ScaledPoint {
  readonly n: number;
  readonly rate: number;
  readonly rootWeight: number;
}

/**
 * Coefficients with the least weighted squares of the throughput's errors, sigma and kappa at least 0.
 *
 * The law is fitted as X(n) = n / (a + b (n - 1) / N + c n (n - 1) / N^2), whose terms are alike in size. A bound is
 * met by fitting each face of the feasible region freely and taking the best fit inside it: clipping each step instead
 * would stop beside the optimum.
 *
 * @param points At least four levels, throughputs above 0.
 */
export function uslLeastSquares(points: readonly UslPoint[]): UslCoefficients {
  const widest = Math.max(...points.map(({ n }) => n));
  const highest = Math.max(...points.map(({ ratePerSecond }) => ratePerSecond));
  const heaviest = Math.max(...points.map(({ weight = 1 }) => weight));
  const scaled = points.map(({ n, ratePerSecond, weight = 1 }): ScaledPoint => {
    return { n, rate: ratePerSecond / highest, rootWeight: Math.sqrt(weight / heaviest) };
  });
  const contention: Term = (n) => (n - 1) / widest;
  const coherency: Term = (n) => n * (n - 1) / widest ** 2;
  const fit = (terms: readonly Term[]) => {
    const { parameters: [a, ...rest], error } = fitFace(scaled, [() => 1, ...terms]);
    const of = (term: Term) => rest[terms.indexOf(term)] ?? 0;
    return { a: a!, b: of(contention), c: of(coherency), error };
  };
  // None fits better than a free fit that lies inside.
  for (const faces of [[[contention, coherency]], [[contention], [coherency], []]]) {
    const inside = faces.map(fit).filter(({ a, b, c }) => a > 0 && b >= 0 && c >= 0);
    if (inside.length === 0) continue;
    const { a, b, c } = inside.reduce((best, face) => face.error < best.error ? face : best);
    return [highest / a, b / a / widest, c / a / widest ** 2];
  }
  throw new RangeError("Cannot fit the law as all throughputs must be above 0");
}

/** Least squares of n / (sum of parameter times term), from the start that n / X(n), which is linear, gives. */
function fitFace(points: readonly ScaledPoint[], terms: readonly Term[]) {
  const designs = points.map(({ n }) => terms.map((term) => term(n)));
  // Each row weighted as the error of X(n) itself would be.
  const rows = points.map(({ n, rate, rootWeight }) => rootWeight * rate * rate / n);
  const start = solve(
    new Matrix(designs.map((design, i) => design.map((term) => rows[i]! * term))),
    Matrix.columnVector(points.map(({ n, rate }, i) => rows[i]! * n / rate)),
    true,
  );
  return levenbergMarquardt(start.to1DArray(), (parameters) => {
    const denominators = designs.map((design) => design.reduce((sum, term, k) => sum + parameters[k]! * term, 0));
    return {
      residuals: points.map(({ n, rate, rootWeight }, i) => rootWeight * (rate - n / denominators[i]!)),
      slopes: points.map(({ n, rootWeight }, i) => {
        const slope = -rootWeight * n / denominators[i]! ** 2;
        return designs[i]!.map((term) => slope * term);
      }),
    };
  });
}

/** How sure the coefficients shall be, and what is known. */
export interface UslCertainty {
  /** Confidence level. */
  readonly level: number;
  /** Whether the weights are the reciprocals of variances, and not only in proportion to them. */
  readonly isVarianceKnown: boolean;
}

/**
 * Intervals of the coefficients from the Jacobian at the fit (G. A. F. Seber and C. J. Wild, "Nonlinear Regression",
 * 1989), cut off at 0. Where the points' variances are known, each interval is the wider of what these say and of what the few
 * residuals do: six levels that lie on the law by chance do not make it sure (R. T. Birge, "The Calculation of Errors by
 * the Method of Least Squares", 1932).
 *
 * @param points The points of the fit.
 * @param coefficients Lambda, sigma and kappa of the fit.
 * @param certainty Confidence level, and what the weights say.
 * @returns Lambda, sigma and kappa.
 */
export function uslEstimates(
  points: readonly UslPoint[],
  coefficients: UslCoefficients,
  { level, isVarianceKnown }: UslCertainty,
): [lambda: Estimate, sigma: Estimate, kappa: Estimate] {
  const [lambda, sigma, kappa] = coefficients;
  const degreesOfFreedom = points.length - coefficients.length;
  const widest = Math.max(...points.map(({ n }) => n));
  // Columns of like size keep the matrix well conditioned.
  const sizes = [lambda, 1 / widest, 1 / widest ** 2] as const;
  let squares = 0;
  const rows = points.map(({ n, ratePerSecond, weight = 1 }) => {
    const fitted = uslModel(coefficients, n);
    squares += weight * (ratePerSecond - fitted) ** 2;
    const share = fitted / (1 + sigma * (n - 1) + kappa * n * (n - 1));
    const gradient = [fitted / lambda, -share * (n - 1), -share * n * (n - 1)];
    return gradient.map((slope, k) => Math.sqrt(weight) * slope * sizes[k]!);
  });
  const jacobian = new Matrix(rows);
  const covariance = inverse(jacobian.transpose().mmul(jacobian), true);
  const byResiduals = studentTMultiplier(level, degreesOfFreedom) * Math.sqrt(squares / degreesOfFreedom);
  const multiplier = isVarianceKnown ? Math.max(normalMultiplier(level), byResiduals) : byResiduals;
  const estimate = (k: 0 | 1 | 2): Estimate => {
    const value = coefficients[k];
    const halfWidth = multiplier * sizes[k] * Math.sqrt(covariance.get(k, k));
    return { value, low: Math.max(0, value - halfWidth), high: value + halfWidth, level, n: points.length };
  };
  return [estimate(0), estimate(1), estimate(2)];
}
