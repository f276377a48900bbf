import { assertEquals } from "@std/assert";
import { equivalentLevels } from "../../../src/stats/scaling/equivalent_levels.ts";
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
