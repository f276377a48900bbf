import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../../src/core/random.ts";
import { type BacklogVerdict, backlogVerdict } from "../../../src/stats/trend/backlog_verdict.ts";

const CAPACITY = 200, WARM_UP_MS = 1000;

interface Offered {
  readonly load: number;
  readonly workers: number;
  readonly seconds: number;
  readonly evenly?: boolean;
}

/** Arrivals at workers of exponential service times that can answer 200 a second together, from empty on. */
function verdictOf({ load, workers, seconds, evenly = false }: Offered, seed: number): BacklogVerdict {
  const random = seededRandom(7919 * seed + workers);
  const draw = (meanMs: number) => -meanMs * Math.log(1 - random());
  const gapMs = 1000 / CAPACITY / load, toMs = WARM_UP_MS + 1000 * seconds;
  const freeMs = Array<number>(workers).fill(0), dueMs: number[] = [], endedMs: number[] = [];
  for (let atMs = 0; atMs < toMs; atMs += evenly ? gapMs : draw(gapMs)) {
    const worker = freeMs.indexOf(Math.min(...freeMs));
    freeMs[worker] = Math.max(freeMs[worker]!, atMs) + draw(1000 * workers / CAPACITY);
    dueMs.push(atMs);
    endedMs.push(freeMs[worker]!);
  }
  return backlogVerdict({
    dueMs: Float64Array.from(dueMs),
    endedMs: Float64Array.from(endedMs).sort(),
    fromMs: WARM_UP_MS,
    toMs,
    gapMs,
  });
}

function told(offered: Offered, runs: number, verdict: BacklogVerdict): number {
  return Array.from({ length: runs }, (_, i) => verdictOf(offered, i + 1)).filter((each) => each === verdict).length;
}

for (const workers of [1, 4]) {
  for (const evenly of [false, true]) {
    const named = `of ${workers} workers and ${evenly ? "even" : "independent"} arrivals`;
    Deno.test(`backlogVerdict() is wrong in no more than 3 % of runs near the limit, ${named}`, () => {
      for (const [load, wrong] of [[0.98, "saturated"], [1.02, "kept up"], [1.05, "kept up"]] as const) {
        assert(told({ load, workers, seconds: 5, evenly }, 100, wrong) <= 3, `${wrong} at ${load}`);
      }
    });

    Deno.test(`backlogVerdict() is told where it can be, ${named}`, () => {
      for (const load of [0.5, 0.8]) {
        assert(told({ load, workers, seconds: 5, evenly }, 40, "kept up") >= 36, `kept up at ${load}`);
      }
      for (const load of [1.3, 1.5]) {
        assert(told({ load, workers, seconds: 2, evenly }, 40, "saturated") >= 36, `saturated at ${load}`);
      }
      assert(told({ load: 1.1, workers, seconds: 20, evenly }, 10, "saturated") >= 9, "a longer run tells");
    });
  }
}

Deno.test("backlogVerdict() tells nothing of a handful of requests, nor of a server exactly at its limit", () => {
  const evenly = Float64Array.from({ length: 200 }, (_, i) => 10 * i);
  const of = (dueMs: Float64Array, endedMs: Float64Array) => backlogVerdict({ dueMs, endedMs, toMs: 2000, gapMs: 10 });
  assertEquals(of(evenly.subarray(0, 4), evenly.subarray(0, 4).map((ms) => ms + 5)), "cannot tell");
  // What it answers is as much as arrives, but the backlog of its beginning grew for half of the time.
  assertEquals(of(evenly, evenly.map((ms, i) => ms + Math.min(500, 10 * i))), "cannot tell");
});
