import type { Estimate } from "../core/estimate.ts";
import type { ResultKind } from "./kinds.ts";
import type { PartialReason } from "./result_base.ts";
import type { Severity } from "../core/severity.ts";
import type { Unit } from "./units.ts";
import type { ComparisonVerdict } from "./verdict.ts";

/** One of the runs of a comparison, as far as it says which run it was. */
export interface ComparedRun {
  /** When it began, ISO 8601. */
  readonly startedAt: string;
  /** The command line that gives it again. */
  readonly command: string;
  /** Base URL of its server. */
  readonly url: string;
  /** Model that it measured. */
  readonly model: string;
  /** Why it holds less than it was asked for, or `null` if it is whole. */
  readonly partial: PartialReason | null;
  /** Tests in which the client may have set the numbers. */
  readonly clientLimited: readonly ResultKind[];
  /** Tests in which a figure did not reach the wanted precision. */
  readonly notConverged: readonly ResultKind[];
}

/** Something in which two runs differ beside their results. */
export interface RunDifference {
  /** What: `model`, `cpu`, `seed`, `batch sizes of the throughput test`. */
  readonly what: string;
  /** In the first run, for people. */
  readonly a: string;
  /** In the second. */
  readonly b: string;
  /** `critical` where the runs measured different things, `warning` where it may explain a difference in the results. */
  readonly severity: Severity;
}

/** A kind of result that cannot be compared. */
export interface Incomparable {
  /** The kind. */
  readonly test: ResultKind;
  /** Why not: one of the runs lacks it, or they offered the server different loads. */
  readonly reason: "only-in-first" | "only-in-second" | "different-loads";
  /** What the first run asked of the server; left out where it lacks the test. */
  readonly a?: Readonly<Record<string, unknown>>;
  /** What the second run asked. */
  readonly b?: Readonly<Record<string, unknown>>;
}

/** One headline number in both runs. */
export interface ComparedFigure {
  /** Test that gave it. */
  readonly test: ResultKind;
  /** Its name: `throughput`, `p95 latency`, ... */
  readonly name: string;
  /** Unit of the estimates and of the difference. */
  readonly unit: Unit;
  /** Whether less or more of it is better. */
  readonly better: "less" | "more";
  /** In the first run; `null` where it was not measured. */
  readonly a: Estimate | null;
  /** In the second. */
  readonly b: Estimate | null;
  /** b - a, in an interval that holds together with those of all compared figures; `null` where it has none. */
  readonly difference: Estimate | null;
  /** b / a, the same; `null` where a is 0 or there is no interval. */
  readonly ratio: Estimate | null;
  /** Whether b is better. */
  readonly verdict: ComparisonVerdict;
  /** Why it cannot be told, for people; `null` where it can. */
  readonly reason: string | null;
  /**
   * Smallest difference that two such runs would have shown four times in five, in the unit; `null` where there is no
   * interval.
   */
  readonly smallestShown: number | null;
}

/** A choice that both runs made: the optimal batch size, say. */
export interface ComparedChoice {
  /** What was chosen. */
  readonly what: string;
  /** In the first run, or `null` if nothing was. */
  readonly a: number | null;
  /** In the second. */
  readonly b: number | null;
  /** Whether each choice is within the noise of the other run's: then they do not differ. */
  readonly withinNoise: boolean;
  /** The runs that did not try what the other chose, so that nothing tells the choices apart; left out where both did. */
  readonly untriedBy?: readonly ("a" | "b")[];
}

/** What both runs found out that is no number: whether the server has a prefix cache, say. */
export interface ComparedVerdict {
  /** What about. */
  readonly what: string;
  /** What the first run found, for people; `null` where it did not ask. */
  readonly a: string | null;
  /** What the second found. */
  readonly b: string | null;
}

/** Two runs side by side. */
export interface Comparison {
  /** The first run, which the second is held against. */
  readonly a: ComparedRun;
  /** The second run. */
  readonly b: ComparedRun;
  /** True if both are the same run: there is nothing to compare then. */
  readonly identical: boolean;
  /** In what the runs differ, the most severe first. */
  readonly differences: readonly RunDifference[];
  /** What cannot be compared. */
  readonly incomparable: readonly Incomparable[];
  /** Headline numbers in the order of the tests. */
  readonly figures: readonly ComparedFigure[];
  /** Choices in the order of the tests. */
  readonly choices: readonly ComparedChoice[];
  /** What both found out that is no number, in the order of the tests; left out where they found nothing of that kind. */
  readonly verdicts?: readonly ComparedVerdict[];
  /** How many intervals hold together at `level` (Bonferroni). */
  readonly family: number;
  /** Confidence with which all intervals hold together. */
  readonly level: number;
}

/** A run held against a baseline. */
export interface BaselineCheck {
  /** Whether nothing regressed. */
  readonly passed: boolean;
  /** Largest part by which a figure may be worse, 0.05 for 5 %. */
  readonly maxRegression: number;
  /** Figures that are worse beyond their interval and by more than that, as `test: name`. */
  readonly regressions: readonly string[];
  /** Figures that the baseline has and this run could not measure, as `test: name`. */
  readonly lost: readonly string[];
  /** Baseline (a) against this run (b). */
  readonly comparison: Comparison;
}
