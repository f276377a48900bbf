import { ascending } from "../estimates/ascending.ts";
import { quantile } from "../estimates/quantile.ts";

/** A rise of fewer steps is no growth yet. */
const FEWEST_STEPS = 3;
/** What rises by more than this many times what memory falls by, and by this share of the largest rise, is a step. */
const NOISE = 2, LIKE_LARGEST = 1 / 3;
/** By how much of a step memory may lie off the straight line through an even stair, a step and its noise apart. */
const UNEVENNESS = 0.1;
/**
 * Of the largest distances of chance from a straight line (A. N. Kolmogorov's distribution, in standard deviations) so few are
 * smaller: 1 %, and 4 % where there are too few steps for that.
 */
const BY_CHANCE = 0.42, BY_CHANCE_OF_FEW = 0.5;
/** How much longer the longest tread of an even stair may be than the shortest, what samples hide apart. */
const LONGEST_TREAD = 1.5;
/** Memory that rises with every sample, or under noise, lies off a straight line by this share of its rise at most, noise apart. */
const BENT = 0.06;
/** Into so many means the samples are gathered where noise hides all steps. */
const BLOCKS = 10;

/** Memory that an allocator takes in steps and keeps. */
export interface MemoryStair {
  /** What may be added to the slope at either end, bytes per request: of the step that was just taken, or was about to be. */
  readonly resolution: number;
  /** Whether it rises as evenly as what is left behind with each request, and by steps enough to tell. */
  readonly isSteady: boolean;
}

/**
 * Whether memory rises as what leaks with each request does, and what its steps hide. An allocator takes memory in segments (an
 * arena of 1 MiB, a region of 32 MiB), so that a leak is a stair of even treads; segments that are taken for other reasons come
 * by chance. Of k of those the largest distance from the straight line is sqrt(k) segments times what Kolmogorov's distribution
 * has (1933). A segment is the smallest rise that is no noise: two that came between two samples look like one of twice the size,
 * which would excuse any unevenness.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { memoryStair } from "./memory_stair.ts";
 * const requests = Array.from({ length: 41 }, (_, i) => 20 * i);
 * const twoSteps = requests.map((n) => 5e8 + (n > 100 ? 16e6 : 0) + (n > 300 ? 16e6 : 0));
 * assertEquals(memoryStair(requests, twoSteps), { resolution: 20_000, isSteady: false });
 * assertEquals(memoryStair(requests, requests.map((n) => 5e8 + 16e6 * Math.floor(n / 100))).isSteady, true);
 * ```
 *
 * @param requests Requests completed at each sample, ascending.
 * @param bytes Memory at each sample.
 */
export function memoryStair(requests: readonly number[], bytes: readonly number[]): MemoryStair {
  const changes = bytes.slice(1).map((here, i) => here - bytes[i]!);
  const rise = bytes.at(-1)! - bytes[0]!, served = requests.at(-1)! - requests[0]!;
  if (served <= 0 || rise <= 0) return { resolution: 0, isSteady: false };
  // What falls is noise, and as much of it is in every rise.
  const highest = Math.max(...changes), fall = Math.max(0, -Math.min(...changes));
  const isEven = isEvenRise(requests, bytes, { changes, highest, fall });
  // Where memory falls by half as much as it ever rises, no step is to be seen.
  if (fall > highest / 2) return { resolution: 0, isSteady: isEven };
  const step = highest - fall;
  return {
    resolution: step / served * Math.min(1, FEWEST_STEPS * step / Math.max(rise, step)),
    isSteady: isEven && rise >= FEWEST_STEPS * step,
  };
}

interface Changes {
  readonly changes: readonly number[];
  readonly highest: number;
  readonly fall: number;
}

function isEvenRise(
  requests: readonly number[],
  bytes: readonly number[],
  { changes, highest, fall }: Changes,
): boolean {
  const rise = bytes.at(-1)! - bytes[0]!, off = farthest(requests, bytes);
  const isDense = quantile(ascending(changes), 0.5) > LIKE_LARGEST * highest;
  if (isDense) return off <= BENT * rise + fall;
  const least = Math.max(NOISE * fall, LIKE_LARGEST * highest);
  const at = changes.flatMap((change, i) => change > least ? [i + 1] : []);
  if (at.length === 0) return isBlurredLine(requests, bytes, fall);
  const steps = at.map((i) => changes[i - 1]!), segment = Math.min(...steps);
  const spread = Math.sqrt(rise * segment);
  const mostOff = Math.min(
    (1 + UNEVENNESS) * segment + 2 * fall,
    Math.max(BY_CHANCE * spread, Math.min((1 + UNEVENNESS / 2) * segment, BY_CHANCE_OF_FEW * spread)),
  );
  if (off > mostOff) return false;
  // Of steps that noise hides the treads are not known.
  if (steps.reduce((sum, step) => sum + step, 0) < rise - segment / 2 - fall) return true;
  const treads = at.slice(1).map((i, k) => requests[i]! - requests[at[k]!]!);
  const between = Math.max(...at.map((i) => requests[i]! - requests[i - 1]!));
  return Math.max(...treads) <= LONGEST_TREAD * Math.min(...treads) + 2 * between;
}

/** The same where noise hides all steps, by means of neighbours. */
function isBlurredLine(requests: readonly number[], bytes: readonly number[], fall: number): boolean {
  const size = Math.ceil(bytes.length / BLOCKS);
  const [x, y] = [requests, bytes].map((all) =>
    Array.from({ length: Math.floor(all.length / size) }, (_, k) => {
      return all.slice(k * size, (k + 1) * size).reduce((sum, value) => sum + value, 0) / size;
    })
  ) as [number[], number[]];
  return farthest(x, y) <= BENT * (y.at(-1)! - y[0]!) + fall / Math.sqrt(size);
}

/** How far they lie from the straight line between first and last. */
function farthest(x: readonly number[], y: readonly number[]): number {
  const slope = (y.at(-1)! - y[0]!) / (x.at(-1)! - x[0]!);
  return Math.max(...y.map((value, i) => Math.abs(value - y[0]! - slope * (x[i]! - x[0]!))));
}
