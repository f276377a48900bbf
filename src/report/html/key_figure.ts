import type { ResultKind } from "../../results/kinds.ts";
import type { Words } from "../../words/inline.ts";

/** A number that the reader wants first. */
export interface KeyFigure {
  /** What it is. */
  readonly label: string;
  /** The number with its unit. */
  readonly value: Words;
  /** Its interval; empty where it has none. */
  readonly interval: Words;
  /** At what load, or beside what. */
  readonly context: Words;
  /** Where it comes from. */
  readonly source: ResultKind;
  /** Whether it is bad news. */
  readonly isBad: boolean;
}
