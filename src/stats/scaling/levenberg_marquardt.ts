/** A model of observations at some parameters. */
export interface Linearised {
  /** What is observed less what the model says. */
  readonly residuals: readonly number[];
  /** By observation, how fast the model rises with each parameter. */
  readonly slopes: readonly (readonly number[])[];
}

const FIRST_DAMPING = 1e-3, MOST_DAMPING = 1e10;
const MOST_STEPS = 100;
/** It ends at a step that makes the sum of squares smaller by no more than this share. */
const LEAST_GAIN = 1e-12;

/**
 * Nonlinear least squares of a few parameters by damped steps of Gauss and Newton, each taken only where it gains (K.
 * Levenberg, 1944; D. W. Marquardt, 1963).
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { levenbergMarquardt } from "./levenberg_marquardt.ts";
 * const xs = [0, 1, 2, 3], ys = [8, 4, 2, 1];
 * const { parameters: [size, rate] } = levenbergMarquardt([5, 0.5], ([a, b]) => ({
 *   residuals: xs.map((x, i) => ys[i]! - a! * Math.exp(-b! * x)),
 *   slopes: xs.map((x) => [Math.exp(-b! * x), -a! * x * Math.exp(-b! * x)]),
 * }));
 * assertAlmostEquals(size!, 8, 1e-9);
 * assertAlmostEquals(rate!, Math.LN2, 1e-9);
 * ```
 *
 * @param start Parameters to begin with, near the answer.
 * @param modelAt The model at some parameters.
 * @returns The parameters found, and the sum of squares that is left.
 */
export function levenbergMarquardt(
  start: readonly number[],
  modelAt: (parameters: readonly number[]) => Linearised,
): { readonly parameters: readonly number[]; readonly error: number } {
  let parameters = start, model = modelAt(start), error = sumOfSquares(model);
  let damping = FIRST_DAMPING;
  for (let step = 0; step < MOST_STEPS && error > 0 && damping < MOST_DAMPING; step++) {
    const change = dampedStep(model, damping);
    const next = parameters.map((parameter, k) => parameter + change[k]!);
    const nextModel = modelAt(next), nextError = sumOfSquares(nextModel);
    // A step that leads nowhere is not a number, and not taken.
    if (!(nextError <= error)) {
      damping *= 10;
      continue;
    }
    const isOver = nextError >= (1 - LEAST_GAIN) * error;
    [parameters, model, error] = [next, nextModel, nextError];
    if (isOver) break;
    damping /= 10;
  }
  return { parameters, error };
}

function sumOfSquares({ residuals }: Linearised): number {
  return residuals.reduce((sum, residual) => sum + residual ** 2, 0);
}

/** Solves (J'J + damping diag(J'J)) step = J'r by the method of A.-L. Cholesky. */
function dampedStep({ residuals, slopes }: Linearised, damping: number): number[] {
  const size = slopes[0]!.length;
  const lower: number[][] = [], step: number[] = [];
  for (let i = 0; i < size; i++) {
    const row: number[] = [];
    lower.push(row);
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (const slope of slopes) sum += slope[i]! * slope[j]!;
      if (i === j) sum *= 1 + damping;
      for (let k = 0; k < j; k++) sum -= row[k]! * lower[j]![k]!;
      row.push(i === j ? Math.sqrt(sum) : sum / lower[j]![j]!);
    }
    let right = slopes.reduce((sum, slope, n) => sum + slope[i]! * residuals[n]!, 0);
    for (let k = 0; k < i; k++) right -= row[k]! * step[k]!;
    step.push(right / row[i]!);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) step[i]! -= lower[k]![i]! * step[k]!;
    step[i]! /= lower[i]![i]!;
  }
  return step;
}
