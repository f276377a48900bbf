import type { UslFit } from "../../results/result.ts";

/**
 * Throughput that a fitted Universal Scalability Law gives (N. J. Gunther, "Guerrilla Capacity Planning", 2007): X(n) =
 * lambda n / (1 + sigma (n - 1) + kappa n (n - 1)).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { uslThroughput } from "./usl_throughput.ts";
 * const known = (value: number) => ({ value, low: value, high: value, level: 0.95, n: 6 });
 * const fit = { lambda: known(100), sigma: known(0.5), kappa: known(0), peakConcurrency: null, rSquared: 1 };
 * assertEquals(uslThroughput(fit, 3), 150);
 * ```
 *
 * @param fit The fit; its point estimates are used.
 * @param n Concurrency, > 0.
 * @returns Requests per second.
 */
export function uslThroughput(fit: UslFit, n: number): number {
  return uslModel([fit.lambda.value, fit.sigma.value, fit.kappa.value], n);
}

/** Lambda, sigma and kappa. */
export type UslCoefficients = readonly [lambda: number, sigma: number, kappa: number];

/**
 * The law itself.
 *
 * @param coefficients Lambda, sigma and kappa.
 * @param n Concurrency, > 0.
 */
export function uslModel([lambda, sigma, kappa]: UslCoefficients, n: number): number {
  return lambda * n / (1 + sigma * (n - 1) + kappa * n * (n - 1));
}
