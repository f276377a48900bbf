import { levenbergMarquardt } from "ml-levenberg-marquardt";
import { inverse, Matrix, solve } from "ml-matrix";
import type { Estimate } from "../core/estimate.ts";
import { missProbability } from "./confidence_level.ts";
import { studentTQuantile } from "./probability.ts";
import { type UslCoefficients, uslModel } from "./usl_throughput.ts";

/** Throughput measured at one concurrency. */
export interface UslPoint {
  /** Concurrency, > 0. */
  readonly n: number;
  /** Requests per second, > 0. */
  readonly ratePerSecond: number;
  /**
   * How much the point counts: the reciprocal of its variance, in any common unit, for example 1 / ratePerSecond^2 where all rates
   * are known to the same percentage. @default {1}
   */
  readonly weight?: number;
}

/** Which of contention and coherency are free; what is not is held at its bound, 0. */
const FACES = [["contention", "coherency"], ["contention"], ["coherency"], []] as const;
/** Relative to the sum of squares of throughputs that are scaled to 1. */
const ERROR_TOLERANCE = 1e-15;

/**
 * Coefficients with the least weighted squares of the throughput's errors, sigma and kappa at least 0.
 *
 * The law is fitted as X(n) = n / (a + b (n - 1) / N + c n (n - 1) / N^2), whose terms are alike in size, from the start that the
 * linear n / X(n) gives. A bound is met by fitting each face of the feasible region freely and taking the best fit inside it: clipping
 * each step instead would stop beside the optimum.
 *
 * @param points At least four levels, throughputs above 0.
 */
export function uslLeastSquares(points: readonly UslPoint[]): UslCoefficients {
  const widest = Math.max(...points.map(({ n }) => n));
  const highest = Math.max(...points.map(({ ratePerSecond }) => ratePerSecond));
  const terms = {
    contention: (n: number) => (n - 1) / widest,
    coherency: (n: number) => n * (n - 1) / widest ** 2,
  };
  const data = {
    x: points.map(({ n }) => n),
    y: points.map(({ ratePerSecond }) => ratePerSecond / highest),
  };
  let best: { error: number; coefficients: UslCoefficients } | null = null;
  for (const face of FACES) {
    const basis = [() => 1, ...face.map((name) => terms[name])];
    const denominator = (parameters: readonly number[], n: number) =>
      basis.reduce((sum, term, k) => sum + parameters[k]! * term(n), 0);
    const { parameterValues, parameterError } = levenbergMarquardt(
      data,
      (parameters) => (n) => n / denominator(parameters, n),
      {
        initialValues: linearStart(points, basis, highest),
        jacobianFunction: (parameters) => (n) => basis.map((term) => -n * term(n) / denominator(parameters, n) ** 2),
        weights: points.map(({ weight = 1 }) => 1 / Math.sqrt(weight)),
        damping: 1e-3,
        maxIterations: 50,
        errorTolerance: ERROR_TOLERANCE,
      },
    );
    const [a, ...others] = parameterValues;
    const feasible = a! > 0 && others.every((value) => value >= 0);
    if (!feasible || (best !== null && parameterError >= best.error)) continue;
    const at = (name: keyof typeof terms) => others[(face as readonly string[]).indexOf(name)] ?? 0;
    best = {
      error: parameterError,
      coefficients: [highest / a!, at("contention") / a! / widest, at("coherency") / a! / widest ** 2],
    };
  }
  return best!.coefficients;
}

/** Least squares of n / X(n), which is linear, each point weighted as the error of X(n) itself would be. */
function linearStart(
  points: readonly UslPoint[],
  basis: readonly ((n: number) => number)[],
  highest: number,
): number[] {
  const rows = points.map(({ n, ratePerSecond, weight = 1 }) => {
    const rate = ratePerSecond / highest;
    const scale = Math.sqrt(weight) * rate * rate / n;
    return { design: basis.map((term) => scale * term(n)), response: scale * n / rate };
  });
  const start = solve(
    new Matrix(rows.map(({ design }) => design)),
    Matrix.columnVector(rows.map((r) => r.response)),
    true,
  );
  return start.to1DArray();
}

/**
 * Intervals of the coefficients from the Jacobian at the fit (G. A. F. Seber and C. J. Wild, "Nonlinear Regression", 1989), cut off at 0.
 *
 * @param points The points of the fit.
 * @param coefficients Lambda, sigma and kappa of the fit.
 * @param level Confidence level.
 * @returns Lambda, sigma and kappa.
 */
export function uslEstimates(
  points: readonly UslPoint[],
  coefficients: UslCoefficients,
  level: number,
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
  const covariance = inverse(jacobian.transpose().mmul(jacobian), true).mul(squares / degreesOfFreedom);
  const t = studentTQuantile(1 - missProbability(level) / 2, degreesOfFreedom);
  const estimate = (k: 0 | 1 | 2): Estimate => {
    const value = coefficients[k];
    const halfWidth = t * sizes[k] * Math.sqrt(covariance.get(k, k));
    return { value, low: Math.max(0, value - halfWidth), high: value + halfWidth, level, n: points.length };
  };
  return [estimate(0), estimate(1), estimate(2)];
}
