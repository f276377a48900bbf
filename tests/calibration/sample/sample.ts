import { assertEquals } from "@std/assert";
import { observeVirtually } from "../calibrate.ts";
import { INTERVAL_SCENARIOS } from "../intervals/interval_scenarios.ts";
import { SATURATION_SCENARIOS } from "../intervals/saturation_scenarios.ts";
import type { Observation } from "../observation.ts";
import { type Scenario, SCENARIOS } from "../scenarios.ts";
import { type Score, scoresOf } from "../score.ts";
import { shortfalls } from "../shortfalls.ts";
import type { ScoredScenario } from "../table.ts";

/**
 * Runs of each scenario: the sample of the table that every change is held against. Pooled over its scenarios so many tell
 * that a figure of the basic test is covered by 85 % instead of 90; `deno task dev:calibrate` takes as many as it is told.
 */
const SEEDS = 12;
/** The intervals of a scaling curve take longer, and each run has six levels. */
const SCALABILITY_SEEDS = 6;
/** Queues before open loops take long to simulate; `tests/stats/estimates/queue_effect_test.ts` holds their method. */
const INTERVAL_SEEDS = 3;
/** `tests/stats/trend/backlog_verdict_test.ts` holds the verdict in many runs. */
const SATURATION_SEEDS = 1;

/** Runs by scenario, in the order of their seeds: several tests look at the same. */
const observed = new Map<string, (readonly Observation[])[]>();

function seedsOf({ name, test }: Scenario): number {
  if (test === "scalability") return SCALABILITY_SEEDS;
  if (SATURATION_SCENARIOS.some((each) => each.name === name)) return SATURATION_SEEDS;
  return INTERVAL_SCENARIOS.some((each) => each.name === name) ? INTERVAL_SEEDS : SEEDS;
}

/** The scenario of this name. */
export function scenario(name: string): Scenario {
  return SCENARIOS.find((each) => each.name === name)!;
}

/** The scenarios of a test type that run in virtual time. */
export function scenariosOf(type: Scenario["test"]): Scenario[] {
  return SCENARIOS.filter(({ test, only }) => test === type && only !== "real");
}

/** What a scenario's runs say of each number and verdict, by its name. */
export async function scoresIn(name: string): Promise<(figure: string) => Score> {
  const [{ scores }] = await scoreAll([scenario(name)]) as [ScoredScenario];
  return (figure) => scores.find((score) => score.name === figure)!;
}

/**
 * Scores of some scenarios.
 *
 * @param scenarios Which.
 * @param change What is done to each observation first.
 */
export async function scoreAll(
  scenarios: readonly Scenario[],
  change: (observation: Observation) => Observation = (o) => o,
): Promise<ScoredScenario[]> {
  const scored: ScoredScenario[] = [];
  for (const each of scenarios) {
    const runs = observed.get(each.name) ?? [];
    observed.set(each.name, runs);
    while (runs.length < seedsOf(each)) runs.push(await observeVirtually(each, runs.length + 1));
    scored.push({ scenario: each, scores: scoresOf(runs.flat().map(change)) });
  }
  return scored;
}

/** Holds the numbers and verdicts of a test type against servers of known behaviour. */
export function testSample(test: Scenario["test"]): void {
  Deno.test(`${test} test holds its numbers and verdicts against servers of known behaviour`, async () => {
    assertEquals(shortfalls(await scoreAll(scenariosOf(test))), []);
  });
}
