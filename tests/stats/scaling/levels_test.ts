import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { equivalentLevels } from "../../../src/stats/scaling/equivalent_levels.ts";
import { kneedle } from "../../../src/stats/scaling/kneedle.ts";
import type { LevelEstimate } from "../../../src/stats/scaling/level_estimate.ts";
import { plateauLevel } from "../../../src/stats/scaling/plateau_level.ts";

const at = (level: number, value: number, halfWidth: number | null = 1): LevelEstimate => ({
  level,
  estimate: {
    value,
    low: halfWidth === null ? null : value - halfWidth,
    high: halfWidth === null ? null : value + halfWidth,
    level: 0.95,
    n: 30,
  },
});

Deno.test("equivalentLevels() chooses the smallest level that cannot be told from the best", () => {
  const levels = [at(1, 32, 2), at(2, 60, 2), at(4, 139, 5), at(8, 145, 3), at(16, 142, 4), at(32, 120, 3)];
  assertEquals(equivalentLevels(levels), { best: 8, optimal: 4, equivalent: [4, 8, 16] });
});

Deno.test("equivalentLevels() does not let a level win on an interval that is unknown", () => {
  assertEquals(equivalentLevels([at(1, 32, null), at(8, 145, 3)]), { best: 8, optimal: 8, equivalent: [8] });
  assertEquals(equivalentLevels([at(1, 32, 2), at(8, 145, null)]), { best: 8, optimal: 8, equivalent: [8] });
});

Deno.test("equivalentLevels() is null of no levels", () => {
  assertEquals(equivalentLevels([]), null);
});

Deno.test("equivalentLevels() holds the best, does not depend on order and prefers the smaller of two equals", () => {
  const level = fc.tuple(
    fc.integer({ min: 1, max: 64 }),
    fc.integer({ min: 1, max: 100 }),
    fc.integer({ min: 0, max: 20 }),
  );
  const levels = fc.uniqueArray(level, { minLength: 1, maxLength: 8, selector: ([size]) => size });
  fc.assert(fc.property(levels, (raw) => {
    const all = raw.map(([size, value, halfWidth]) => at(size, value, halfWidth));
    const { best, optimal, equivalent } = equivalentLevels(all)!;
    assert(equivalent.includes(best) && equivalent.includes(optimal) && optimal <= best);
    assertEquals(equivalentLevels(all.toReversed()), { best, optimal, equivalent });
  }));
  assertEquals(equivalentLevels([at(4, 10), at(2, 10)])!.best, 2);
});

const known = (level: number, value: number, share = 0.01) => {
  const { estimate } = at(level, value);
  return { level, estimate: { ...estimate, low: value * (1 - share), high: value * (1 + share) } };
};

Deno.test("plateauLevel() is the first level that gains under 5 %", () => {
  const levels = [known(1, 30), known(2, 55), known(4, 90), known(8, 91), known(16, 180)];
  assertEquals(plateauLevel(levels), { level: 8, among: [8] });
  assertEquals(plateauLevel([known(4, 90), known(1, 30), known(2, 55)]), { level: null, among: [null] });
  assertEquals(plateauLevel([known(1, 100), known(2, 90)]).level, 2);
  assertEquals(plateauLevel([known(1, 100)]), { level: null, among: [null] });
  assertEquals(plateauLevel([]).level, null);
});

Deno.test("plateauLevel() names all levels that it may be where the intervals do not tell", () => {
  const levels = [known(1, 30), known(2, 60), known(4, 64, 0.1), known(8, 65, 0.1), known(16, 40)];
  assertEquals(plateauLevel(levels), { level: null, among: [4, 8, 16] });
  const unsure = { value: 60, low: null, high: null, level: 0.95, n: 1 };
  assertEquals(plateauLevel([known(1, 30), { level: 2, estimate: unsure }]).among, [2, null]);
});

Deno.test("plateauLevel() tells no plateau from a fall that chance makes of rates that are hardly known", () => {
  const fall = (share: number) => plateauLevel([known(1, 100, share), known(2, 90, share)]).among;
  assertEquals(fall(0.1), [2]);
  assertEquals(fall(0.19), [2, null]);
  assertEquals(plateauLevel([known(1, 100, 0.19), known(2, 60, 0.19)]).level, 2);
});

Deno.test("kneedle() finds the knee of the paper's figure 2", () => {
  // Satopaa et al.: y = -1 / (x + 0.1) + 5 for ten x from 0 to 1 has its knee at 0.22.
  const points = Array.from({ length: 10 }, (_, i) => ({ x: i / 9, y: -1 / (i / 9 + 0.1) + 5 }));
  assertEquals(kneedle(points), 2 / 9);
});

Deno.test("kneedle() finds none on a line, a flat curve or two points", () => {
  assertEquals(kneedle([1, 2, 3, 4].map((x) => ({ x, y: 10 * x }))), null);
  assertEquals(kneedle([1, 2, 3, 4].map((x) => ({ x, y: 10 }))), null);
  assertEquals(kneedle([{ x: 1, y: 1 }, { x: 2, y: 9 }]), null);
});

Deno.test("kneedle() finds the same knee whatever the units and the order", () => {
  const points = [[1, 10], [2, 20], [4, 38], [8, 44], [16, 46], [32, 47]].map(([x, y]) => ({ x: x!, y: y! }));
  const scaled = points.map(({ x, y }) => ({ x, y: 1000 * y + 7 })).toReversed();
  assertEquals([kneedle(points), kneedle(scaled)], [8, 8]);
});
