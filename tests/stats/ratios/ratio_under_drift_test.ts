import { assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { ratioEstimate } from "../../../src/stats/ratios/ratio_estimate.ts";
import { driftBetween, ratioUnderDrift } from "../../../src/stats/ratios/ratio_under_drift.ts";

const about = (value: number, share = 0.05) => ({
  value,
  low: value * (1 - share),
  high: value * (1 + share),
  level: 0.95,
  n: 100,
});

/** Visits of 1 s that begin at these moments, s, by a rate that falls by 2 % a second. */
const drifting = (rate: number, ...beginsS: number[]) =>
  beginsS.map((beginS) => ({
    atMs: 1000 * beginS,
    durationMs: 1000,
    requestsPerSecond: about(rate * Math.exp(-0.02 * beginS)),
  }));

const levelOf = (visits: ReturnType<typeof drifting>) => {
  const mean = visits.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond.value, 0) / visits.length;
  return { estimate: about(mean, 0.02), visits };
};

Deno.test("driftBetween() finds a steady drift by the levels that were visited twice", () => {
  const { perMs, error } = driftBetween([drifting(100, 0, 20), drifting(300, 4, 16), drifting(50, 8)])!;
  assertAlmostEquals(perMs, -0.02e-3, 1e-9);
  assertLess(error, driftBetween([drifting(100, 0, 20)])!.error);
  assertEquals(driftBetween([drifting(100, 0), drifting(50, 8), []]), null);
});

Deno.test("ratioUnderDrift() holds the ratio at one moment of a level that was left after one visit", () => {
  const [base, left] = [levelOf(drifting(100, 0, 20)), levelOf(drifting(200, 1))];
  const drift = driftBetween([base.visits, left.visits]);
  const plain = ratioEstimate(left.estimate, base.estimate)!;
  const ratio = ratioUnderDrift(left, base, drift)!;
  assertGreater(plain.low!, 2);
  assertLess(ratio.low!, 2);
  assertEquals([ratio.value, ratio.high], [plain.value, plain.high]);
});

Deno.test("ratioUnderDrift() adds nothing to a level of the base's moment, and to none without a known drift", () => {
  const [base, twice] = [levelOf(drifting(100, 0, 20)), levelOf(drifting(200, 4, 16))];
  const plain = ratioEstimate(twice.estimate, base.estimate);
  assertEquals(ratioUnderDrift(twice, base, driftBetween([base.visits])), plain);
  assertEquals(ratioUnderDrift(twice, { ...base, visits: [] }, driftBetween([base.visits])), plain);
  assertEquals(ratioUnderDrift(twice, base, null), plain);
  assertEquals(ratioUnderDrift({ ...twice, estimate: null }, base, null), null);
  assertEquals(ratioUnderDrift(base, base, driftBetween([base.visits]))!.low, 1);
});
