import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Random, seededRandom } from "../../../src/core/random.ts";
import { growthVerdict } from "../../../src/stats/trend/growth_verdict.ts";
import { soakNeeded } from "../../../src/stats/trend/soak_needed.ts";
import { mannKendall } from "../../../src/stats/trend/mann_kendall.ts";
import { theilSen } from "../../../src/stats/trend/theil_sen.ts";
import { trendVarianceInflation } from "../../../src/stats/trend/trend_variance_inflation.ts";
import { autoregression, normal, times } from "../estimates/simulate.ts";

Deno.test("mannKendall() takes the variance of ties off", () => {
  // By hand: variance (10*9*25 - 2*1*9 - 3*2*11) / 18 = 120.33, z = 38 / 10.97 = 3.464.
  const series = [1, 2, 2, 3, 5, 4, 6, 6, 6, 9];
  const { s, tau, pValue } = mannKendall(series);
  assertEquals(s, 39);
  assertAlmostEquals(tau, 39 / Math.sqrt(45 * 41), 1e-12);
  assertAlmostEquals(pValue!, 0.000532, 5e-6);
});

Deno.test("mannKendall() turns around with the series and sees only order", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 4, maxLength: 40 }), (series) => {
    const plain = mannKendall(series), back = mannKendall(series.toReversed());
    assertEquals(back.s + plain.s, 0);
    assertEquals(mannKendall(series.map((y) => y ** 3)), plain);
    assert(plain.pValue! >= 0 && plain.pValue! <= 1 && Math.abs(plain.tau) <= 1 + 1e-12);
  }));
});

Deno.test("mannKendall() has no p-value from under four values and sees no trend in a constant", () => {
  assertEquals(mannKendall([1, 2, 3]).pValue, null);
  assertEquals(mannKendall([5, 5, 5, 5, 5]), { tau: 0, s: 0, pValue: 1 });
});

Deno.test("trendVarianceInflation() is 1 for noise and large for a random walk", () => {
  assertEquals(trendVarianceInflation(times(40, (i) => i % 2)), 1);
  assertEquals(trendVarianceInflation([1, 2]), 1);
  let walk = 0;
  const random = seededRandom(1);
  assert(trendVarianceInflation(times(100, () => walk += normal(random))) > 10);
  assert(trendVarianceInflation(autoregression(seededRandom(1), 100, 0.6)) > 2);
});

Deno.test("theilSen() agrees with Sen's worked example", () => {
  // His data of 1968; the interval as SciPy's theilslopes gives it: 3.71 to 4.38.
  const t = [1, 2, 3, 4, 10, 12, 18], x = [9, 15, 19, 20, 45, 55, 78];
  const { value, low, high } = theilSen(t, x, 0.93);
  assertAlmostEquals(value, 4, 1e-9);
  assertAlmostEquals(low!, 26 / 7, 1e-9);
  assertAlmostEquals(high!, 35 / 8, 1e-9);
});

Deno.test("theilSen() is the median of all slopes and follows scale and tilt", () => {
  const points = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 30 });
  fc.assert(fc.property(points, (y) => {
    const x = times(y.length, (i) => i);
    const slopes = x.flatMap((i) => x.slice(i + 1).map((j) => (y[j]! - y[i]!) / (j - i))).sort((a, b) => a - b);
    const middle = (slopes.length - 1) / 2;
    const median = (slopes[Math.floor(middle)]! + slopes[Math.ceil(middle)]!) / 2;
    const { value, low, high } = theilSen(x, y);
    assertAlmostEquals(value, median, 1e-9);
    assert((low ?? -Infinity) <= value + 1e-12 && value <= (high ?? Infinity) + 1e-12);
    assertAlmostEquals(theilSen(x, y.map((at, i) => 4 * at + 2 * i)).value, 4 * median + 2, 1e-9);
  }));
});

Deno.test("theilSen() is not moved by a quarter of outliers and leaves out equal x", () => {
  const x = times(20, (i) => i);
  assertEquals(theilSen(x, x.map((at) => at % 5 === 0 ? 1e6 : 3 * at)).value, 3);
  assertEquals(theilSen([1, 1, 2, 2], [0, 0, 2, 2]).value, 2);
});

