import type * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import type { Figure } from "../figure.ts";
import type { Absences, ClientCheck, ResultBase } from "../result_base.ts";
import type { Severity } from "../../core/severity.ts";
import type { TargetDescription } from "../target_description.ts";
import type { Window } from "../window/window.ts";

/** One measured window of a result. */
export interface LevelWindow {
  /** Its place on the result's axis: a batch size, a concurrency, the name of a point; `null` where there is one window. */
  readonly level: number | string | null;
  /** Batch that was meant, where the server made it of single requests; left out where the load's own is meant. */
  readonly batchSize?: number;
  /** Phase of the test that it was measured in; left out where the test has none. */
  readonly phase?: string;
  /** The server that it was measured at, where the test has several; left out where it is that of the run. */
  readonly target?: TargetDescription;
  /** What was measured. */
  readonly window: Window;
}

/** What the levels of a kind of result differ in. */
export interface Axis {
  /** For people: `batch size`. */
  readonly label: string;
  /** In tables of figures, in snake case: `batch_size`. */
  readonly id: string;
}

/** A number of a result that is no figure: nobody gates, compares or charts it by its name. */
export interface DetailValue {
  /** Name in tables of figures. */
  readonly id: string;
  /** Its unit, for people. */
  readonly unit: string;
  /** The number, with its interval where it has one; `null` or `undefined` where it was not measured. */
  readonly value: Estimate | number | null | undefined;
  /** Observations that a number without an interval rests on; left out where that says nothing. */
  readonly n?: number | undefined;
}

/** Numbers of one place of a result, beside its figures and those of its windows. */
export interface Detail {
  /** What such places differ in, in snake case, and which one it is: a level, a cold start, a phase; `null` for the whole. */
  readonly at: {
    readonly axis: string;
    readonly level: number | string;
    /** The load there, where no window of that level tells it. */
    readonly load?: { readonly ratePerSecond: number } | { readonly concurrency: number };
    /** The server there, where the test has several. */
    readonly target?: TargetDescription;
  } | null;
  /** The numbers. */
  readonly values: readonly DetailValue[];
}

/** What a test recommends among its levels. */
export interface Choice<Result> {
  /** What is chosen: `optimal batch size`. */
  readonly label: string;
  /** What was chosen; `null` if nothing was. */
  readonly read: (result: Result) => number | null;
  /** What would do as well within the noise of the run, the choice among them. */
  readonly equivalents: (result: Result) => readonly number[];
}

/** What a test found out that is no number. */
export interface Verdict<Result> {
  /** What about: `prefix cache`. */
  readonly what: string;
  /** In a word or two; `null` where it was not asked. */
  readonly read: (result: Result) => string | null;
}

/** What can make the numbers of two runs differ, apart from the server's own doing. */
export interface Circumstance<Subject> {
  /** What: `cold starts`. */
  readonly what: string;
  /** `critical` where runs then measured different things, `warning` where it may explain a difference. */
  readonly severity: Severity;
  /** What it was; `undefined` where the run does not have it, `null` where nobody knows. */
  readonly of: (subject: Subject) => string | number | null | undefined;
}

/** One of several servers of a result. */
export interface Side {
  /** What it is called: `Server A`. */
  readonly title: string;
  /** Which it is. */
  readonly target: TargetDescription;
  /** Requests to it that succeeded. */
  readonly succeeded: number;
  /** How the client fared while it measured this server. */
  readonly client: ClientCheck;
  /** Why fields of this server are missing. */
  readonly absences: Absences;
}

/** What the house knows of one kind of result. Every consumer of results loops over these or has a table by kind. */
export interface Kind<Result extends ResultBase> {
  /** What it is called: `Throughput`. */
  readonly title: string;
  /** What it is called in a sentence: `the throughput test`. */
  readonly name: string;
  /** What it asks. */
  readonly question: string;
  /** What its levels differ in; `null` where it has one window, or none. */
  readonly axis: Axis | null;
  /** Its form in a results file; the order of the entries is the order in the file. */
  readonly schema: v.GenericSchema<unknown, Result>;
  /** Every window that it measured, in the order of its axis. */
  readonly windows: (result: Result) => readonly LevelWindow[];
  /**
   * The window that stands for it: the optimum, the highest rate that was sustained; it answers `null` where no window
   * qualified, and is `null` itself where none of its windows stands for the whole.
   */
  readonly best: ((result: Result) => LevelWindow | null) | null;
  /** What was asked of the server, as data: results of different loads are not compared. */
  readonly asked: (result: Result) => Readonly<Record<string, unknown>>;
  /** Figures of the whole result, those of its windows apart. */
  readonly figures: readonly Figure<Result>[];
  /** Ids of figures of each usable window by which two runs are compared where both offered the same load. */
  readonly comparedOfWindows?: readonly string[];
  /**
   * Ids of figures by which two runs are compared at one load: the highest that both offered and one of them sustained.
   * They must hold beyond saturation too.
   */
  readonly comparedOfHighest?: readonly string[];
  /** Ids of figures of the window in `best` by which two runs are compared. */
  readonly comparedOfBest?: readonly string[];
  /** Its numbers besides, which stand in tables of figures alone. */
  readonly details?: (result: Result) => readonly Detail[];
  /** What it recommends among its levels. */
  readonly choice?: Choice<Result>;
  /** What it found out that is no number, which comparisons set side by side. */
  readonly verdict?: Verdict<Result>;
  /** What of it has to be the same in two runs whose figures are compared. */
  readonly circumstances?: readonly Circumstance<Result>[];
  /** The servers that it measured, where they are several. */
  readonly sides?: (result: Result) => readonly Side[];
  /** Whether it was answered; `null` where it sent nothing. @default {a request of one of its windows succeeded} */
  readonly isAnswered?: (result: Result) => boolean | null;
}
