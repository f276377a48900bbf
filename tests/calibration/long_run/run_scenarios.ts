import { observeReally, type TimedObservations, timeVirtually } from "../calibrate.ts";
import type { Journal } from "./journal.ts";
import type { Scenario } from "../scenarios.ts";
import { scoresOf } from "../score.ts";
import type { ScoredScenario } from "../table.ts";

/** What is to be run. */
export interface CalibrationPlan {
  readonly scenarios: readonly Scenario[];
  /** Runs of each. */
  readonly seeds: number;
  /** The first of them. @default {1} */
  readonly firstSeed?: number;
  /** In virtual time, or over real HTTP. */
  readonly virtual: boolean;
  /** Whether another run may begin. */
  readonly goesOn: () => boolean;
  /** Is told before each run. */
  readonly onRun: (scenario: Scenario, seed: number) => void;
}

/** What came of it. */
export interface CalibrationOutcome {
  /** Scenarios that ran, each with the scores of all its runs. */
  readonly scored: readonly ScoredScenario[];
  /** Runs that are missing, since they failed, for people. */
  readonly failures: readonly string[];
}

/**
 * Runs what the journal does not hold, one seed of every scenario before the next, so that what time allows is a table of all.
 * A run that fails to run stops no other.
 *
 * @param plan What is to be run.
 * @param journal Takes in each run.
 * @param observe Runs one scenario once. @default {as the plan says}
 */
export async function runScenarios(
  plan: CalibrationPlan,
  journal: Journal,
  observe: (
    scenario: Scenario,
    seed: number,
  ) => Promise<Partial<TimedObservations> & Pick<TimedObservations, "observations">> = plan.virtual
    ? timeVirtually
    : async (scenario, seed) => ({ observations: await observeReally(scenario, seed) }),
): Promise<CalibrationOutcome> {
  const { scenarios, seeds, firstSeed = 1, virtual } = plan;
  const lastSeed = firstSeed + seeds - 1;
  for (let seed = firstSeed; seed <= lastSeed; seed++) {
    for (const scenario of scenarios) {
      const known = journal.find(scenario.name, seed, virtual);
      if (!plan.goesOn() || (known !== undefined && known.observations !== null)) continue;
      plan.onRun(scenario, seed);
      const startMs = performance.now();
      const entry = () => ({
        scenario: scenario.name,
        seed,
        virtual,
        at: new Date().toISOString(),
        tookMs: Math.round(performance.now() - startMs),
      });
      try {
        const run = await observe(scenario, seed);
        journal.add({ ...entry(), ...run });
      } catch (error) {
        journal.add({ ...entry(), observations: null, failure: String(error) });
      }
    }
  }
  const runs = scenarios.map((scenario) => ({
    scenario,
    entries: journal.of(scenario.name, virtual).filter(({ seed }) => firstSeed <= seed && seed <= lastSeed),
  }));
  return {
    scored: runs.flatMap(({ scenario, entries }) => {
      const observations = entries.flatMap(({ observations }) => observations ?? []);
      return observations.length === 0 ? [] : [{
        scenario,
        scores: scoresOf(observations),
        durationsMs: entries.flatMap(({ durationMs }) => durationMs ?? []),
      }];
    }),
    failures: runs.flatMap(({ scenario, entries }) =>
      entries.flatMap(({ seed, failure }) =>
        failure === undefined ? [] : [`${scenario.name}, seed ${seed}: ${failure}`]
      )
    ),
  };
}
