import * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import type { Measured } from "../measured.ts";
import { estimate, growthVerdict, nullableNumber, number, numbers } from "../schema.ts";

/** Growth of one kind of memory over the steady soak. */
export interface MemoryGrowth {
  /** Bytes for each success: a Theil-Sen slope; of a process on a GPU its rise, give or take one step. */
  readonly bytesPerRequest: Estimate;
  /** What the slope and its certainty allow to say. */
  readonly verdict: "growing" | "stable" | "cannot tell";
  /** Two-sided p-value of the Mann-Kendall test; `null` if too short. */
  readonly pValue: number | null;
  /** Successes of the soak. */
  readonly requests: number;
  /** About how many requests would tell, where this soak cannot; `null` where it can, or nobody knows. */
  readonly requestsNeeded?: number | null;
  /** What was taken early in the soak and kept, after which memory stood still, bytes; left out where nothing was. */
  readonly filledBytes?: number;
  /** Why the slope says nothing of the server, so that the verdict is `cannot tell`; left out where it does. */
  readonly because?: string;
}

/**
 * The slope of a growth as a figure: not measured where it says nothing of the server, so that no gate and no comparison
 * rests on it.
 *
 * @param growth Of one kind of memory.
 * @returns `null` where there is none.
 */
export function slopeOf(growth: MemoryGrowth | null | undefined): Measured | null {
  if (!growth) return null;
  return growth.because === undefined ? growth.bytesPerRequest : { code: "growth", detail: growth.because };
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
  because: v.exactOptional(v.string()),
}));

/** {@linkcode MemoryCycles} in a results file, or `null`. */
export const nullableCycles = v.nullable(v.looseObject({
  bytesPerCycle: estimate,
  verdict: growthVerdict,
  pValue: nullableNumber,
  afterUnloadBytes: numbers,
}));
