import * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import { estimate, growthVerdict, nullableNumber, number, numbers } from "../schema.ts";

/** Growth of one kind of memory over the steady soak. */
export interface MemoryGrowth {
  /** Bytes for each completed request: a Theil-Sen slope; of a process on a GPU its rise, give or take one step. */
  readonly bytesPerRequest: Estimate;
  /** What the slope and its certainty allow to say. */
  readonly verdict: "growing" | "stable" | "cannot tell";
  /** Two-sided p-value of the Mann-Kendall test; `null` if too short. */
  readonly pValue: number | null;
  /** Requests of the soak. */
  readonly requests: number;
  /** About how many requests would tell, where this soak cannot; `null` where it can, or nobody knows. */
  readonly requestsNeeded?: number | null;
  /** What was taken early in the soak and kept, after which memory stood still, bytes; left out where nothing was. */
  readonly filledBytes?: number;
}

/** What repeated loads and unloads leave behind in one kind of memory. */
export interface MemoryCycles {
  /** Theil-Sen slope, bytes for each cycle of load, inferences and unload. */
  readonly bytesPerCycle: Estimate;
  /** By the Mann-Kendall test and a floor for what allocators keep. */
  readonly verdict: "growing" | "stable" | "cannot tell";
  /** Two-sided p-value of the Mann-Kendall test; `null` if too short. */
  readonly pValue: number | null;
  /** Memory after each unload, bytes, in order. */
  readonly afterUnloadBytes: readonly number[];
}

/** {@linkcode MemoryGrowth} in a results file, or `null`. */
export const nullableGrowth = v.nullable(v.looseObject({
  bytesPerRequest: estimate,
  verdict: growthVerdict,
  pValue: nullableNumber,
  requests: number,
  requestsNeeded: v.exactOptional(nullableNumber),
  filledBytes: v.exactOptional(number),
}));

/** {@linkcode MemoryCycles} in a results file, or `null`. */
export const nullableCycles = v.nullable(v.looseObject({
  bytesPerCycle: estimate,
  verdict: growthVerdict,
  pValue: nullableNumber,
  afterUnloadBytes: numbers,
}));
