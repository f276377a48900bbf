import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seededRandom } from "../../../src/core/random.ts";
import { ascending } from "../../../src/stats/estimates/ascending.ts";
import { designEffect, designEffectAt, gaussianEffect } from "../../../src/stats/estimates/design_effect.ts";
import { distribution } from "../../../src/stats/estimates/distribution.ts";
import { quantile } from "../../../src/stats/estimates/quantile.ts";
import { quantileEstimate } from "../../../src/stats/estimates/quantile_estimate.ts";
import { GroupedObservations } from "../../../src/stats/grouped/grouped_observations.ts";
import { autoregression, times } from "./simulate.ts";

Deno.test("distribution() is null of nothing and refuses NaN", () => {
  assertEquals(distribution([]), null);
  assertThrows(() => distribution([1, NaN]), RangeError);
});

Deno.test("distribution() takes its points from the whole sample and puts them in order", () => {
  fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
    const { n, min, mean, p50, p90, p95, p99, max } = distribution(values)!;
    const sorted = ascending(values);
    assertEquals([n, min, max], [values.length, Math.min(...values), Math.max(...values)]);
    assertEquals([p50.value, p95.value], [quantile(sorted, 0.5), quantile(sorted, 0.95)]);
    assert(p50.value <= p90.value && p90.value <= p95.value && p95.value <= p99.value && p99.value <= max);
    assertAlmostEquals(mean.value, values.reduce((sum, x) => sum + x, 0) / n, 1e-6);
  }));
});

Deno.test("distribution() says that p99 needs more values", () => {
  const { p50, p99 } = distribution(times(100, (i) => (i * 37) % 100))!;
  assertEquals(p99.high, null);
  assert(p50.high !== null);
});

Deno.test("distribution() gives an upper end to every quantile below one that has it", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const { p50, p90, p95, p99 } = distribution(autoregression(random, 100 + 40 * seed, seed % 10 / 10))!;
    const isTold = [p50, p90, p95, p99].map(({ high }) => high !== null);
    assertEquals(isTold, isTold.toSorted((a, b) => Number(b) - Number(a)));
  }
});

Deno.test("distribution() takes no p99 for surer than a slow stretch lets p95 be", () => {
  // A slow stretch, which holds what p95 depends on, and single outliers, which p99 depends on.
  const values = times(1500, (i) => i % 80 === 40 ? 1000 + i : i >= 200 && i < 290 ? 100 + i : i % 10);
  const { p95, p99 } = distribution(values)!;
  const alone = quantileEstimate(ascending(values), 0.95, 0.95, designEffect(values, p95.value, 0.95));
  assertEquals([p95.low, p95.high, p99.high], [alone.low, null, null]);
  assert(designEffect(values, p99.value, 0.95) < 1500 / 368);
  assert(p95.weight! > 10 && p95.weight! < 30);
});

Deno.test("designEffect() is 1 for what carries no information and grows with autocorrelation", () => {
  assertEquals(designEffect([5], 5, 0.95), 1);
  assertEquals(designEffect([5, 5, 5, 5], 5, 0.95), 1);
  const series = (phi: number) => autoregression(seededRandom(2), 2000, phi);
  assertGreater(1.5, designEffect(series(0), 0, 0.95));
  assertGreater(designEffect(series(0.9), 0, 0.95), 5);
});

Deno.test("gaussianEffect() is what a long Gaussian series shows, and the median's own at the median", () => {
  assertAlmostEquals(gaussianEffect(7, 0.5, 0.5), 7, 1e-9);
  const phi = 0.95;
  const series = autoregression(seededRandom(3), 400_000, phi);
  const effect = (z: number) => designEffectAt(series, z, 0.95).estimate;
  for (const [p, z] of [[0.9, 1.2815516], [0.95, 1.6448536], [0.99, 2.3263479]] as const) {
    assertAlmostEquals(effect(z) / gaussianEffect(effect(0), 0.5, p), 1, 0.3);
  }
});

Deno.test("distribution() gives a mean of times no negative end, and one of signed values its own", () => {
  const wild = Array.from({ length: 60 }, (_, i) => i % 20 === 0 ? 900 : 1);
  const drifting = [...wild.map((value) => value), ...Array.from({ length: 60 }, () => 1)];
  assert(distribution(drifting)!.mean.low! >= 0);
  assert(distribution([-5, 5, -6, 6, -5, 5])!.mean.low! < 0);
});

Deno.test("distribution() tells p99.9 where its own upper end is known, of all values and of grouped ones", () => {
  const of = (n: number) => times(n, (i) => (i * 7919) % n);
  assertEquals(distribution(of(3687))?.p999, undefined);
  const grouped = new GroupedObservations();
  for (const value of of(5000)) grouped.add(value);
  for (const { p99, p999, max } of [distribution(of(5000))!, distribution(grouped)!]) {
    assert(p999 !== undefined && p999.high !== null && p999.high <= max);
    assertAlmostEquals(p999.value, 4994, 5);
    assert(p99.value < p999.value);
  }
});
