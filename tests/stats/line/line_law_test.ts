import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { normalQuantile } from "../../../src/stats/probability.ts";
import { type Random, seededRandom } from "../../../src/core/random.ts";
import { lineLaw, type LineVisit } from "../../../src/stats/line/line_law.ts";

const TRUE = { intercept: 8, slope: 0.1 };
const LENGTHS = [32, 64, 128, 256, 512];
const RUNS = 40;

/** How requests differ; each is a factor of the true time whose median is 1. */
interface Noise {
  /** Relative, of each request. */
  readonly request: number;
  /** How much of it the next request keeps. */
  readonly kept?: number;
  /** Relative, of a whole visit. */
  readonly visit?: number;
}

function visitOf(x: number, trueMs: number, { request, kept = 0, visit = 0 }: Noise, random: Random): LineVisit {
  const normal = () => normalQuantile(Math.min(1 - 1e-9, Math.max(1e-9, random())));
  const common = visit * normal();
  let state = normal();
  return Array.from({ length: 50 }, () => {
    state = kept * state + Math.sqrt(1 - kept ** 2) * normal();
    return { x, y: trueMs * Math.exp(common + request * state) };
  });
}

/** Share of runs in which the intervals hold what is true, and how often a line is given. */
function coverage(noise: Noise) {
  let intercepts = 0, slopes = 0, lines = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const random = seededRandom(1000 + seed);
    const verdict = lineLaw(
      LENGTHS.map((x) => [1, 2].map(() => visitOf(x, TRUE.intercept + TRUE.slope * x, noise, random))),
      seed,
    );
    if (verdict.kind !== "line") continue;
    lines++;
    const { intercept, slope } = verdict.law;
    if (intercept.low! <= TRUE.intercept && TRUE.intercept <= intercept.high!) intercepts++;
    if (slope.low! <= TRUE.slope && TRUE.slope <= slope.high!) slopes++;
  }
  return { intercepts: intercepts / lines, slopes: slopes / lines, lines: lines / RUNS };
}

Deno.test("lineLaw() holds both its intervals, whether requests differ, are alike in a row, or whole visits differ", () => {
  for (const noise of [{ request: 0.1 }, { request: 0.1, kept: 0.5 }, { request: 0.05, visit: 0.02 }]) {
    const { intercepts, slopes, lines } = coverage(noise);
    const words = JSON.stringify({ noise, intercepts, slopes, lines });
    // Of 40 runs: 90 % but for what chance does.
    assert(intercepts >= 0.88 && slopes >= 0.88, words);
    assert(lines >= 0.95, words);
  }
});

Deno.test("lineLaw() gives no line where there is none, and one where what is off is no help to anyone", () => {
  const random = seededRandom(7);
  const verdictOf = (trueMs: (x: number) => number) =>
    lineLaw(LENGTHS.map((x) => [1, 2].map(() => visitOf(x, trueMs(x), { request: 0.03 }, random))), 1);
  const curved = verdictOf((x) => 8 + 0.02 * x + 0.0004 * x * x);
  assertEquals(curved.kind, "curved");
  assert(curved.kind === "curved" && LENGTHS.includes(curved.off.x) && curved.off.y !== curved.off.line);
  const nearly = verdictOf((x) => 8 + 0.1 * x + 0.000005 * x * x);
  assertEquals(nearly.kind, "line");
});

Deno.test("lineLaw() needs three levels of at least five requests, at different places", () => {
  const random = seededRandom(3);
  const level = (x: number) => [visitOf(x, 5, { request: 0.1 }, random)];
  assertEquals(lineLaw([], 1), { kind: "too few", levels: 0 });
  assertEquals(lineLaw([level(1), level(2)], 1), { kind: "too few", levels: 2 });
  assertEquals(lineLaw([level(1), level(2), level(2)], 1), { kind: "too few", levels: 2 });
  assertEquals(lineLaw([level(1), level(2), [level(3)[0]!.slice(0, 4)]], 1), { kind: "too few", levels: 2 });
  assertEquals(lineLaw([level(1), level(2), level(3)], 1).kind, "line");
  // Visits of a few requests are taken together.
  const few = [level(3)[0]!.slice(0, 4), level(3)[0]!.slice(0, 3)];
  assertEquals(lineLaw([level(1), level(2), few], 1).kind, "line");
});

Deno.test("lineLaw() is sure of times that never differ", () => {
  const verdict = lineLaw([10, 20, 40].map((x) => [Array.from({ length: 9 }, () => ({ x, y: 3 + x }))]), 1);
  assert(verdict.kind === "line");
  assertAlmostEquals(verdict.law.slope.value, 1, 1e-9);
  assertAlmostEquals(verdict.law.intercept.low!, 3, 1e-6);
});
