import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seededRandom } from "../../../src/core/random.ts";
import { meanEstimate } from "../../../src/stats/estimates/mean_estimate.ts";
import { autoregression, times } from "./simulate.ts";

const SERIES = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 300 });

Deno.test("meanEstimate() is Student's interval when there are too few values to see correlation", () => {
  // One that is not positive: of a skewed distribution of times there is no sign.
  const { value, low, high, n } = meanEstimate([5.1, 4.9, 5.6, 5.2, 4.7].map((x) => x - 10));
  assertAlmostEquals(value, -4.9, 1e-12);
  const halfWidth = 2.7764451 * Math.sqrt((0 + 0.04 + 0.25 + 0.01 + 0.16) / 4 / 5);
  assertAlmostEquals(low!, -4.9 - halfWidth, 1e-6);
  assertAlmostEquals(high!, -4.9 + halfWidth, 1e-6);
  assertEquals(n, 5);
});

Deno.test("meanEstimate() has no interval from one value and none at all from nothing", () => {
  assertEquals(meanEstimate([3]), { value: 3, low: null, high: null, level: 0.95, n: 1 });
  assertThrows(() => meanEstimate([]), RangeError, "found 0");
});

Deno.test("meanEstimate() is sure of a constant", () => {
  assertEquals(meanEstimate(times(50, () => 4)), { value: 4, low: 4, high: 4, level: 0.95, n: 50, weight: 50 });
});

Deno.test("meanEstimate() is wider the more neighbours are alike", () => {
  const widths = [0, 0.5, 0.9].map((phi) => {
    const { low, high } = meanEstimate(autoregression(seededRandom(3), 4000, phi));
    return high! - low!;
  });
  assertGreater(widths[1]!, 1.4 * widths[0]!);
  assertGreater(widths[2]!, 1.8 * widths[1]!);
});

Deno.test("meanEstimate() holds its value and follows shift and scale", () => {
  fc.assert(fc.property(SERIES, (series) => {
    const plain = meanEstimate(series), moved = meanEstimate(series.map((x) => 2 * x + 16));
    assert(plain.low! <= plain.value && plain.value <= plain.high!);
    assertAlmostEquals(moved.value, 2 * plain.value + 16, 1e-6);
  }));
  const series = autoregression(seededRandom(5), 500, 0.4);
  const plain = meanEstimate(series), moved = meanEstimate(series.map((x) => 2 * x + 16));
  assertAlmostEquals(moved.low!, 2 * plain.low! + 16, 1e-9);
  assertAlmostEquals(moved.high!, 2 * plain.high! + 16, 1e-9);
});
