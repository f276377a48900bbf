import * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import { estimate, number } from "../schema.ts";
import { type Load, loadSchema } from "./load.ts";

/**
 * A load whose latency changed once for good, inside one of its windows or between two of them (method 5). Requests are
 * counted, and moments told in ms, since the run began; where the change lies between two windows, only these are known.
 */
export interface LevelShift {
  /** What was offered. */
  readonly load: Load;
  /** Which of two servers; left out where there is one. */
  readonly server?: "A" | "B";
  /** The last request known to be of the old level. */
  readonly lastBefore: number;
  /** The first known to be of the new one. */
  readonly firstAfter: number;
  /** When the last of the old level ended, ms. */
  readonly beforeMs: number;
  /** When the first of the new one ended, ms. */
  readonly afterMs: number;
  /** Mean latency before by that after: above 1 where requests became faster. */
  readonly ratio: Estimate;
  /** `warm-up`: faster after the beginning of the run; `unknown`: slower, or in its midst. */
  readonly cause: "warm-up" | "unknown";
  /** True where what this load had measured before was left out and measured again; left out where it was not. */
  readonly again?: true;
}

/** {@linkcode LevelShift} in a results file, as entries of the schema of what holds one. */
export const levelShiftEntries = {
  load: loadSchema,
  server: v.exactOptional(v.picklist(["A", "B"])),
  lastBefore: number,
  firstAfter: number,
  beforeMs: number,
  afterMs: number,
  ratio: estimate,
  cause: v.picklist(["warm-up", "unknown"]),
  again: v.exactOptional(v.literal(true)),
};

/** {@linkcode LevelShift} in a results file. */
export const levelShiftSchema: v.GenericSchema<unknown, LevelShift> = v.looseObject(levelShiftEntries);
