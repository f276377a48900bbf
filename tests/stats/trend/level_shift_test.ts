import { assert, assertEquals, assertLess } from "@std/assert";
import { seededRandom } from "../../../src/core/random.ts";
import { levelShift } from "../../../src/stats/trend/level_shift.ts";

/** Lognormal latencies of 10 ms that are alike to their neighbours, `factor` times as long for the first `slow`. */
function latencies(seed: number, n: number, { variation = 0.2, likeness = 0, factor = 1, slow = 0 } = {}) {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let z = normal();
  return Float64Array.from({ length: n }, (_, i) => {
    z = likeness * z + Math.sqrt(1 - likeness ** 2) * normal();
    return 10 * Math.exp(variation * z) * (i < slow ? factor : 1);
  });
}

function found(seeds: number, n: number, options: Parameters<typeof latencies>[2]): number {
  let count = 0;
  for (let seed = 1; seed <= seeds; seed++) if (levelShift(latencies(seed, n, options)) !== null) count++;
  return count;
}

Deno.test("levelShift() is calm where the level stays, however alike neighbours are", () => {
  for (const likeness of [0, 0.5, 0.9]) {
    for (const n of [60, 200, 600]) {
      for (const variation of [0.2, 0.8]) {
        assertLess(found(100, n, { variation, likeness }), 5, `${n} of likeness ${likeness}, ${variation}`);
      }
    }
  }
});

Deno.test("levelShift() finds a level that was 1.3 times or twice as high at first", () => {
  assertEquals(found(50, 600, { factor: 2, slow: 400 }), 50);
  assertEquals(found(50, 600, { factor: 1.3, slow: 400 }), 50);
  assert(found(50, 600, { factor: 2, slow: 400, likeness: 0.5 }) >= 45);
  assertEquals(found(50, 600, { factor: 1.1, slow: 400, variation: 0.05 }), 0);
});

Deno.test("levelShift() says where, and how much longer it took before", () => {
  let covered = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const { at, ratio } = levelShift(latencies(seed, 600, { factor: 2, slow: 400 }))!;
    assertLess(Math.abs(at - 400), 6);
    if (ratio.low! < 2 && 2 < ratio.high!) covered++;
  }
  assert(covered >= 17, `${covered} of 20 intervals hold the truth`);
});

Deno.test("levelShift() takes a stall, and a handful, for no new level", () => {
  assertEquals(levelShift(latencies(1, 300).map((x, i) => i > 100 && i < 104 ? 2000 : x)), null);
  assertEquals(levelShift([20, 20, 20, 20, 20, 10, 10, 10, 10]), null);
  assertEquals(levelShift(Array(100).fill(5)), null);
});

Deno.test("levelShift() looks at tens of thousands", () => {
  assertLess(Math.abs(levelShift(latencies(1, 50_000, { factor: 1.5, slow: 20_000 }))!.at - 20_000), 60);
});
