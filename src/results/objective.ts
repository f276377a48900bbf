import * as v from "valibot";
import type { Estimate } from "../core/estimate.ts";
import { nullableEstimate, number } from "./schema.ts";
import { type Unit, UNITS } from "./units.ts";

/** A limit on one figure: `p99<100ms`. */
export interface Objective {
  /** The figure, by the name that objectives give it: `p99`. */
  readonly metric: string;
  /** On which side of the limit it must be. */
  readonly operator: "<" | "<=" | ">" | ">=";
  /** The limit, in `unit`. */
  readonly limit: number;
  /** Unit of the limit. */
  readonly unit: Unit;
  /** As it was written, without blanks. */
  readonly text: string;
}

/** Whether a figure keeps its limit, as far as its interval tells. */
export type LimitVerdict = "met" | "missed" | "cannot tell";

/** An objective with what was measured of it. */
export interface ObjectiveOutcome {
  /** The objective. */
  readonly objective: Objective;
  /** Whether it was met. */
  readonly verdict: LimitVerdict;
  /** The figure in the objective's unit; `null` where it was not measured. */
  readonly measured: Estimate | null;
}

/** {@linkcode Objective} in a results file, as entries. */
export const objectiveEntries = {
  text: v.string(),
  metric: v.string(),
  operator: v.picklist(["<", "<=", ">", ">="]),
  limit: number,
  unit: v.picklist(UNITS),
};

/** {@linkcode ObjectiveOutcome} in a results file, as entries. */
export const outcomeEntries = {
  objective: v.looseObject(objectiveEntries),
  verdict: v.picklist(["met", "missed", "cannot tell"]),
  measured: nullableEstimate,
};
