import { assert, assertEquals, assertGreater } from "@std/assert";
import type { Estimate } from "../../src/core/estimate.ts";
import { seededRandom } from "../../src/core/random.ts";
import { observeReally, observeVirtually } from "./calibrate.ts";
import { INTERVAL_SCENARIOS } from "./intervals/interval_scenarios.ts";
import type { Observation } from "./observation.ts";
import { type Scenario, SCENARIOS } from "./scenarios.ts";
import { type Score, scoresOf } from "./score.ts";
import { shortfalls } from "./shortfalls.ts";
import { formatDurations, formatScores, formatSummary, type ScoredScenario } from "./table.ts";

/** Virtual time makes them cheap: a scenario takes about half a second. The long form takes as many as it is told. */
const SEEDS = 20;
/** The intervals of a scaling curve's peak and knee are bootstrapped, which takes a second each. */
const SCALABILITY_SEEDS = 6;

/** Queues before open loops take long to simulate; `tests/stats/estimates/queue_effect_test.ts` holds their method. */
const INTERVAL_SEEDS = 3;

/** Runs by scenario, in the order of their seeds: several tests look at the same. */
const observed = new Map<string, (readonly Observation[])[]>();

async function observe(scenario: Scenario, seeds: number): Promise<Observation[]> {
  const runs = observed.get(scenario.name) ?? [];
  observed.set(scenario.name, runs);
  while (runs.length < seeds) runs.push(await observeVirtually(scenario, runs.length + 1));
  return runs.slice(0, seeds).flat();
}

function seedsOf({ name, test }: Scenario): number {
  if (test === "scalability") return SCALABILITY_SEEDS;
  return INTERVAL_SCENARIOS.some((each) => each.name === name) ? INTERVAL_SEEDS : SEEDS;
}

function scenario(name: string): Scenario {
  return SCENARIOS.find((each) => each.name === name)!;
}

function score(scores: readonly Score[], name: string): Score {
  return scores.find((each) => each.name === name)!;
}

/** Verdicts of which "cannot tell" would be a refuge. */
const TOLD = [
  ["optimum-inside", "optimum"],
  ["optimum-inside", "plateau"],
  ["linear-cost", "plateau"],
  ["leak-20KB-4MB-segments", "growth"],
] as const;

async function scoreAll(scenarios: readonly Scenario[], change: (observation: Observation) => Observation = (o) => o) {
  const scored: ScoredScenario[] = [];
  for (const each of scenarios) {
    scored.push({ scenario: each, scores: scoresOf((await observe(each, seedsOf(each))).map(change)) });
  }
  return scored;
}

for (const [test, scenarios] of Map.groupBy(SCENARIOS, ({ test }) => test)) {
  Deno.test(`${test} test holds its numbers and verdicts against servers of known behaviour`, async () => {
    assertEquals(shortfalls(await scoreAll(scenarios)), []);
  });
}

Deno.test("level figures are without bias where the server is steady", async () => {
  for (const name of ["steady", "lognormal", "one-worker-queue", "failing-items"]) {
    const scores = scoresOf(await observe(scenario(name), SEEDS));
    for (const figure of ["requests/s", "mean latency", "p50 latency", "p95 latency"]) {
      const { bias } = score(scores, figure);
      assert(Math.abs(bias!) < 0.03, `${figure} of ${name} is off by ${bias}`);
    }
  }
});

Deno.test("verdicts that can be had are given: a leak, a steady server and a fast one are not left at cannot tell", async () => {
  const leak = scoresOf(await observe(scenario("leak-20KB"), SEEDS));
  assertEquals(score(leak, "growth").missing, 0);
  const steady = scoresOf(await observe(scenario("steady"), SEEDS));
  assertEquals(score(steady, "converged").missing, 0);
  const small = scoresOf(await observe(scenario("leak-1KB"), SEEDS));
  assertGreater(score(small, "growth").n, 0.6 * SEEDS);
  for (const [name, verdict] of TOLD) {
    assertEquals(score(scoresOf(await observe(scenario(name), SEEDS)), verdict).missing, 0, `${verdict} of ${name}`);
  }
});

Deno.test("shortfalls() sees intervals that are half as wide as they must be", async () => {
  const halved = ({ value }: Estimate, end: number | null) => end === null ? null : value + (end - value) / 2;
  const found = shortfalls(
    await scoreAll(["lognormal", "bimodal", "pareto", "steady", "one-worker-queue"].map(scenario), (observation) => {
      if (observation.kind === "verdict" || observation.estimate === null) return observation;
      const { estimate } = observation;
      const narrow = { ...estimate, low: halved(estimate, estimate.low), high: halved(estimate, estimate.high) };
      return { ...observation, estimate: narrow };
    }),
  );
  for (const name of ["requests/s", "mean latency"]) assert(found.some((line) => line.includes(name)), String(found));
});

Deno.test("shortfalls() sees verdicts that are tossed", async () => {
  const random = seededRandom(1);
  const found = shortfalls(
    await scoreAll(
      [scenario("two-equal-sizes")],
      (observation) =>
        observation.kind === "number" ? observation : { ...observation, outcome: random() < 0.5 ? "right" : "wrong" },
    ),
  );
  assertGreater(found.length, 0);
});

Deno.test("formatScores() aligns its columns and formatSummary() names the worst scenario", async () => {
  const scored = await Promise.all(["steady", "leak-20KB"].map(async (name) => ({
    scenario: scenario(name),
    scores: scoresOf(await observe(scenario(name), 2)),
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
