import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ascending } from "../../../src/stats/estimates/ascending.ts";
import { quantile } from "../../../src/stats/estimates/quantile.ts";

const SAMPLE = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
const SHARE = fc.double({ min: 0, max: 1, noNaN: true });

Deno.test("quantile() agrees with R's quantile(type = 7)", () => {
  const sample = ascending([15, 20, 35, 40, 50]);
  // R: quantile(c(15, 20, 35, 40, 50), c(0, .05, .3, .4, .5, .95, 1))
  const expected: [number, number][] = [[0, 15], [0.05, 16], [0.3, 23], [0.4, 29], [0.5, 35], [0.95, 48], [1, 50]];
  for (const [p, value] of expected) assertAlmostEquals(quantile(sample, p), value, 1e-12);
});

Deno.test("quantile() is the observation itself when there is one", () => {
  assertEquals([0, 0.3, 1].map((p) => quantile(ascending([7]), p)), [7, 7, 7]);
});

Deno.test("quantile() does not depend on the order of the observations", () => {
  fc.assert(fc.property(SAMPLE, SHARE, (values, p) => {
    assertEquals(quantile(ascending(values), p), quantile(ascending(values.toReversed()), p));
  }));
});

Deno.test("quantile() never falls as its share rises, and ends at the extremes", () => {
  fc.assert(fc.property(SAMPLE, SHARE, SHARE, (values, a, b) => {
    const sorted = ascending(values);
    assert(quantile(sorted, Math.min(a, b)) <= quantile(sorted, Math.max(a, b)) + 1e-9);
    assertEquals([quantile(sorted, 0), quantile(sorted, 1)], [sorted[0]!, sorted[sorted.length - 1]!]);
  }));
});

Deno.test("quantile() follows shift and scale of the observations", () => {
  fc.assert(fc.property(SAMPLE, SHARE, (values, p) => {
    const expected = 3 * quantile(ascending(values), p) + 5;
    assertAlmostEquals(quantile(ascending(values.map((x) => 3 * x + 5)), p), expected, 1e-6);
  }));
});

Deno.test("quantile() refuses a share outside 0 to 1", () => {
  for (const p of [-0.1, 1.1, NaN, 95]) assertThrows(() => quantile(ascending([1]), p), RangeError);
});
