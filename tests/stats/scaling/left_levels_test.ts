import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { LeftLevel } from "../../../src/results/window/left_level.ts";
import { type BoundedEstimate, equivalentLevels } from "../../../src/stats/scaling/equivalent_levels.ts";
import { leftLevels } from "../../../src/stats/scaling/left_levels.ts";

const at = (level: number, value: number, halfWidth: number, isBound = false): BoundedEstimate => ({
  level,
  estimate: { value, low: value - halfWidth, high: isBound ? null : value + halfWidth, level: 0.95, n: 60 },
  isBound,
});

const slower = (level: number, than: number): LeftLevel => ({ level, reason: "slower", than });
const noGain = (level: number, than: number): LeftLevel => ({ level, reason: "no-gain", than });

const cases: readonly [why: string, levels: readonly BoundedEstimate[], left: readonly LeftLevel[]][] = [
  ["leaves nothing of nothing", [], []],
  ["leaves what is far below the best", [at(1, 50, 3), at(2, 99, 5), at(4, 200, 10)], [slower(1, 4), slower(2, 4)]],
  ["keeps what may be as fast as the best", [at(1, 180, 12), at(4, 200, 10)], []],
  ["keeps what is slower by less than two visits may differ by drift", [at(1, 96, 0.5), at(4, 100, 0.5)], []],
  ["leaves equals of a smaller level, but for the best", [at(1, 100, 3), at(2, 100, 3), at(4, 101, 3)], [noGain(2, 1)]],
  ["keeps a larger level that may be worth it", [at(1, 100, 6), at(2, 108, 6), at(4, 107, 6)], []],
  ["keeps what is known from below only", [at(1, 50, 3, true), at(2, 200, 10)], []],
  ["leaves what is below a level that is known from below", [at(1, 50, 3), at(2, 200, 10, true)], [slower(1, 2)]],
  ["keeps what has no upper end", [{ level: 1, estimate: { ...at(1, 9, 1).estimate, high: null } }, at(2, 99, 9)], []],
];

for (const [why, levels, left] of cases) {
  Deno.test(`leftLevels() ${why}`, () => assertEquals(leftLevels(levels), left));
}

Deno.test("leftLevels() never leaves the best nor the optimum so far, whatever the levels", () => {
  const level = fc.record({
    value: fc.double({ min: 1, max: 1000, noNaN: true }),
    share: fc.double({ min: 0, max: 0.5, noNaN: true }),
  });
  fc.assert(fc.property(fc.array(level, { minLength: 1, maxLength: 8 }), (drawn) => {
    const levels = drawn.map(({ value, share }, i) => at(2 ** i, value, share * value));
    const { best, optimal } = equivalentLevels(levels)!;
    assert(leftLevels(levels).every(({ level }) => level !== best && level !== optimal));
  }));
});
