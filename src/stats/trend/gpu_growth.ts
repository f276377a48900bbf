import type { Estimate } from "../../core/estimate.ts";
import { DEFAULT_LEVEL } from "../confidence_level.ts";
import { ascending } from "../estimates/ascending.ts";
import { quantile } from "../estimates/quantile.ts";
import type { Growth } from "./growth_verdict.ts";

/** Whether memory of a GPU grows with the requests served. */
export interface GpuGrowth extends Growth {
  /**
   * What was taken at first and kept, after which memory stood still, bytes: a cache that filled. 0 where nothing was,
   * or where memory did not stand still.
   */
  readonly filledBytes: number;
  /** About how many requests would tell; `null` where it is told. */
  readonly requestsNeeded: number | null;
}

/** Segments that PyTorch's allocator takes from the driver for blocks of up to 1 MB, bytes (`kSmallBuffer`). */
export const SMALL_SEGMENT_BYTES = 2 * 2 ** 20;
/** The same for blocks of up to 10 MB (`kLargeBuffer`); larger blocks get a segment of their own. */
export const LARGE_SEGMENT_BYTES = 20 * 2 ** 20;
/** Blocks above this share large segments, bytes (`kSmallSize`). */
export const SMALL_BLOCK_BYTES = 2 ** 20;
/** A verdict needs at least so many blocks of samples. */
export const FEWEST_BLOCKS = 10;
/** Where a rise that is no warm-up may begin, as shares of the soak: what came before them is left out. */
const RISE_STARTS = [0, 1 / 8, 1 / 4];

/**
 * Blocks from which on a steady rise is looked for.
 *
 * @param blocks How many there are.
 */
export function riseStarts(blocks: number): number[] {
  return RISE_STARTS.map((share) => Math.floor(share * blocks)).filter((start) => blocks - start >= FEWEST_BLOCKS);
}

/**
 * A growth that no request tells of: samples that were all taken between the same two requests.
 *
 * @param memoryBytes Memory at each sample, bytes.
 */
export function growthWithoutRequests(memoryBytes: ArrayLike<number>): GpuGrowth {
  const values = Array.from(memoryBytes);
  const quarter = Math.ceil(values.length / 4);
  const moved = middle(values.slice(-quarter)) - middle(values.slice(0, quarter));
  const flat = values.length >= FEWEST_BLOCKS && Math.abs(moved) < SMALL_SEGMENT_BYTES;
  const bytesPerRequest: Estimate = { value: 0, low: null, high: null, level: DEFAULT_LEVEL, n: values.length };
  return {
    bytesPerRequest,
    verdict: flat ? "stable" : "cannot tell",
    pValue: null,
    filledBytes: 0,
    requestsNeeded: null,
  };
}
function middle(values: readonly number[]): number {
  return values.length === 0 ? 0 : quantile(ascending(values), 0.5);
}
