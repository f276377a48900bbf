import type * as v from "valibot";
import type { Figure } from "../figure.ts";
import type { ResultBase } from "../result_base.ts";
import type { Window } from "../window/window.ts";

/** One measured window of a result. */
export interface LevelWindow {
  /** Its place on the result's axis: a batch size, a concurrency, the name of a point; `null` where there is one window. */
  readonly level: number | string | null;
  /** Batch that was meant, where the server made it of single requests; left out where the load's own is meant. */
  readonly batchSize?: number;
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
}
