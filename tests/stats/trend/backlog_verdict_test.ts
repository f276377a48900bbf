import { assert, assertEquals } from "@std/assert";
import { backlogVerdict } from "../../../src/stats/trend/backlog_verdict.ts";
import { told } from "./offered_loads.ts";

for (const workers of [1, 4]) {
  for (const evenly of [false, true]) {
    const named = `of ${workers} workers and ${evenly ? "even" : "independent"} arrivals`;
    Deno.test(`backlogVerdict() is wrong in no more than 3 % of runs near the limit, ${named}`, () => {
      for (const [load, wrong] of [[0.98, "saturated"], [1.02, "kept up"], [1.05, "kept up"]] as const) {
        assert(told({ load, workers, seconds: 5, evenly }, 100, wrong) <= 3, `${wrong} at ${load}`);
      }
    });

    Deno.test(`backlogVerdict() is told where it can be, ${named}`, () => {
      for (const [load, seconds, least] of [[0.8, 2, 25], [0.5, 5, 40], [0.8, 5, 36], [0.9, 20, 36]] as const) {
        assert(told({ load, workers, seconds, evenly }, 40, "kept up") >= least, `kept up at ${load}, ${seconds} s`);
      }
      for (const load of [1.3, 1.5]) {
        assert(told({ load, workers, seconds: 2, evenly }, 40, "saturated") >= 36, `saturated at ${load}`);
      }
      assert(told({ load: 1.1, workers, seconds: 20, evenly }, 10, "saturated") >= 9, "a longer run tells");
    });
  }
}

for (const service of ["constant", "heavy", "autocorrelated"] as const) {
  Deno.test(`backlogVerdict() is wrong in no more than 5 % of short runs past the limit, of ${service} service times`, () => {
    for (const load of [1.02, 1.1]) {
      const wrong = [1, 4].flatMap((workers) => [false, true].map((evenly) => ({ workers, evenly })))
        .map((kind) => told({ ...kind, load, seconds: 2, service }, 50, "kept up"));
      assert(wrong.reduce((sum, count) => sum + count) <= 0.05 * 50 * wrong.length, `${wrong} at ${load}`);
    }
  });
}

Deno.test("backlogVerdict() is wrong in no more than 5 % of short runs of a server that answers in batches", () => {
  for (const evenly of [false, true]) {
    const offered = { workers: 1, seconds: 2, evenly, batchSize: 8 };
    for (const load of [1.02, 1.1]) {
      assert(told({ ...offered, load }, 100, "kept up") <= 5, `kept up at ${load}`);
    }
    assert(told({ ...offered, load: 0.95 }, 100, "saturated") <= 5);
  }
});

Deno.test("backlogVerdict() wants the backlog to be down at the end, and more often where the rate is not one", () => {
  const away = (from: number, to: number) => {
    const dueMs = Float64Array.from({ length: 200 }, (_, i) => 10 * i);
    // Nobody waits but from one request to another, where each is answered only after ten others.
    const endedMs = dueMs.map((ms, i) => ms + (i >= from && i < to ? 105 : 5)).sort();
    return { dueMs, endedMs, toMs: 2000, gapMs: null };
  };
  assertEquals(backlogVerdict(away(100, 120)), "kept up");
  assertEquals(backlogVerdict({ ...away(100, 120), oneRate: false }), "cannot tell");
  assertEquals(backlogVerdict({ ...away(100, 105), oneRate: false }), "kept up");
  assertEquals(backlogVerdict(away(180, 200)), "cannot tell");
});

Deno.test("backlogVerdict() does not count the time before the first answer", () => {
  const dueMs = Float64Array.from({ length: 50 }, (_, i) => 100 * i);
  assertEquals(backlogVerdict({ dueMs, endedMs: dueMs.map((ms) => ms + 2050), toMs: 5000, gapMs: 100 }), "kept up");
});

Deno.test("backlogVerdict() tells nothing of a handful of requests, nor of a server exactly at its limit", () => {
  const evenly = Float64Array.from({ length: 200 }, (_, i) => 10 * i);
  const of = (dueMs: Float64Array, endedMs: Float64Array) => backlogVerdict({ dueMs, endedMs, toMs: 2000, gapMs: 10 });
  assertEquals(of(evenly.subarray(0, 4), evenly.subarray(0, 4).map((ms) => ms + 5)), "cannot tell");
  // What it answers is as much as arrives, but the backlog of its beginning grew for half of the time.
  assertEquals(of(evenly, evenly.map((ms, i) => ms + Math.min(500, 10 * i))), "cannot tell");
});
