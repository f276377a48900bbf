import type { Measured } from "./measured.ts";
import type { Unit } from "./units.ts";

/** A name under which objectives ask for a figure. */
export interface GateName {
  /** As it is written: `p95`. Figures of one name differ by their units. */
  readonly name: string;
  /** What it is, for help. */
  readonly meaning: string;
}

/**
 * One figure: what it is called, its unit, which side is better, and how it is read. Gate, comparison, tables, help and
 * cards are loops over figures; a new one is one record.
 */
export interface Figure<Subject> {
  /** Name in tables of figures, in snake case; unique among the figures of its subject. */
  readonly id: string;
  /** Name for people. */
  readonly label: string;
  /** Unit of the estimate. */
  readonly unit: Unit;
  /** Whether less or more of it is better. */
  readonly better: "less" | "more";
  /** Reads it. */
  readonly read: (subject: Subject) => Measured;
  /** How objectives ask for it; left out where they cannot. */
  readonly gate?: GateName;
  /**
   * Where two runs are compared by it: few, since each one more widens the intervals of all. `same-loads` where it is one
   * of the loads that were offered, so that it says something of the servers only where both runs chose among the same.
   */
  readonly compared?: true | "same-loads";
  /**
   * Under what it was measured: where two runs tell that they did so under something else, they are not compared by it.
   * `undefined` where it is not known. @default {nothing that may differ}
   */
  readonly under?: (subject: Subject) => string | undefined;
  /** True where a comparison leaves it out if neither run has it: most servers do not. */
  readonly isRare?: true;
  /** Which quantile it is, 0 to 1; left out where it is none. */
  readonly quantile?: number;
  /** True where it is read at the level that stands for its result. */
  readonly ofBestLevel?: true;
  /** Of how many it was chosen as the best, which makes it high by luck. @default {1} */
  readonly chosenFrom?: (subject: Subject) => number;
}
