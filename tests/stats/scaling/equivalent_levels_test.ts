import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type BoundedEstimate, equivalentLevels } from "../../../src/stats/scaling/equivalent_levels.ts";
import type { LevelEstimate } from "../../../src/stats/scaling/level_estimate.ts";

const at = (level: number, value: number, halfWidth: number): LevelEstimate => ({
  level,
  estimate: { value, low: value - halfWidth, high: value + halfWidth, level: 0.95, n: 30 },
});

Deno.test("equivalentLevels() does not recommend a level that measured a third slower, however wide the intervals", () => {
  const levels = [at(1, 50, 25), at(4, 80, 20), at(8, 97, 25), at(16, 100, 30)];
  assertEquals(equivalentLevels(levels), { best: 8, optimal: 8, equivalent: [1, 4, 8, 16] });
});

Deno.test("equivalentLevels() takes no level for the best that is high by luck alone", () => {
  assertEquals(equivalentLevels([at(1, 100, 3), at(32, 112, 30)]), { best: 1, optimal: 1, equivalent: [1, 32] });
});

/** A level that something else than the server limited: it can do at least so much. */
const atLeast = (level: number, value: number, halfWidth: number): BoundedEstimate => ({
  level,
  estimate: { ...at(level, value, halfWidth).estimate, high: null },
  isBound: true,
});

const bounded: readonly [why: string, levels: readonly BoundedEstimate[], optimal: number][] = [
  [
    "names the bounded level where no level that measured lower can be the optimum",
    [at(1, 200, 4), at(4, 757, 8), atLeast(16, 994, 10)],
    16,
  ],
  ["names the highest where all are bounded", [atLeast(1, 950, 10), atLeast(4, 990, 10), atLeast(16, 994, 10)], 16],
  ["names the highest where the lower ones are bounded far below it", [atLeast(4, 757, 8), at(16, 1410, 14)], 16],
  ["names a smaller level that is nearly as fast, and may be faster", [atLeast(4, 1380, 14), at(16, 1410, 14)], 4],
  ["names no level below a bounded one, however near", [at(2, 1375, 14), atLeast(4, 1380, 14), at(16, 1410, 14)], 4],
  ["takes a bounded level that is slower than the best for no equal of it", [at(1, 1000, 10), atLeast(4, 850, 200)], 1],
];

for (const [does, levels, optimal] of bounded) {
  Deno.test(`equivalentLevels() ${does}`, () => assertEquals(equivalentLevels(levels)!.optimal, optimal));
}

Deno.test("equivalentLevels() never names a level that measured lower than a bounded one within reach of the best", () => {
  const level = fc.tuple(fc.double({ min: 1, max: 1000, noNaN: true }), fc.boolean());
  fc.assert(fc.property(fc.array(level, { minLength: 1, maxLength: 6 }), (raw) => {
    const levels = raw.map(([value, isBound], i): BoundedEstimate =>
      isBound ? atLeast(2 ** i, value, 0.01 * value) : at(2 ** i, value, 0.01 * value)
    );
    const { optimal } = equivalentLevels(levels)!;
    const chosen = levels.find(({ level }) => level === optimal)!;
    for (const { isBound, estimate } of levels) {
      if (isBound) assert(estimate.value <= chosen.estimate.value, `${optimal} of ${JSON.stringify(raw)}`);
    }
  }));
});
