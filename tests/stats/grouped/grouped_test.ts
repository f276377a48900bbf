import { assert, assertAlmostEquals, assertEquals, assertGreater, assertGreaterOrEqual, assertLess } from "@std/assert";
import { type Estimate, relativeHalfWidth } from "../../../src/core/estimate.ts";
import { type Random, seededRandom } from "../../../src/core/random.ts";
import { distribution } from "../../../src/stats/estimates/distribution.ts";
import { rateEstimate } from "../../../src/stats/estimates/rate_estimate.ts";
import { GroupedEvents } from "../../../src/stats/grouped/grouped_events.ts";
import { GroupedObservations } from "../../../src/stats/grouped/grouped_observations.ts";
import { GroupedSums, MOST_GROUPS } from "../../../src/stats/grouped/grouped_sums.ts";
import { ValueHistogram } from "../../../src/stats/grouped/value_histogram.ts";
import { coverage, exponential, normal } from "../estimates/simulate.ts";

/** Widths of a bucket of the histogram, and of one that groups tell apart, relative to the value. */
const HISTOGRAM = 1 / 1024, GROUPS = 1 / 128;

/** Latencies with a heavy tail that come in runs of slow and fast ones. */
function latencies(random: Random, n: number, likeness = 0.95): Float64Array {
  let state = normal(random);
  return Float64Array.from({ length: n }, () => {
    state = likeness * state + Math.sqrt(1 - likeness ** 2) * normal(random);
    return 5 + Math.exp(0.8 * state) + exponential(random, 1);
  });
}

function grouped(values: ArrayLike<number>, from = 0, to = values.length, size = 1): GroupedObservations {
  const observations = new GroupedObservations(size);
  for (let i = from; i < to; i++) observations.add(values[i]!);
  return observations;
}

function assertSame(flat: Estimate, exact: Estimate, tolerance: number): void {
  assertAlmostEquals(flat.value, exact.value, tolerance * exact.value);
  assertAlmostEquals(flat.low!, exact.low!, tolerance * exact.value);
  assertAlmostEquals(flat.high!, exact.high!, tolerance * exact.value);
}

Deno.test("the distribution of a million grouped observations is that of the observations themselves", () => {
  const values = latencies(seededRandom(3), 1_000_000);
  const exact = distribution(values)!, flat = distribution(grouped(values))!;
  assertEquals([flat.n, flat.min, flat.max], [exact.n, exact.min, exact.max]);
  assertSame(flat.mean, exact.mean, 1e-9);
  for (const name of ["p50", "p90", "p95", "p99"] as const) {
    assertAlmostEquals(flat[name].value, exact[name].value, HISTOGRAM * exact[name].value, name);
    assertLess(flat[name].low!, exact[name].low! * (1 + HISTOGRAM), name);
    assertGreater(flat[name].high!, exact[name].high! * (1 - HISTOGRAM), name);
    const wider = relativeHalfWidth(flat[name])! - relativeHalfWidth(exact[name])!;
    assertLess(wider, GROUPS + 0.2 * relativeHalfWidth(exact[name])!, name);
  }
});

Deno.test("the rate of a million grouped events is that of their moments", () => {
  const random = seededRandom(4);
  let atMs = 0;
  const moments = Float64Array.from(
    { length: 1_000_000 },
    (_, i) => atMs += exponential(random, i % 5000 < 100 ? 3 : 1),
  );
  const events = new GroupedEvents();
  for (const moment of moments) events.add(moment);
  const window = { startMs: 0, endMs: atMs + 1, weight: 4 };
  assertSame(rateEstimate(events, window), rateEstimate(moments, window), 1e-9);
});

Deno.test("grouped observations of two windows are those of both", () => {
  const values = latencies(seededRandom(5), 300_000);
  for (const seam of [1, 1000, 131_072, 200_001, 299_999]) {
    const both = grouped(values, 0, seam), later = grouped(values, seam);
    const before = distribution(later);
    both.append(later);
    assertEquals(distribution(later), before, "the later one is as it was");
    const exact = distribution(values)!;
    const assertBoth = (both: GroupedObservations) => {
      const flat = distribution(both)!;
      assertEquals([flat.n, flat.min, flat.max], [exact.n, exact.min, exact.max]);
      assertAlmostEquals(flat.mean.value, exact.mean.value, 1e-9 * exact.mean.value);
      assertAlmostEquals(relativeHalfWidth(flat.mean)! / relativeHalfWidth(exact.mean)!, 1, 0.4);
      assertAlmostEquals(flat.p99.value, exact.p99.value, HISTOGRAM * exact.p99.value);
      const share = both.below(both.toldApart(exact.p99.value).low).mean;
      assertAlmostEquals(share, 0.99, 0.003, "groups hold what was seen in them");
      assertGreaterOrEqual(both.groups, MOST_GROUPS / 4);
    };
    assertBoth(both);
    for (const earlier of [grouped(values, 0, seam), grouped(values, 0, seam, later.size)]) {
      const kept = distribution(earlier);
      const whole = grouped(values, seam);
      whole.prepend(earlier);
      assertEquals(distribution(earlier), kept, "the earlier one is as it was");
      assertBoth(whole);
    }
  }
});

