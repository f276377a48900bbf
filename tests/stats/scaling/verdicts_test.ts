import { assert, assertEquals } from "@std/assert";
import { equivalentLevels } from "../../../src/stats/scaling/equivalent_levels.ts";
import { kneeVerdict } from "../../../src/stats/scaling/knee_verdict.ts";
import { optimumRivals } from "../../../src/stats/scaling/optimum_rivals.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { normalQuantile } from "../../../src/stats/probability.ts";
import { trueKnee } from "../../calibration/truth.ts";

const LEVELS = [1, 2, 4, 8, 16, 32];

/** A sweep of a curve whose rates are known to a share. */
function sweepOf(curve: (level: number) => number, known: number, random: () => number) {
  return LEVELS.map((level) => {
    const value = curve(level) * (1 + known / 1.96 * normalQuantile(1e-9 + random() * (1 - 2e-9)));
    return { level, estimate: { value, low: value * (1 - known), high: value * (1 + known), level: 0.95, n: 300 } };
  });
}

const CURVES: Readonly<Record<string, (level: number) => number>> = {
  "two workers": (n) => 100 * Math.min(2, n),
  "eight workers": (n) => 100 * Math.min(8, n),
  "saturating": (n) => 100 * n / (1 + 0.15 * (n - 1)),
  "retrograde": (n) => 100 * n / (1 + 0.05 * (n - 1) + 0.01 * n * (n - 1)),
  "flat": () => 100,
};

for (const [name, curve] of Object.entries(CURVES)) {
  Deno.test(`kneeVerdict() tells no wrong knee of a server of this curve: ${name}`, () => {
    const truth = name === "flat" ? null : trueKnee(LEVELS.map((level) => ({ level, rate: curve(level) })));
    const random = seededRandom(1);
    const told = Array.from({ length: 40 }, () => kneeVerdict(sweepOf(curve, 0.035, random), 1))
      .filter(({ among }) => among.length === 1);
    assert(told.filter(({ knee }) => knee !== truth).length <= 1, `${told.map(({ knee }) => knee)}`);
    if (["eight workers", "retrograde"].includes(name)) assertEquals(told.length, 40, "it is no refuge");
    if (name === "flat") assertEquals(told.length, 0, "a flat curve has a knee wherever chance puts it");
  });
}

Deno.test("kneeVerdict() names the places where the knee may be, and none where an end is not known", () => {
  const exact = (known: number) => sweepOf(CURVES["two workers"]!, known, () => 0.5);
  assertEquals(kneeVerdict(exact(0.01), 1), { knee: 2, among: [2] });
  const { knee, among } = kneeVerdict(sweepOf(CURVES["saturating"]!, 0.07, () => 0.5), 1);
  assert(knee === null && among.length > 1 && among.includes(8), `${among}`);
  const unknown = exact(0.01).map((each) => ({ ...each, estimate: { ...each.estimate, high: null } }));
  assertEquals(kneeVerdict(unknown, 1), { knee: null, among: [] });
  assertEquals(kneeVerdict(exact(0.01).slice(0, 2), 1), { knee: null, among: [null] }, "two levels have none");
  assertEquals(kneeVerdict([], 1), { knee: null, among: [null] }, "nor have none, as where every request failed");
});

Deno.test("optimumRivals() names what may be over 10 % faster, and smaller levels that may be as fast", () => {
  const rivals = (known: number, curve: (level: number) => number) => {
    const levels = sweepOf(curve, known, () => 0.5);
    return optimumRivals(levels, equivalentLevels(levels)!);
  };
  assertEquals(rivals(0.05, CURVES["eight workers"]!), []);
  assertEquals(rivals(0.05, CURVES["flat"]!), []);
  assertEquals(rivals(0.25, CURVES["flat"]!), [2, 4, 8, 16, 32]);
  assertEquals(rivals(0.08, (n) => n === 8 ? 132 : n === 4 ? 118 : 100), [4], "4 may be as fast as 8");
  const slower = (share: number) => {
    const levels = [1, 2].map((level) => {
      const value = level === 1 ? 100 : 75, halfWidth = level === 1 ? 5 : share * value;
      return { level, estimate: { value, low: value - halfWidth, high: value + halfWidth, level: 0.95, n: 9 } };
    });
    return optimumRivals(levels, equivalentLevels(levels)!);
  };
  assertEquals(slower(0.3), []);
  assertEquals(slower(0.6), [2], "what is hardly known may be faster");
});
