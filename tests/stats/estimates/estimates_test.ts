import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Estimate, relativeHalfWidth } from "../../../src/core/estimate.ts";
import { differenceEstimate } from "../../../src/stats/estimates/difference_estimate.ts";
import { littlesLawRatio } from "../../../src/stats/scaling/littles_law_ratio.ts";
import { overlaps } from "../../../src/stats/estimates/overlaps.ts";
import { ratioEstimate } from "../../../src/stats/ratios/ratio_estimate.ts";
import { wilsonEstimate } from "../../../src/stats/estimates/wilson_estimate.ts";

const estimate = (value: number, low: number | null, high: number | null): Estimate => {
  return { value, low, high, level: 0.95, n: 20 };
};
const POSITIVE = fc.tuple(
  fc.double({ min: 1, max: 1e3, noNaN: true }),
  fc.double({ min: 0.001, max: 0.9, noNaN: true }),
)
  .map(([value, share]) => estimate(value, value * (1 - share), value * (1 + share)));

Deno.test("wilsonEstimate() agrees with published values", () => {
  // Newcombe 1998, table I: 81/263, 15/148, 0/20, 1/29.
  const published: [number, number, number, number][] = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ];
  for (const [successes, n, low, high] of published) {
    const actual = wilsonEstimate(successes, n);
    assertAlmostEquals(actual.low!, low, 5e-5);
    assertAlmostEquals(actual.high!, high, 5e-5);
  }
});

Deno.test("wilsonEstimate() mirrors failures into successes", () => {
  fc.assert(fc.property(fc.nat(50), fc.nat(50), (successes, failures) => {
    fc.pre(successes + failures > 0);
    const n = successes + failures;
    const a = wilsonEstimate(successes, n), b = wilsonEstimate(failures, n);
    assertAlmostEquals(a.low!, 1 - b.high!, 1e-12);
    assert(0 <= a.low! && a.low! <= a.value && a.value <= a.high! && a.high! <= 1);
  }));
});

Deno.test("wilsonEstimate() refuses shares that are none", () => {
  assertThrows(() => wilsonEstimate(0, 0), RangeError, "current value is 0");
  assertThrows(() => wilsonEstimate(3, 2), RangeError, "current value is 3");
});

Deno.test("differenceEstimate() turns around with its operands", () => {
  fc.assert(fc.property(POSITIVE, POSITIVE, (a, b) => {
    const ab = differenceEstimate(a, b), ba = differenceEstimate(b, a);
    assertAlmostEquals(ab.low!, -ba.high!, 1e-9);
    assert(ab.low! < ab.value && ab.value < ab.high!);
  }));
});

Deno.test("differenceEstimate() needs one end of each for one of its own", () => {
  assertEquals(differenceEstimate(estimate(5, 4, null), estimate(2, 1, 3)).high, null);
  assertEquals(differenceEstimate(estimate(5, 4, null), estimate(2, null, 3)).low, 3 - Math.hypot(1, 1));
});

Deno.test("ratioEstimate() turns over with its operands", () => {
  fc.assert(fc.property(POSITIVE, POSITIVE, (a, b) => {
    const ab = ratioEstimate(a, b)!, ba = ratioEstimate(b, a)!;
    assert(ab.low! <= ab.value && ab.value <= ab.high!);
    assertAlmostEquals(ab.low! * ba.high!, 1, 1e-6);
  }));
});

Deno.test("ratioEstimate() agrees with Fieller's theorem for symmetric intervals", () => {
  // Donner and Zou: with symmetric intervals MOVER-R is Fieller's interval for independent means.
  const [x, sx, y, sy] = [10, 1, 4, 0.5];
  const a = estimate(x, x - sx, x + sx), b = estimate(y, y - sy, y + sy);
  const root = Math.sqrt((x * y) ** 2 - (x * x - sx * sx) * (y * y - sy * sy));
  const { low, high } = ratioEstimate(a, b)!;
  assertAlmostEquals(low!, (x * y - root) / (y * y - sy * sy), 1e-12);
  assertAlmostEquals(high!, (x * y + root) / (y * y - sy * sy), 1e-12);
});

Deno.test("ratioEstimate() has no upper end when the denominator may be 0 and no value when it is", () => {
  const { low, high } = ratioEstimate(estimate(10, 9, 11), estimate(4, 0, 8))!;
  assertEquals(high, null);
  assertAlmostEquals(low!, 9 * 11 / (2 * 10 * 4), 1e-9);
  assertEquals(ratioEstimate(estimate(10, 9, 11), estimate(0, 0, 1)), null);
});

Deno.test("differenceEstimate() and ratioEstimate() refuse intervals of different levels", () => {
  const other = { ...estimate(2, 1, 3), level: 0.9 };
  assertThrows(() => differenceEstimate(estimate(2, 1, 3), other), RangeError, "0.95 and 0.9");
  assertThrows(() => ratioEstimate(estimate(2, 1, 3), other), RangeError, "0.95 and 0.9");
});

Deno.test("overlaps() is symmetric, counts touching, and takes an unknown end as unbounded", () => {
  assert(overlaps(estimate(1, 0, 2), estimate(3, 2, 4)));
  assert(!overlaps(estimate(1, 0, 2), estimate(4, 3, 5)));
  assert(overlaps(estimate(1, 0, null), estimate(9, 8, 10)));
  fc.assert(fc.property(POSITIVE, POSITIVE, (a, b) => overlaps(a, b) === overlaps(b, a) && overlaps(a, a)));
});

Deno.test("relativeHalfWidth() is free of the unit and unknown where an end is", () => {
  assertEquals(relativeHalfWidth(estimate(100, 95, 105)), 0.05);
  assertEquals(relativeHalfWidth(estimate(-100, -105, -95)), 0.05);
  assertEquals(relativeHalfWidth(estimate(100, null, 105)), null);
  assertEquals(relativeHalfWidth(estimate(0, -1, 1)), null);
});

Deno.test("littlesLawRatio() rises when slots stay idle and refuses a rate or latency of 0", () => {
  assertEquals(littlesLawRatio(8, 200, 40), 1);
  assertGreater(littlesLawRatio(8, 150, 40), 1.3);
  assertThrows(() => littlesLawRatio(8, 0, 40), RangeError);
  assertThrows(() => littlesLawRatio(8, 100, 0), RangeError);
});
