import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { seededRandom } from "../../../src/core/random.ts";
import { distribution, LEAST_WEIGHT_OF_MEAN } from "../../../src/stats/estimates/distribution.ts";
import { foundWaiting, queueEffect, queueWeight } from "../../../src/stats/estimates/queue_effect.ts";

const SERVICE_MS = 5, WARM_UP_MS = 1000, RUNS = 120;

interface Queue {
  readonly load: number;
  readonly workers?: number;
  readonly seconds: number;
}

/** Independent arrivals at workers of exponential service times, from empty on; the first second does not count. */
function simulate({ load, workers = 1, seconds }: Queue, seed: number) {
  const random = seededRandom(seed);
  const draw = (meanMs: number) => -meanMs * Math.log(1 - random());
  const freeMs = Array<number>(workers).fill(0);
  const dueMs: number[] = [], endedMs: number[] = [];
  for (let atMs = 0;;) {
    atMs += draw(SERVICE_MS / workers / load);
    if (atMs >= WARM_UP_MS + 1000 * seconds) break;
    const worker = freeMs.indexOf(Math.min(...freeMs));
    freeMs[worker] = Math.max(freeMs[worker]!, atMs) + draw(SERVICE_MS);
    dueMs.push(atMs);
    endedMs.push(freeMs[worker]!);
  }
  const moments = {
    dueMs: Float64Array.from(dueMs),
    endedMs: Float64Array.from(endedMs).sort(),
    fromMs: WARM_UP_MS,
  };
  const counted = dueMs.findIndex((ms) => ms >= WARM_UP_MS);
  const latencies = endedMs.slice(counted).map((ms, i) => ms - dueMs[counted + i]!);
  return { moments, latencies, found: dueMs.slice(counted).map((ms) => foundWaiting(moments, ms)) };
}

/** `told`: of those that have an upper end. */
function shares(queue: Queue, knowsQueue: boolean): { covered: number; refused: number; told: number } {
  let covered = 0, refused = 0, held = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const { moments, latencies, found } = simulate(queue, seed);
    const effect = queueEffect(queueWeight(moments), latencies, found);
    const { mean } = distribution(latencies, 0.95, knowsQueue ? effect : undefined)!;
    const truth = SERVICE_MS / (1 - queue.load);
    const holds = (mean.low ?? 0) <= truth && truth <= (mean.high ?? Infinity);
    if (holds) covered++;
    if (mean.high === null) refused++;
    else if (holds) held++;
  }
  return { covered: covered / RUNS, refused: refused / RUNS, told: held / (RUNS - refused) };
}

Deno.test("distribution() covers the mean of one worker at 50 % load, and refuses none", () => {
  const { covered, refused } = shares({ load: 0.5, seconds: 5 }, true);
  assertGreater(covered, 0.9);
  assertEquals(refused, 0);
});

Deno.test("distribution() covers the mean of one worker at 80 % load, where batch means alone do not", () => {
  const { covered, refused, told } = shares({ load: 0.8, seconds: 5 }, true);
  assertGreater(covered, 0.9);
  assertGreater(told, 0.9);
  assertLess(refused, 0.4);
  assertLess(shares({ load: 0.8, seconds: 5 }, false).covered, 0.92);
  const longer = shares({ load: 0.8, seconds: 20 }, true);
  assertGreater(longer.covered, 0.9);
  assertLess(longer.refused, 0.02);
});

Deno.test("distribution() refuses the mean of one worker at 95 % load, which a calm run would get wrong", () => {
  const { covered, refused } = shares({ load: 0.95, seconds: 5 }, true);
  assertGreater(covered, 0.9);
  assertGreater(refused, 0.9);
  assertLess(shares({ load: 0.95, seconds: 5 }, false).covered, 0.8);
});

Deno.test("distribution() covers the mean of those runs at 90 % load that look so calm that they have an end", () => {
  const { refused, told } = shares({ load: 0.9, seconds: 20 }, true);
  assertGreater(told, 0.9);
  assertLess(refused, 0.5);
});

Deno.test("queueWeight() is n (1 - load)^2 / 4 of one worker, and more of a longer run", () => {
  const of = (queue: Queue) => {
    const weights = Array.from({ length: 40 }, (_, i) => queueWeight(simulate(queue, i + 1).moments));
    return weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  };
  assertAlmostEquals(of({ load: 0.8, seconds: 5 }) / (800 * 0.2 ** 2 / 4), 1, 0.35);
  assertAlmostEquals(of({ load: 0.8, seconds: 20 }) / of({ load: 0.8, seconds: 5 }), 4, 1.5);
});

Deno.test("queueWeight() knows nothing of a queue that grows, and everything where none waits", () => {
  const dueMs = Float64Array.from({ length: 200 }, (_, i) => 10 * i);
  assertEquals(queueWeight({ dueMs, endedMs: dueMs.map((_, i) => 12 * (i + 1)) }), 0);
  assertEquals(queueWeight({ dueMs, endedMs: dueMs.map((ms) => ms + 10) }), Infinity);
});

Deno.test("queueEffect() counts no queue against times that do not depend on it", () => {
  const random = seededRandom(5);
  const found = Array.from({ length: 1000 }, () => Math.floor(4 * random()));
  const own = found.map(() => 10 + random());
  assertEquals(queueEffect(3, own, found).designEffect, 1);
  const { designEffect } = queueEffect(3, found.map((waiting, i) => 5 * waiting + own[i]!), found);
  assert(designEffect > 300 && designEffect < 334, String(designEffect));
  // z is 11 standard errors of spare, and 10 with one less.
  const { ifLessSpare } = queueEffect(60, found, found);
  assertAlmostEquals(ifLessSpare.designEffect, 1000 / 49.5, 1e-9);
});

Deno.test("a mean that weighs little has a lower end alone, and one that weighs less has none", () => {
  const { latencies, found } = simulate({ load: 0.5, seconds: 20 }, 1);
  const { mean: some } = distribution(latencies, 0.95, queueEffect(LEAST_WEIGHT_OF_MEAN / 4, latencies, found))!;
  assertEquals(some.high, null);
  assert(some.low! > 0 && some.low! < some.value && some.weight! < LEAST_WEIGHT_OF_MEAN, JSON.stringify(some));
  const { mean: none } = distribution(latencies, 0.95, queueEffect(0, latencies, found))!;
  assertEquals([none.low, none.high, none.weight], [null, null, 0]);
});
