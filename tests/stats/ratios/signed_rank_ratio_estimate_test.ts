import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "../../../src/core/random.ts";
import { pairedRatioEstimate } from "../../../src/stats/ratios/paired_ratio_estimate.ts";
import { signedRankRatioEstimate } from "../../../src/stats/ratios/signed_rank_ratio_estimate.ts";

const pairsOf = (logs: readonly number[]) => logs.map((log) => ({ a: 1, b: Math.exp(log) }));

Deno.test("signedRankRatioEstimate() gives the estimate and interval that the means of any two give", () => {
  const logs = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
  const six = signedRankRatioEstimate(pairsOf(logs))!;
  assertAlmostEquals(Math.log(six.value), 0.35);
  // Of six only all of one sign are sure: the interval is that of the smallest and the largest.
  assertAlmostEquals(Math.log(six.low!), 0.1);
  assertAlmostEquals(Math.log(six.high!), 0.6);
  // Wilcoxon's critical value of eight pairs is 3: the fourth of the means from either end.
  const eight = signedRankRatioEstimate(pairsOf([0, 1, 2, 4, 8, 16, 32, 64].map((log) => log / 100)))!;
  assertAlmostEquals(Math.log(eight.low!), 0.01);
  assertAlmostEquals(Math.log(eight.high!), 0.36);
});

Deno.test("signedRankRatioEstimate() is Student's of few pairs, and null of none", () => {
  const few = pairsOf([0.1, 0.2, 0.4]);
  assertEquals(signedRankRatioEstimate(few), pairedRatioEstimate(few));
  assertEquals(signedRankRatioEstimate([]), null);
});

Deno.test("signedRankRatioEstimate() covers the truth as often as it says, wild pairs among them or not", () => {
  for (const wild of [0, 0.15]) {
    const random = seededRandom(7);
    let covered = 0;
    for (let run = 0; run < 400; run++) {
      const logs = Array.from({ length: 16 }, () => {
        const noise = random() + random() + random() - 1.5;
        return random() < wild ? 10 * noise : noise / 5;
      });
      const { low, high } = signedRankRatioEstimate(pairsOf(logs))!;
      if (low! <= 1 && high! >= 1) covered++;
    }
    assert(covered >= 0.92 * 400 && covered <= 0.99 * 400, `${covered}`);
  }
});
