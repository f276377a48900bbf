import type { Observation } from "./observation.ts";

/** How one headline number or verdict of one scenario fared over all seeds. */
export interface Score {
  /** The number or verdict. */
  readonly name: string;
  /** Runs times levels in which it was measured. */
  readonly n: number;
  /** How often it was missing. */
  readonly missing: number;
  /** Mean error relative to the truth; `null` for a verdict. */
  readonly bias: number | null;
  /** True where the truth is 0 somewhere: the bias is then absolute, in the number's own unit. */
  readonly isAbsolute: boolean;
  /** Share of intervals that hold the truth, an unknown end ruling nothing out; `null` where no interval has an end. */
  readonly coverage: number | null;
  /** Intervals with at least one end known. */
  readonly intervals: number;
  /** Of these, those with an upper end: the others are refused. */
  readonly told: number;
  /** Share of those told that hold the truth; `null` where there is none. */
  readonly toldCoverage: number | null;
  /** Median half width relative to the value; `null` where there is none. */
  readonly halfWidth: number | null;
  /** Of a verdict: right, wrong, not claimed. */
  readonly verdicts: { readonly right: number; readonly wrong: number; readonly abstained: number } | null;
}

/**
 * Scores of everything that was observed, by name in order of appearance.
 *
 * @param observations Of all seeds of one scenario.
 */
export function scoresOf(observations: readonly Observation[]): Score[] {
  const byName = Map.groupBy(observations, ({ kind, name }) => `${kind} ${name}`);
  return [...byName.values()].map((group) => group[0]!.kind === "number" ? numberScore(group) : verdictScore(group));
}

function numberScore(group: readonly Observation[]): Score {
  const numbers = group.flatMap((observation) => observation.kind === "number" ? [observation] : []);
  const measured = numbers.flatMap(({ truth, estimate }) => estimate === null ? [] : [{ truth, estimate }]);
  const bounded = measured.flatMap(({ truth, estimate: { value, low, high } }) =>
    low === null && high === null ? [] : [{ truth, value, low: low ?? -Infinity, high: high ?? Infinity }]
  );
  const isAbsolute = numbers.some(({ truth }) => Math.abs(truth) < 1e-9);
  const errors = measured.map(({ truth, estimate }) => (estimate.value - truth) / (isAbsolute ? 1 : Math.abs(truth)));
  // Rounding of the last bit is no miss.
  const holds = ({ truth, low, high }: { truth: number; low: number; high: number }) => {
    const slack = 1e-9 * Math.abs(truth);
    return low - slack <= truth && truth <= high + slack;
  };
  const told = bounded.filter(({ high }) => Number.isFinite(high));
  const closed = told.filter(({ low }) => Number.isFinite(low));
  const widths = closed.filter(({ value }) => value !== 0)
    .map(({ value, low, high }) => (high - low) / 2 / Math.abs(value)).sort((a, b) => a - b);
  return {
    name: group[0]!.name,
    n: measured.length,
    missing: group.length - measured.length,
    bias: errors.length === 0 ? null : errors.reduce((sum, e) => sum + e, 0) / errors.length,
    isAbsolute,
    coverage: bounded.length === 0 ? null : bounded.filter(holds).length / bounded.length,
    intervals: bounded.length,
    told: told.length,
    toldCoverage: told.length === 0 ? null : told.filter(holds).length / told.length,
    halfWidth: widths[widths.length >> 1] ?? null,
    verdicts: null,
  };
}

function verdictScore(group: readonly Observation[]): Score {
  const count = (wanted: string) => group.filter((o) => o.kind === "verdict" && o.outcome === wanted).length;
  const verdicts = { right: count("right"), wrong: count("wrong"), abstained: count("abstained") };
  return {
    name: group[0]!.name,
    n: verdicts.right + verdicts.wrong,
    missing: verdicts.abstained,
    bias: null,
    isAbsolute: false,
    coverage: null,
    intervals: 0,
    told: 0,
    toldCoverage: null,
    halfWidth: null,
    verdicts,
  };
}
