import type { LevelTruth } from "../truth.ts";

/**
 * Time in the system of M/M/c in equilibrium (A. K. Erlang, 1917; L. Kleinrock, "Queueing Systems", 1975): the wait is 0 or
 * exponential, and service follows.
 *
 * @param serviceMs Mean service time.
 * @param workers How many.
 * @param ratePerSecond Arrivals, fewer than they can answer.
 * @param overheadsMs What the way to them adds to a latency: a sample, each as likely. @default {nothing}
 */
export function manyWorkersTruth(
  serviceMs: number,
  workers: number,
  ratePerSecond: number,
  overheadsMs: readonly number[] = [0],
): Pick<LevelTruth, "meanMs" | "p50Ms" | "p95Ms" | "p99Ms"> {
  const offered = ratePerSecond * serviceMs / 1000;
  let term = 1, sum = 0;
  for (let k = 0; k < workers; k++) {
    sum += term;
    term *= offered / (k + 1);
  }
  const busy = term / (1 - offered / workers);
  const waits = busy / (sum + busy);
  const service = 1 / serviceMs, spare = (workers - offered) / serviceMs;
  const above = (ms: number) => {
    if (ms < 0) return 1;
    const exponential = Math.exp(-service * ms);
    // Where both are equal the sum of the two times is of Erlang's distribution.
    const both = Math.abs(spare - service) < 1e-9 * service
      ? (1 + service * ms) * exponential
      : (spare * exponential - service * Math.exp(-spare * ms)) / (spare - service);
    return (1 - waits) * exponential + waits * both;
  };
  const wayMs = overheadsMs.reduce((total, ms) => total + ms, 0) / overheadsMs.length;
  const aboveLater = (ms: number) =>
    overheadsMs.reduce((total, lateMs) => total + above(ms - lateMs), 0) / overheadsMs.length;
  const quantile = (p: number) => {
    let low = 0, high = 1e6;
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (aboveLater(middle) > 1 - p) low = middle;
      else high = middle;
    }
    return low;
  };
  return {
    meanMs: serviceMs + waits / spare + wayMs,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
  };
}
