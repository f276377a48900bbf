import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../src/core/random.ts";
import { predictionInterval } from "../../src/stats/prediction_interval.ts";

Deno.test("predictionInterval() holds 95 % of further observations of the same population", () => {
  const random = seededRandom(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  for (const n of [2, 3, 5, 20]) {
    let held = 0;
    const trials = 4000;
    for (let i = 0; i < trials; i++) {
      const { low, high } = predictionInterval(Array.from({ length: n }, () => 1000 + 50 * normal()))!;
      const next = 1000 + 50 * normal();
      if (next >= low && next <= high) held++;
    }
    assert(Math.abs(held / trials - 0.95) < 0.015, `${held / trials} at n = ${n}`);
  }
});

Deno.test("predictionInterval() knows nothing of one observation, and no negative durations", () => {
  assertEquals([predictionInterval([]), predictionInterval([5])], [null, null]);
  assertEquals(predictionInterval([1, 100, 3])!.low, 0);
});
