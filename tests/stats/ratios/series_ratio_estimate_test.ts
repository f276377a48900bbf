import { assertAlmostEquals, assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import type { Random } from "../../../src/core/random.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { seriesRatioEstimate, type SpanGain } from "../../../src/stats/ratios/series_ratio_estimate.ts";
import { autoregression, coverage, exponential } from "../estimates/simulate.ts";

const WATTS = 200, PER_SECOND = 400;
const TRUTH = WATTS / PER_SECOND;

/** What energy and predictions of a device do. */
interface Device {
  /** Spans of 250 ms. */
  readonly spans: number;
  /** How much its power varies, as a share, and how alike that is in neighbouring tenths of a second. */
  readonly noise: number;
  readonly likeness: number;
  /** Time between two steps of its counter, ms. */
  readonly stepMs: number;
}

/** Spans between readings of a counter that moves in steps, about every 250 ms, of predictions that come independently. */
function spansOf(random: Random, { spans, noise, likeness, stepMs }: Device): SpanGain[] {
  const lengthMs = 250 * (spans + 2);
  const steps = Math.ceil(lengthMs / stepMs) + 2;
  const power = autoregression(random, steps, likeness).map((value) => WATTS * (1 + noise * value));
  const counters = [0];
  for (const watts of power) counters.push(counters.at(-1)! + watts * stepMs / 1000);
  const phaseMs = stepMs * random();
  const counterAt = (atMs: number) => counters[Math.floor((atMs + phaseMs) / stepMs)]!;
  const ended: number[] = [];
  for (
    let atMs = exponential(random, 1000 / PER_SECOND);
    atMs < lengthMs;
    atMs += exponential(random, 1000 / PER_SECOND)
  ) {
    ended.push(atMs);
  }
  const endedBy = (atMs: number) => {
    const next = ended.findIndex((at) => at > atMs);
    return next < 0 ? ended.length : next;
  };
  const readAt = Array.from({ length: spans + 1 }, (_, i) => 250 * i + 10 * random());
  return readAt.slice(1).map((atMs, i) => ({
    numerator: counterAt(atMs) - counterAt(readAt[i]!),
    denominator: endedBy(atMs) - endedBy(readAt[i]!),
  }));
}

const devices: readonly (Device & { readonly name: string })[] = [
  { name: "a steady device in 1.2 s", spans: 5, noise: 0.02, likeness: 0, stepMs: 100 },
  { name: "a steady device in 3 s", spans: 12, noise: 0.02, likeness: 0, stepMs: 100 },
  { name: "a steady device in 8 s", spans: 32, noise: 0.02, likeness: 0, stepMs: 100 },
  { name: "a device whose power wanders, in 8 s", spans: 32, noise: 0.2, likeness: 0.7, stepMs: 100 },
  { name: "a device whose power wanders, in a minute", spans: 240, noise: 0.2, likeness: 0.9, stepMs: 100 },
  { name: "a fine counter in 3 s", spans: 12, noise: 0.1, likeness: 0.3, stepMs: 20 },
];

for (const { name, ...device } of devices) {
  Deno.test(`seriesRatioEstimate() holds the energy of a prediction of ${name}`, () => {
    assertGreaterOrEqual(coverage(200, TRUTH, (random) => seriesRatioEstimate(spansOf(random, device))), 0.9);
  });
}

Deno.test("seriesRatioEstimate() narrows with time though the counter moves in steps", () => {
  const widthOf = (spans: number) => {
    const { low, high } = seriesRatioEstimate(
      spansOf(seededRandom(1), { spans, noise: 0.02, likeness: 0, stepMs: 100 }),
    )!;
    return high! - low!;
  };
  assertLess(widthOf(240), widthOf(12) / 3);
});

Deno.test("seriesRatioEstimate() weighs spans by their denominators", () => {
  const spans = [{ numerator: 10, denominator: 10 }, { numerator: 300, denominator: 100 }];
  assertAlmostEquals(seriesRatioEstimate(spans)!.value, 310 / 110, 1e-12);
});

Deno.test("seriesRatioEstimate() knows no ratio to nothing, no ends of one span, and none below 0", () => {
  assertEquals(seriesRatioEstimate([]), null);
  assertEquals(seriesRatioEstimate([{ numerator: 3, denominator: 0 }]), null);
  const one = seriesRatioEstimate([{ numerator: 3, denominator: 6 }])!;
  assertEquals([one.value, one.low, one.high], [0.5, null, null]);
  assertEquals(seriesRatioEstimate([{ numerator: 0, denominator: 5 }, { numerator: 9, denominator: 5 }])!.low, 0);
});
