import { binomialQuantile } from "../../src/stats/probability.ts";
import { GOAL, type ScoredScenario } from "./table.ts";

/** Probability with which a method that just meets its goal is still taken for one that does not. */
const FALSE_ALARM = 0.001;

/** How often something held, and how often it must. */
interface Tally {
  readonly label: string;
  readonly n: number;
  readonly held: number;
}

/**
 * What fares worse than a method that meets its goal would by chance: intervals that cover too seldom, verdicts that are wrong
 * too often; in each scenario, and over all scenarios of a test type, where fewer misses show.
 *
 * @param scored Scenarios with their scores.
 * @returns One line for each, for people.
 */
export function shortfalls(scored: readonly ScoredScenario[]): string[] {
  const tallies = scored.flatMap(({ scenario, scores }) =>
    scores.flatMap(({ name, verdicts, coverage, intervals }) => {
      const n = verdicts === null ? intervals : verdicts.right + verdicts.wrong;
      const held = verdicts === null ? Math.round((coverage ?? 0) * intervals) : verdicts.right;
      const tally = (label: string): Tally => ({ label, n, held });
      return n === 0 ? [] : [{ key: `${scenario.test}: ${name}`, single: tally(`${scenario.name}: ${name}`) }];
    })
  );
  const pooled = [...Map.groupBy(tallies, ({ key }) => key)].map(([key, group]) =>
    poolOf(key, group.map(({ single }) => single))
  );
  return [...tallies.map(({ single }) => single), ...pooled].filter(isShort).map(({ label, n, held }) =>
    `${label} held ${held} of ${n} times, wanted ${Math.round(100 * GOAL)} %`
  );
}

function poolOf(label: string, tallies: readonly Tally[]): Tally {
  const n = tallies.reduce((sum, tally) => sum + tally.n, 0);
  const held = tallies.reduce((sum, tally) => sum + tally.held, 0);
  return { label, n, held };
}

function isShort({ n, held }: Tally): boolean {
  return held < binomialQuantile(FALSE_ALARM, n, GOAL);
}
