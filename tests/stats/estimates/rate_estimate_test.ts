import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seededRandom } from "../../../src/core/random.ts";
import { rateEstimate } from "../../../src/stats/estimates/rate_estimate.ts";
import { relativeHalfWidth } from "../../../src/core/estimate.ts";
import { closedLoop, normal, times } from "./simulate.ts";

Deno.test("rateEstimate() is the count over the window, per second, times the weight", () => {
  const events = times(50, (i) => 1010 + 20 * i);
  const { value, n } = rateEstimate(events, { startMs: 1000, endMs: 2000, weight: 8 });
  assertEquals([value, n], [400, 50]);
});

Deno.test("rateEstimate() knows a steady server to well under 5 % in one second", () => {
  const random = seededRandom(1);
  const events = closedLoop(random, 1, 1000, () => 10 * (1 + 0.05 * normal(random)));
  assertLess(relativeHalfWidth(rateEstimate(events, { startMs: 0, endMs: 1000 }))!, 0.03);
});

Deno.test("rateEstimate() knows a batching server to within 5 % in five seconds", () => {
  const random = seededRandom(1);
  const cycles = times(100, (i) => 50 * i + normal(random));
  const events = cycles.flatMap((at) => times(16, (k) => at + k / 16)).sort((a, b) => a - b);
  assertLess(relativeHalfWidth(rateEstimate(events, { startMs: -5, endMs: 4995 }))!, 0.05);
});

Deno.test("rateEstimate() knows a server that answers eight at a time to within 5 % from five rounds of its answers", () => {
  const random = seededRandom(1);
  const rounds = times(6, (i) => 400 * i + 2 * normal(random));
  const ends = rounds.flatMap((at) => times(8, (k) => at + k / 1000));
  // The window begins and ends inside of a group.
  const inside = ends.slice(3, -5).map((at) => at - ends[2]!);
  const rate = rateEstimate(inside, { startMs: 0, endMs: inside.at(-1)! });
  assertLess(relativeHalfWidth(rate)!, 0.05);
  assertEquals([rate.n, rate.weight], [40, 4]);
});

Deno.test("rateEstimate() has one rate where groups come at one time and the window ends with a whole one", () => {
  const ends = times(5, (i) => 400 * (i + 1)).flatMap((at) => times(8, () => at));
  const { value, low, high } = rateEstimate(ends, { startMs: 0, endMs: 2000 });
  for (const end of [value, low!, high!]) assertAlmostEquals(end, 20, 1e-9);
});

Deno.test("rateEstimate() knows little of three groups, of which two may be cut", () => {
  const ends = [0.1, 0.2, 400, 400.1, 400.2, 400.3, 800];
  assertEquals(rateEstimate(ends, { startMs: 0, endMs: 800 }).high, null);
});

Deno.test("rateEstimate() says that it is unsure when the server stalls at the window's end", () => {
  const untilSix = times(60, (i) => 5 + 10 * i);
  const { value, low, high } = rateEstimate(untilSix, { startMs: 0, endMs: 1000 });
  assertEquals([value, low], [60, 60]);
  assertAlmostEquals(high!, 100, 1e-6);
});

Deno.test("rateEstimate() counts what each event counts, by the time since the last", () => {
  const ends = [10, 30, 40, 60, 70, 90], counts = [5, 20, 10, 20, 10, 20];
  const { value, low, high } = rateEstimate(ends, { startMs: 0, endMs: 90, counts });
  assertAlmostEquals(value, 1000 * 85 / 90, 1e-9);
  assertAlmostEquals(low!, value, 1e-9);
  assertAlmostEquals(high!, 1000, 1e-9);
});

Deno.test("rateEstimate() of ones is that of events, and knows no time of what counts nothing", () => {
  const random = seededRandom(6);
  const ends = closedLoop(random, 2, 1000, () => 20 * (1 + 0.2 * normal(random)));
  const window = { startMs: 0, endMs: 1000 };
  const single = rateEstimate(ends, window), ones = rateEstimate(ends, { ...window, counts: ends.map(() => 1) });
  assertAlmostEquals(ones.low!, single.low!, 1e-9);
  assertAlmostEquals(ones.high!, single.high!, 1e-9);
  const { low, high } = rateEstimate([1, 2, 3], { startMs: 0, endMs: 4, counts: [7, 0, 0] });
  assertEquals([low, high], [null, null]);
});

Deno.test("rateEstimate() has no interval from under three events", () => {
  const none = { low: null, high: null, level: 0.95 };
  assertEquals(rateEstimate([], { startMs: 0, endMs: 1000 }), { value: 0, n: 0, ...none });
  assertEquals(rateEstimate([1, 2], { startMs: 0, endMs: 1000 }), { value: 2, n: 2, ...none });
});

Deno.test("rateEstimate() holds its value, and a higher level widens it", () => {
  const gaps = fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 3, maxLength: 200 });
  fc.assert(fc.property(gaps, (gaps) => {
    let at = 0;
    const events = gaps.map((gap) => at += gap);
    const window = { startMs: 0, endMs: at + 1 };
    const { value, low, high } = rateEstimate(events, window);
    const wider = rateEstimate(events, { ...window, level: 0.99 });
    assert(low! <= value && value <= (high ?? Infinity));
    assert(wider.low! <= low! && (wider.high ?? Infinity) >= (high ?? Infinity));
  }));
});

Deno.test("rateEstimate() does not care when the clock began", () => {
  const random = seededRandom(4);
  const events = closedLoop(random, 2, 1000, () => 10 * (1 + 0.2 * normal(random)));
  const here = rateEstimate(events, { startMs: 0, endMs: 1000 });
  const later = rateEstimate(events.map((at) => at + 4096), { startMs: 4096, endMs: 5096 });
  assertAlmostEquals(later.low!, here.low!, 1e-6);
  assertGreater(here.high!, here.low!);
});

Deno.test("rateEstimate() refuses a window without length", () => {
  assertThrows(() => rateEstimate([], { startMs: 5, endMs: 5 }), RangeError, "current value is 5");
});
