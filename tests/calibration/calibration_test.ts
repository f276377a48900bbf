import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { observeReally, observeVirtually } from "./calibrate.ts";
import type { Observation } from "./observation.ts";
import { latenessesMs, overheadsMs } from "./real_server.ts";
import { SCENARIOS } from "./scenarios.ts";
import { scoresOf } from "./score.ts";
import { formatDurations, formatScores, formatSummary } from "./table.ts";
import { levelTruth } from "./truth.ts";

function scenario(name: string) {
  return SCENARIOS.find((each) => each.name === name)!;
}

Deno.test("formatScores() aligns its columns and formatSummary() names the worst scenario", async () => {
  const scored = await Promise.all(["steady", "leak-20KB"].map(async (name) => ({
    scenario: scenario(name),
    scores: scoresOf([...await observeVirtually(scenario(name), 1), ...await observeVirtually(scenario(name), 2)]),
  })));
  const [header, rule, ...rows] = formatScores(scored).split("\n");
  assertEquals(header!.indexOf("number or verdict"), rows[0]!.indexOf("requests/s"));
  assert(rows.every((row) => row.length <= rule!.length));
  const summary = formatSummary(scored, "2026-01-01");
  assert(summary.startsWith("2026-01-01\n\n| test |"));
  assert(/\| memory \| growth \| 2 \| 100 % right \| 100 % leak-20KB \| {2}\|/.test(summary), summary);
});

Deno.test("formatDurations() is the median of each scenario and of these", () => {
  const timed = (name: string, durationsMs: number[]) => ({ scenario: scenario(name), scores: [], durationsMs });
  const lines = formatDurations([timed("steady", [9000, 2000, 1000]), timed("leak-20KB", [4000, 5000])]).split("\n");
  assertEquals(lines.slice(1), ["steady        2.00 s", "leak-20KB     4.50 s", "all           3.25 s"]);
});

Deno.test("a number without an upper end is refused, and the rest is scored by itself", () => {
  const estimate = { value: 10, low: 8, high: 9, level: 0.95, n: 5 };
  const number = (high: number | null): Observation => ({
    kind: "number",
    name: "p99",
    truth: 10,
    estimate: { ...estimate, high },
  });
  const { coverage, told, toldCoverage } = scoresOf([number(null), number(9), number(12)])[0]!;
  assertEquals([coverage, told, toldCoverage], [2 / 3, 2, 1 / 2]);
});

Deno.test("a truth server in its own process is measured over real HTTP, and none is left behind", async () => {
  const observations = await observeReally(scenario("unload-lies"), 1);
  const said = observations.find(({ name }) => name === "no cold start");
  assert(said?.kind === "verdict" && said.outcome === "right");
});

Deno.test("the truth of a queue knows that the way to it overlaps the waiting of others", () => {
  const behaviour = { service: { kind: "lognormal", meanMs: 10, variation: 0.001 }, workers: 2 } as const;
  const rate = (wayMs: number) =>
    levelTruth({ ...behaviour, overheadsMs: [wayMs] }, { concurrency: 3, batchSize: 1 }).requestsPerSecond;
  // Three clients before two workers: each is back after 15 ms, when a worker is free, or after 20, when it waits for nobody.
  assertAlmostEquals(rate(5), 200, 0.5);
  assertAlmostEquals(rate(10), 150, 0.5);
});

Deno.test("how late a real server was is told of one level of a sweep, and of all where it has few requests", () => {
  const served = (outstanding: number, count: number, lateMs: number) =>
    Array.from(
      { length: count },
      () => ({ plannedMs: 10, actualMs: 10 + lateMs, batchSize: 1, outstanding, atMs: 0, readMs: 0 }),
    );
  const log = { served: [...served(1, 60, 1), ...served(7, 60, 3), ...served(16, 10, 9)] };
  const median = (concurrency: number) => {
    const latenesses = latenessesMs({ failed: 0, loads: 0, unloads: 0, coldMs: [], held: [], ...log }, {
      concurrency,
      batchSize: 1,
    });
    return latenesses[latenesses.length >> 1];
  };
  assertEquals([1, 8, 16].map(median), [1, 3, 3]);
});

Deno.test("the way to a real server is that which was met right behind the requests of a level, or any where it met few", () => {
  const one = { plannedMs: 10, actualMs: 10, batchSize: 1 };
  // A second of one request at a time, then one of eight.
  const served = Array.from(
    { length: 200 },
    (_, i) => ({ ...one, outstanding: i < 100 ? 1 : 8, atMs: 10 * i, readMs: 0 }),
  );
  const ways = (each: number) =>
    Array.from({ length: 2000 / each }, (_, i) => {
      const atMs = each * i + 5;
      return { atMs, thereMs: 0.5, backMs: 9, behindMs: 0.1, waitedMs: atMs < 1000 ? 0.1 : 0.3 };
    });
  const log = { served, failed: 0, loads: 0, unloads: 0, coldMs: [], held: [] };
  const meanOf = (every: number, concurrency: number) => {
    const overheads = overheadsMs(log, ways(every), { concurrency, batchSize: 1 });
    return overheads.reduce((sum, ms) => sum + ms, 0) / overheads.length;
  };
  assertAlmostEquals(meanOf(20, 1), 0.2, 1e-9);
  assertAlmostEquals(meanOf(20, 8), 0.4, 1e-9);
  assertAlmostEquals(meanOf(100, 8), 0.3, 1e-9, "ten ways");
});

Deno.test("the truth of a server that slows down among many counts those that were there, not those on their way to it", () => {
  const usl = { sigma: 0, kappa: 0.01 };
  const rate = (outstandings?: readonly number[]) =>
    levelTruth({
      service: { kind: "uniform", meanMs: 10, halfWidth: 0 },
      usl,
      ...outstandings === undefined ? {} : { outstandings },
    }, { concurrency: 10, batchSize: 1 }).requestsPerSecond;
  assertAlmostEquals(rate(), 10 * 100 / 1.9, 1e-6);
  assertAlmostEquals(rate([9, 10]), 10 * 100 / (1 + 0.01 * (72 + 90) / 2), 1e-6);
});