Deno.test("theilSen() refuses what has no slope", () => {
  assertThrows(() => theilSen([1, 2], [1]), RangeError, "found 2 and 1");
  assertThrows(() => theilSen([1, 1], [1, 2]), RangeError, "two x must differ");
});

const MIB = 2 ** 20;
const BASE = 400 * MIB;
const COMPLETED = times(80, (i) => 10 * i);

/** Memory of a soak of 80 samples and 790 requests. */
const SOAKS: readonly [
  name: string,
  verdict: string,
  bytes: (completed: number, i: number, random: Random) => number,
][] = [
  ["nothing moves", "stable", () => BASE],
  ["pages come and go", "stable", (_, _i, r) => BASE + 65536 * normal(r)],
  ["it falls", "stable", (n) => BASE - 10240 * n],
  ["10 KiB leak with every request", "growing", (n, _, r) => BASE + 10240 * n + 65536 * normal(r)],
  ["10 KiB leak in arenas of 1 MiB", "growing", (n) => BASE + MIB * Math.floor(10240 * n / MIB)],
  ["10 KiB leak under 1 MiB of noise", "growing", (n, _, r) => BASE + 10240 * n + MIB * normal(r)],
  ["a cache fills up and stays", "cannot tell", (_, i) => BASE + 30 * MIB * (1 - Math.exp(-i / 8))],
  ["one arena of 1 MiB is taken", "cannot tell", (n) => BASE + (n > 700 ? MIB : 0)],
  ["a collector's saw-tooth", "cannot tell", (_, i) => BASE + 20 * MIB * (i % 13) / 13],
  ["a rise under the noise floor", "cannot tell", (n) => BASE + 1024 * n],
  ["noise too large to see a leak", "cannot tell", (_, _i, r) => BASE + 4 * MIB * normal(r)],
];

for (const [name, verdict, bytes] of SOAKS) {
  Deno.test(`growthVerdict() says "${verdict}" when ${name}`, () => {
    const random = seededRandom(1);
    const growth = growthVerdict(COMPLETED, COMPLETED.map((n, i) => bytes(n, i, random)));
    assertEquals(growth?.verdict, verdict, JSON.stringify(growth));
  });
}

Deno.test("growthVerdict() gives the slope in bytes per request, also from a series that it thins", () => {
  const completed = times(5000, (i) => 3 * i);
  const { bytesPerRequest, verdict } = growthVerdict(completed, completed.map((n) => BASE + 2048 * n))!;
  assertAlmostEquals(bytesPerRequest.value, 2048, 1);
  assertEquals([verdict, bytesPerRequest.n], ["growing", 384]);
});

Deno.test("growthVerdict() tells nothing of a long series whose requests all fall into one place once it is thinned", () => {
  assertEquals(growthVerdict(times(1000, (i) => i === 0 ? 0 : 5), times(1000, () => BASE)), null);
  assertEquals(growthVerdict([5, 5, 5], [BASE, BASE, BASE]), null);
});

Deno.test("soakNeeded() is finite however near a growth is to what a service can live with", () => {
  const of = (value: number) => {
    const bytesPerRequest = { value, low: value - 512, high: value + 512, level: 0.95, n: 40 };
    return soakNeeded({ bytesPerRequest, verdict: "cannot tell", pValue: 0.5 }, 1000)!;
  };
  assertEquals([of(0), of(255.99), of(256)], [2000, 2500, 2500]);
});

Deno.test("growthVerdict() cannot tell from few samples", () => {
  assertEquals(growthVerdict(COMPLETED.slice(0, 9), times(9, () => BASE))?.verdict, "cannot tell");
  assertEquals(growthVerdict(COMPLETED.slice(0, 10), times(10, () => BASE))?.verdict, "stable");
  const { verdict, pValue } = growthVerdict([0, 100, 200], [BASE, BASE + 5 * MIB, BASE + 10 * MIB])!;
  assertEquals([verdict, pValue], ["cannot tell", null]);
});
