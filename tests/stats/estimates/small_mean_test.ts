import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { type Random, seededRandom } from "../../../src/core/random.ts";
import { bootstrapDistribution } from "../../../src/stats/estimates/bootstrap_distribution.ts";
import { meanEstimate } from "../../../src/stats/estimates/mean_estimate.ts";
import { rateEstimate } from "../../../src/stats/estimates/rate_estimate.ts";
import { skewedMeanEnds, SMALL_SAMPLE } from "../../../src/stats/estimates/small_mean.ts";
import { studentTMultiplier } from "../../../src/stats/confidence_level.ts";
import { normal } from "./simulate.ts";

const RUNS = 600;

type Draw = (random: Random) => number;

/** Of the mean 1. */
function lognormal(variation: number): Draw {
  const variance = Math.log1p(variation ** 2);
  return (random) => Math.exp(Math.sqrt(variance) * normal(random) - variance / 2);
}

/** Of the mean 1; of half-integer shape it is a sum of squares. */
function gamma(shape: number): Draw {
  return (random) => {
    let sum = 0;
    for (let i = 0; i < 2 * shape; i++) sum += normal(random) ** 2;
    return sum / (2 * shape);
  };
}

const SHAPES = {
  "lognormal, variation 0.3": lognormal(0.3),
  "lognormal, variation 0.6": lognormal(0.6),
  "lognormal, variation 1": lognormal(1),
  "lognormal, variation 1.5": lognormal(1.5),
  "gamma, shape 4": gamma(4),
  "gamma, shape 2": gamma(2),
  "gamma, shape 1": gamma(1),
  "gamma, shape 0.5": gamma(0.5),
};

function covered(n: number, draw: Draw, covers: (values: readonly number[]) => boolean): number {
  const random = seededRandom(7);
  let held = 0;
  for (let run = 0; run < RUNS; run++) if (covers(Array.from({ length: n }, () => draw(random)))) held++;
  return held / RUNS;
}

for (const [name, draw] of Object.entries(SHAPES)) {
  Deno.test(`meanEstimate() covers the mean of 5, 10, 20 and 29 values that are ${name}`, () => {
    for (const n of [5, 10, 20, 29]) {
      assertGreater(covered(n, draw, (values) => holds(meanEstimate(values))), 0.895, `n = ${n}`);
    }
  });
}

function holds({ low, high }: { readonly low: number | null; readonly high: number | null }): boolean {
  return (low ?? -Infinity) <= 1 && 1 <= (high ?? Infinity);
}

Deno.test("Student's t alone misses the mean of five skewed values", () => {
  const t = (values: readonly number[]) => {
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    return Math.abs(mean - 1) <= studentTMultiplier(0.95, 4) * Math.sqrt(squares / 4 / 5);
  };
  assertLess(covered(5, lognormal(1), t), 0.88);
});

Deno.test("rateEstimate() covers the rate of five skewed gaps", () => {
  const covers = (gaps: readonly number[]) => {
    let atMs = 0;
    const endsMs = [0, ...gaps].map((gap) => atMs += 1000 * gap);
    // As a window of a closed loop: it begins with an end that is not counted.
    return holds(rateEstimate(endsMs.slice(1), { startMs: 0, endMs: atMs }));
  };
  assertGreater(covered(6, lognormal(1), covers), 0.9);
});

Deno.test("bootstrapDistribution() has the mean of meanEstimate()", () => {
  const values = [400, 380, 1200, 410, 520];
  const { low, high } = meanEstimate(values);
  const { mean } = bootstrapDistribution(values, { seed: 1 })!;
  assertEquals([mean.low, mean.high], [Math.max(0, low!), high]);
});

Deno.test("skewedMeanEnds() leaves ends as they are where a value is 0 or there are many", () => {
  const own = { low: 0, high: 2 };
  assertEquals(skewedMeanEnds([0, 1, 2], own, 0.95), own);
  assertEquals(skewedMeanEnds(Array(SMALL_SAMPLE).fill(1), own, 0.95), own);
});
