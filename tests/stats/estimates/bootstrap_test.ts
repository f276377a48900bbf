import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { bootstrapDistribution } from "../../../src/stats/estimates/bootstrap_distribution.ts";
import { bootstrapEstimate } from "../../../src/stats/estimates/bootstrap_estimate.ts";
import { quantile } from "../../../src/stats/estimates/quantile.ts";
import { times } from "./simulate.ts";

const COLD_STARTS_MS = [2100, 2300, 2200, 2500, 2250];

Deno.test("bootstrapEstimate() repeats itself with the same seed only", () => {
  const mean = (sorted: Readonly<Float64Array>) => sorted.reduce((sum, x) => sum + x, 0) / sorted.length;
  const of = (seed: number) => bootstrapEstimate(times(12, (i) => Math.sqrt(i)), mean, { seed, resamples: 200 });
  assertEquals(of(7), of(7));
  assertNotEquals(of(7), of(8));
});

Deno.test("bootstrapEstimate() approaches the normal interval of a mean when n is large", () => {
  const values = times(400, (i) => (i * 37) % 400);
  const mean = (sorted: Readonly<Float64Array>) => sorted.reduce((sum, x) => sum + x, 0) / sorted.length;
  const { value, low, high } = bootstrapEstimate(values, mean, { seed: 1 });
  assertEquals(value, 199.5);
  const halfWidth = 1.96 * 115.5 / 20;
  assertAlmostEquals((high! - low!) / 2, halfWidth, 0.08 * halfWidth);
});

Deno.test("bootstrapEstimate() gives a statistic of the resamples, sorted", () => {
  const estimate = bootstrapEstimate([4, 1, 9, 7], (sorted) => quantile(sorted, 1), { seed: 1 });
  assertEquals([estimate.value, estimate.high], [9, 9]);
  assert(estimate.low! < 9);
});

Deno.test("bootstrapDistribution() has an interval of the mean from five values but none of p95", () => {
  const { n, mean, p50, p95 } = bootstrapDistribution(COLD_STARTS_MS, { seed: 1 })!;
  assertEquals([n, mean.value, p50.value], [5, 2270, 2250]);
  assert(mean.low! < 2270 && 2270 < mean.high!);
  assertEquals([p50.low, p50.high, p95.high], [null, null, null]);
});

Deno.test("bootstrapDistribution() never says that a duration may be negative", () => {
  assertEquals(bootstrapDistribution([10, 12, 300], { seed: 1 })!.mean.low, 0);
});

Deno.test("bootstrapDistribution() of one value has no interval, of none is null", () => {
  assertEquals(bootstrapDistribution([], { seed: 1 }), null);
  assertEquals(bootstrapDistribution([5], { seed: 1 })!.mean, { value: 5, low: null, high: null, level: 0.95, n: 1 });
});
