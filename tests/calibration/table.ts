import { ascending } from "../../src/stats/estimates/ascending.ts";
import { quantile } from "../../src/stats/estimates/quantile.ts";
import type { Scenario } from "./scenario.ts";
import type { Score } from "./score.ts";

/** The scores of one scenario. */
export interface ScoredScenario {
  /** What was run. */
  readonly scenario: Scenario;
  /** Of every number and verdict. */
  readonly scores: readonly Score[];
  /** How long each run took, ms. */
  readonly durationsMs?: readonly number[];
}

/** Coverage that a 95 % interval shall have at least, and right verdicts among those given. */
export const GOAL = 0.9;

const HEADER = [
  "test",
  "scenario",
  "number or verdict",
  "n",
  "bias",
  "half width",
  "covered",
  "refused",
  "of the rest",
  "right",
  "not claimed",
];
const NUMERIC_FROM = 3;

/**
 * All scores as an aligned table; what misses the goal is marked. A bias without % is in the number's own unit, since the truth
 * is 0. Half widths are medians of intervals with both ends; in coverage an end that is not known rules nothing out. Refused are
 * numbers without an upper end; beside it stands the coverage of those that have one.
 *
 * @param scored Scenarios in order.
 */
export function formatScores(scored: readonly ScoredScenario[]): string {
  const rows = scored.flatMap(({ scenario, scores }) =>
    scores.map((score) => [scenario.test, scenario.name, score.name, ...cellsOf(score)])
  );
  const table = [HEADER, ...rows];
  const widths = HEADER.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => i < NUMERIC_FROM ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join("  ").trimEnd();
  return [line(HEADER), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

function cellsOf(score: Score): string[] {
  const { n, bias, isAbsolute, coverage, told, toldCoverage, halfWidth, verdicts, missing } = score;
  return [
    String(n),
    bias === null ? "" : isAbsolute ? signed(bias) : signedPercent(bias),
    halfWidth === null ? "" : percent(halfWidth),
    coverage === null ? "" : marked(coverage),
    coverage === null || told === n ? "" : percent(1 - told / n),
    toldCoverage === null || told === n ? "" : marked(toldCoverage),
    verdicts === null || n === 0 ? "" : marked(verdicts.right / n),
    missing === 0 ? "" : percent(missing / (missing + n)),
  ];
}

/**
 * Scores by test and number over all scenarios, in Markdown, with the scenario that fares worst.
 *
 * @param scored Scenarios in order.
 * @param caption What was run and when.
 */
export function formatSummary(scored: readonly ScoredScenario[], caption: string): string {
  const entries = scored.flatMap(({ scenario, scores }) => scores.map((score) => ({ scenario, score })))
    .filter(({ score }) => score.coverage !== null || (score.verdicts !== null && score.n > 0));
  const groups = Map.groupBy(entries, ({ scenario, score }) => `${scenario.test} | ${score.name}`);
  const rows = [...groups].map(([key, group]) => {
    const rated = group.map(({ scenario, score }) => ({
      name: scenario.name,
      n: score.verdicts === null ? score.intervals : score.n,
      share: score.verdicts === null ? score.coverage! : score.verdicts.right / score.n,
    }));
    const total = rated.reduce((sum, { n }) => sum + n, 0);
    const pooled = rated.reduce((sum, { n, share }) => sum + n * share, 0) / total;
    const worst = rated.reduce((a, b) => b.share < a.share ? b : a);
    const kind = group[0]!.score.verdicts === null ? "covered" : "right";
    return `| ${key} | ${total} | ${percent(pooled)} ${kind} | ${percent(worst.share)} ${worst.name} | ${
      untold(scored, group[0]!)
    } |`;
  });
  const header = "| test | number | n | all scenarios | worst scenario | not told |";
  return [caption, "", header, "|---|---|--:|--:|---|---|", ...rows].join("\n");
}

/**
 * How long runs took, ms, in the median of each scenario and over all of these medians.
 *
 * @param scored Scenarios in order.
 */
export function formatDurations(scored: readonly ScoredScenario[]): string {
  const medians = scored.map(({ scenario, durationsMs = [] }) => ({
    name: scenario.name,
    seconds: medianOf(durationsMs) / 1000,
  }));
  const width = Math.max(...medians.map(({ name }) => name.length));
  const line = (name: string, seconds: number) => `${name.padEnd(width)}  ${seconds.toFixed(2).padStart(7)} s`;
  return [
    "A run took, in the median:",
    ...medians.map(({ name, seconds }) => line(name, seconds)),
    line("all", medianOf(medians.map(({ seconds }) => seconds))),
  ].join("\n");
}

function medianOf(values: readonly number[]): number {
  return quantile(ascending(values), 0.5);
}

/**
 * How often a verdict was "cannot tell", or a number that has an interval elsewhere had no upper end: over all scenarios, and
 * where most often. Numbers that were not measured are not counted.
 */
function untold(scored: readonly ScoredScenario[], of: { readonly scenario: Scenario; readonly score: Score }): string {
  const isVerdict = of.score.verdicts !== null;
  const shares = scored.filter(({ scenario }) => scenario.test === of.scenario.test).flatMap(({ scenario, scores }) => {
    const score = scores.find(({ name, verdicts }) => name === of.score.name && (verdicts !== null) === isVerdict);
    if (score === undefined) return [];
    const { n, missing, told } = score;
    return [{ name: scenario.name, of: isVerdict ? n + missing : n, missing: isVerdict ? missing : n - told }];
  });
  const sum = (read: (share: typeof shares[number]) => number) => shares.reduce((total, each) => total + read(each), 0);
  if (sum(({ missing }) => missing) === 0) return "";
  const shareOf = (share: { missing: number; of: number }) => share.missing / Math.max(1, share.of);
  const most = shares.reduce((a, b) => shareOf(b) > shareOf(a) ? b : a);
  const all = shareOf({ missing: sum(({ missing }) => missing), of: sum((share) => share.of) });
  return `${percent(all)}, ${percent(shareOf(most))} ${most.name}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
}

function signedPercent(share: number): string {
  return `${share < 0 ? "" : "+"}${(100 * share).toFixed(Math.abs(share) < 0.0995 ? 1 : 0)} %`;
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(0)}`;
}

function marked(share: number): string {
  return `${share < GOAL ? "< " : ""}${percent(share)}`;
}
