import { assert, assertEquals, assertLess } from "@std/assert";
import { scalingIntervals } from "../../../src/stats/scaling/scaling_intervals.ts";

const [lambda, sigma, kappa] = [100, 0.05, 0.01];
const truth = (n: number) => lambda * n / (1 + sigma * (n - 1) + kappa * n * (n - 1));
const levels = (relativeHalfWidth: number, of = truth) =>
  [1, 2, 4, 8, 16, 32].map((level) => {
    const value = of(level);
    return {
      level,
      estimate: {
        value,
        low: value * (1 - relativeHalfWidth),
        high: value * (1 + relativeHalfWidth),
        level: 0.95,
        n: 500,
      },
    };
  });

Deno.test("scalingIntervals() holds the true peak and narrows with the levels' intervals", () => {
  const peak = Math.sqrt((1 - sigma) / kappa);
  const wide = scalingIntervals(levels(0.05), 1).peak!, narrow = scalingIntervals(levels(0.01), 1).peak!;
  for (const { low, high } of [wide, narrow]) assert(low <= peak && high! >= peak, `${low} to ${high}`);
  assertLess(narrow.high! - narrow.low, wide.high! - wide.low);
});

Deno.test("scalingIntervals() gives a linear server no peak", () => {
  const { peak } = scalingIntervals(levels(0.02, (n) => 100 * n), 1);
  assert(peak === null || peak.high === null);
});

Deno.test("scalingIntervals() gives nothing where a level has no interval", () => {
  const [first, ...others] = levels(0.02);
  const unknown = { ...first!, estimate: { ...first!.estimate, high: null } };
  assertEquals(scalingIntervals([unknown, ...others], 1), { peak: null, knee: null });
});

Deno.test("scalingIntervals() is the same for the same seed", () => {
  assertEquals(scalingIntervals(levels(0.03), 4), scalingIntervals(levels(0.03), 4));
});