Deno.test("what came before stands in the groups before what came after", () => {
  const earlier = grouped(new Float64Array(500).fill(1)), later = grouped(new Float64Array(700).fill(3));
  later.prepend(earlier);
  const { size } = later;
  const sums = [...later.sums.means(size)];
  assertEquals([sums.filter((mean) => mean === 1).length, sums.lastIndexOf(1)], [500 / size | 0, (500 / size | 0) - 1]);
  assertEquals([...later.below(later.toldApart(2).low).means(size)], sums.map((mean) => mean === 1 ? 1 : 0));
});

Deno.test("grouped events of two windows do not know the gap between them", () => {
  const first = new GroupedEvents(), second = new GroupedEvents();
  for (let i = 0; i < 500; i++) first.add(10 * i);
  for (let i = 0; i < 300; i++) second.add(1e6 + 10 * i);
  first.append(second);
  assertEquals([first.n, first.gaps.n, first.gaps.mean], [800, 798, 10]);
  const before = new GroupedEvents();
  for (let i = 0; i < 50; i++) before.add(10 * i);
  first.prepend(before);
  assertEquals([first.n, first.gaps.n, first.gaps.mean], [850, 847, 10]);
});

Deno.test("few grouped observations give what the observations themselves give", () => {
  for (const n of [1, 2, 3, 9, 50, 255]) {
    const values = latencies(seededRandom(n), n, 0);
    const exact = distribution(values)!, flat = distribution(grouped(values))!;
    assertEquals([flat.n, flat.min, flat.max, flat.p99.high], [exact.n, exact.min, exact.max, exact.p99.high]);
    assertAlmostEquals(flat.mean.value, exact.mean.value, 1e-12);
    if (n > 1) assertAlmostEquals(flat.mean.high!, exact.mean.high!, 1e-9);
  }
  assertEquals(distribution(new GroupedObservations()), null);
  assertEquals(rateEstimate(new GroupedEvents(), { startMs: 0, endMs: 10 }).value, 0);
});

Deno.test("observations that vary by less than groups tell apart have an interval of that width", () => {
  const values = Float64Array.from({ length: 5000 }, (_, i) => 10 + (i % 2500 < 1250 ? 0.001 : 0.002));
  const { p50 } = distribution(grouped(values))!;
  assert(p50.low! <= 10.001 && p50.high! >= 10.002);
});

Deno.test("observations of 0, of nanoseconds and of days are counted, each with its own size", () => {
  const { n, min, max, p50, p90 } = distribution(grouped([0, 0, 0, 1e-6, 1e-6, 1e-6, 1e8, 1e8, 1e8]))!;
  assertEquals([n, min, max], [9, 0, 1e8]);
  assertAlmostEquals(p50.value, 1e-6, 1e-9);
  assertAlmostEquals(p90.value, 1e8, 1e5);
});

Deno.test("what is 0 more often than not has a median of 0, and 0 for its ends", () => {
  const values = Array.from({ length: 10_000 }, (_, i) => i % 10 < 7 ? 0 : 0.005 * (i % 10));
  const { min, p50: { value, low, high }, p90 } = distribution(grouped(values))!;
  assertEquals([min, value, low, high], [0, 0, 0, 0]);
  assertAlmostEquals(p90.value, 0.04, 0.04 * HISTOGRAM);
});

for (const likeness of [0, 0.6, 0.95]) {
  Deno.test(`intervals of grouped observations hold as often as they say where likeness is ${likeness}`, () => {
    const exact = distribution(latencies(seededRandom(1), 2_000_000, 0))!;
    const share = (pick: "mean" | "p95") =>
      coverage(60, exact[pick].value, (random) => distribution(grouped(latencies(random, 6000, likeness)))![pick]);
    assertGreaterOrEqual(share("mean"), 0.87);
    assertGreaterOrEqual(share("p95"), 0.87);
  });
}

Deno.test("ValueHistogram finds the value of a rank, and none beyond", () => {
  const histogram = new ValueHistogram();
  for (const value of [3, 1, 2, 2]) histogram.add(value);
  const lows = [0, 1, 2, 3].map((rank) => histogram.bucketAt(rank).low);
  assertEquals(lows, [1, 2, 2, 3]);
  try {
    histogram.bucketAt(4);
    assert(false);
  } catch (error) {
    assert(error instanceof RangeError);
  }
});

Deno.test("GroupedSums keeps groups of at most 1/128 of what it saw", () => {
  const sums = new GroupedSums();
  for (let i = 1; i <= 100_000; i++) {
    sums.add(1);
    if (i >= 128) assertLess(sums.size, i / 128 + 1e-9);
  }
  assert([...sums.means(2 * sums.size)].every((mean) => mean === 1));
});
