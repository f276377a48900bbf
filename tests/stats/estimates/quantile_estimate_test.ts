import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ascending } from "../../../src/stats/estimates/ascending.ts";
import { quantileEstimate, quantileRanks } from "../../../src/stats/estimates/quantile_estimate.ts";
import { times } from "./simulate.ts";

const upTo = (n: number) => ascending(times(n, (i) => i + 1));

Deno.test("quantileEstimate() takes the ranks of the binomial table", () => {
  // Conover, Practical Nonparametric Statistics: the median of 10 lies between ranks 2 and 9, of 20 between 6 and 15.
  for (const [n, low, high] of [[10, 2, 9], [20, 6, 15], [6, 1, 6]] as const) {
    const estimate = quantileEstimate(upTo(n), 0.5);
    assertEquals([estimate.low, estimate.high], [low, high]);
  }
});

for (const [p, fewest] of [[0.5, 6], [0.9, 36], [0.95, 72], [0.99, 368]] as const) {
  Deno.test(`quantileEstimate() knows the upper end of quantile ${p} from ${fewest} observations on`, () => {
    assertEquals(quantileEstimate(upTo(fewest - 1), p).high, null);
    assertEquals(quantileEstimate(upTo(fewest), p).high, fewest);
  });
}

Deno.test("quantileEstimate() holds its value and narrows with a lower level", () => {
  const sample = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(fc.property(sample, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (values, p) => {
    const wide = quantileEstimate(ascending(values), p, 0.99);
    const narrow = quantileEstimate(ascending(values), p, 0.8);
    assert((wide.low ?? -Infinity) <= wide.value && wide.value <= (wide.high ?? Infinity));
    assert(
      (wide.low ?? -Infinity) <= (narrow.low ?? -Infinity) && (narrow.high ?? Infinity) <= (wide.high ?? Infinity),
    );
  }));
});

Deno.test("quantileEstimate() widens with the design effect and never reads past the sample", () => {
  const sample = upTo(100);
  const plain = quantileEstimate(sample, 0.5), dependent = quantileEstimate(sample, 0.5, 0.95, 4);
  assert(dependent.low! < plain.low! && dependent.high! > plain.high!);
  for (let effect = 1; effect < 120; effect += 0.37) {
    for (const p of [0.05, 0.5, 0.9]) {
      const { low, high } = quantileEstimate(sample, p, 0.95, effect);
      assert(low === null || Number.isFinite(low));
      assert(high === null || Number.isFinite(high));
    }
  }
});

Deno.test("quantileEstimate() refuses a level that is none", () => {
  for (const level of [0, 1, 95, NaN]) assertThrows(() => quantileEstimate(upTo(10), 0.5, level), RangeError);
});

Deno.test("quantileRanks() has the outer one of the observations that stand for one independent one as either end", () => {
  // 200 that weigh like one: that p99 lies above the largest of them is not known.
  assertEquals(quantileRanks(200, 0.99, 0.95, 200), { low: 0, high: null });
  assertEquals(quantileRanks(400, 0.5, 0.95, 4), { low: 156, high: 243 });
});
