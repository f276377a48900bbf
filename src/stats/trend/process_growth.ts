import { DEFAULT_LEVEL } from "../confidence_level.ts";
import {
  FEWEST_BLOCKS,
  type GpuGrowth,
  growthWithoutRequests,
  LARGE_SEGMENT_BYTES,
  riseStarts,
  SMALL_BLOCK_BYTES,
  SMALL_SEGMENT_BYTES,
} from "./gpu_growth.ts";
import { mannKendall } from "./mann_kendall.ts";
import { memoryFloor } from "./memory_floor.ts";

/** What a process's memory can tell of in some hundred requests: a growth of 64 KB a request moves a large segment in 320. */
const STABLE_GPU_BYTES_PER_REQUEST = 64 * 2 ** 10;
/** A growth is told from so many steps on, each as large as the largest that was seen. */
const FEWEST_STEPS = 6;
/** Steps that memory may take and still stand still: a shape that comes late, a second stream. */
const STRAY_STEPS = 2;
/** By how much of its rise memory may lie off the straight line through it, the step apart. */
const UNEVENNESS = 0.1;

/** The rest of a soak from one sample on. */
interface Rest {
  /** Where it begins. */
  readonly from: number;
  /** Requests completed in it. */
  readonly requests: number;
  /** What memory rose by, bytes. */
  readonly rise: number;
  /** The largest rise from one sample to the next, bytes. */
  readonly largest: number;
  /** Rises that are a segment at least. */
  readonly steps: number;
}

/** What a process held on a GPU before, that its allocator may give out again. */
export interface ProcessGrowthOptions {
  /** Memory that earlier, larger loads left in the allocator's cache, bytes. @default {0} */
  readonly cachedBytes?: number;
}

/**
 * Whether a process's memory on a GPU grows with the requests that it completes, from what the driver tells of the process.
 *
 * An allocator takes memory in segments (of 2 MB for blocks of up to 1 MB, of 20 MB for blocks of up to 10 MB, by itself
 * above) and keeps what is freed, so that the process's memory is a staircase: it stands still while blocks leak into a
 * segment that was begun. Steps are events, and the resolution of a soak is one step: a slope of pairs would call it exact.
 *
 * What counts is what memory never fell below again. *Growing*: from the begin of the soak or from its first eighth or
 * quarter on, memory rose by six of its largest steps at least, along a straight line. *Stable*: from some moment on it took at most two
 * steps, and even with a large segment more, which one more request might have taken, it would have grown by at most 64
 * KB a request; so no steady leak of that size is called stable. Where `cachedBytes` are known, a leak of large
 * blocks (over 1 MB) would have used them up as well. Else *cannot tell*, with about how many requests would tell.
 *
 * The interval is that of the resolution: one step to either side; it has no probability.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { processGrowth } from "./process_growth.ts";
 * const MB = 2 ** 20;
 * const requests = Array.from({ length: 80 }, (_, i) => 20 * i);
 * const leaking = requests.map((n) => 900 * MB + 2 * MB * Math.floor(n / 32)); // 64 KB a request
 * assertEquals(processGrowth(requests, leaking).verdict, "growing");
 * assertEquals(processGrowth(requests, requests.map(() => 900 * MB)).verdict, "stable");
 * // 20 requests could have leaked a megabyte each without a step.
 * assertEquals(processGrowth(requests.map((n) => n / 80), requests.map(() => 900 * MB)).verdict, "cannot tell");
 * ```
 *
 * @param completedRequests Requests completed at each sample, ascending.
 * @param memoryBytes Memory of the process at each sample, bytes.
 * @param options What may hide a growth.
 * @throws {RangeError} If the lengths differ.
 */
export function processGrowth(
  completedRequests: ArrayLike<number>,
  memoryBytes: ArrayLike<number>,
  { cachedBytes = 0 }: ProcessGrowthOptions = {},
): GpuGrowth {
  if (completedRequests.length !== memoryBytes.length) {
    const found = `${memoryBytes.length} and ${completedRequests.length}`;
    throw new RangeError(`Cannot judge growth as each sample must have its requests: found ${found}`);
  }
  const x = Array.from(completedRequests).slice(0, -1), kept = neverBelow(confirmed(Array.from(memoryBytes)));
  if (x.length === 0 || x[0] === x.at(-1)) return growthWithoutRequests(memoryBytes);
  const { pValue } = mannKendall(memoryFloor(x, kept).bytes);
  const rests = restsOf(x, kept);
  const told = (verdict: GpuGrowth["verdict"], { rise, requests }: Rest, step: number): GpuGrowth => ({
    bytesPerRequest: {
      value: rise / requests,
      low: Math.max(0, rise - step) / requests,
      high: (rise + step) / requests,
      level: DEFAULT_LEVEL,
      n: x.length,
    },
    verdict,
    pValue,
    filledBytes: 0,
    requestsNeeded: null,
  });
  if (kept.length >= FEWEST_BLOCKS) {
    const rising = riseStarts(kept.length).flatMap((start) => rests[start] ?? []).find((rest) =>
      isSteadyRise(rest, x, kept)
    );
    if (rising !== undefined) return told("growing", rising, Math.max(rising.largest, SMALL_SEGMENT_BYTES));
    const still = rests.filter((rest) => standsStill(rest, cachedBytes))
      .reduce<Rest | null>(
        (best, rest) => best !== null && mostPerRequest(best) <= mostPerRequest(rest) ? best : rest,
        null,
      );
    if (still !== null) {
      const taken = kept.at(-1)! - kept[0]!;
      const filledBytes = taken >= LARGE_SEGMENT_BYTES ? taken : 0;
      return { ...told("stable", still, LARGE_SEGMENT_BYTES), filledBytes };
    }
  }
  // What was taken in the first quarter may be a warm-up, and says nothing of the rest.
  const seen = leastGrown(rests.filter(({ from }) => from <= kept.length / 4)) ?? rests[0]!;
  const requestsNeeded = neededFor(seen, cachedBytes);
  return { ...told("cannot tell", seen, Math.max(seen.largest, LARGE_SEGMENT_BYTES)), requestsNeeded };
}

/** All samples but the last, which shows whether the one before it was a spike: a moment of this program, or of another. */
function confirmed(bytes: readonly number[]): number[] {
  return bytes.slice(0, -1).map((here, i) => Math.min(here, Math.max(bytes[i - 1] ?? here, bytes[i + 1]!)));
}

/** What memory never fell below again, at each moment. */
function neverBelow(bytes: readonly number[]): number[] {
  const kept = [...bytes];
  for (let i = kept.length - 2; i >= 0; i--) kept[i] = Math.min(kept[i]!, kept[i + 1]!);
  return kept;
}

/** From each sample on, as far as requests follow it. */
function restsOf(x: readonly number[], kept: readonly number[]): Rest[] {
  const end = x.length - 1;
  const rests: Rest[] = [];
  let largest = 0, steps = 0;
  for (let from = end - 1; from >= 0; from--) {
    const step = kept[from + 1]! - kept[from]!;
    largest = Math.max(largest, step);
    if (step >= SMALL_SEGMENT_BYTES) steps++;
    if (x[end]! > x[from]!) {
      rests.push({ from, requests: x[end]! - x[from]!, rise: kept[end]! - kept[from]!, largest, steps });
    }
  }
  return rests.reverse();
}

function isSteadyRise(
  { from, requests, rise, largest, steps }: Rest,
  x: readonly number[],
  kept: readonly number[],
): boolean {
  if (steps < FEWEST_STEPS || rise < FEWEST_STEPS * largest) return false;
  const mostOff = UNEVENNESS + largest / rise;
  for (let i = from; i < kept.length; i++) {
    const off = (kept[i]! - kept[from]!) / rise - (x[i]! - x[from]!) / requests;
    if (Math.abs(off) > mostOff) return false;
  }
  return true;
}

/** The rest that grew the least, had one more large segment been about to be taken. */
function leastGrown(rests: readonly Rest[]): Rest | null {
  return rests.reduce<Rest | null>(
    (least, rest) => least !== null && mostPerRequest(least) <= mostPerRequest(rest) ? least : rest,
    null,
  );
}

/** What it grew by at most, had one more large segment been about to be taken. */
function mostPerRequest({ rise, requests }: Rest): number {
  return (rise + LARGE_SEGMENT_BYTES) / requests;
}

function standsStill(rest: Rest, cachedBytes: number): boolean {
  return rest.steps <= STRAY_STEPS && mostPerRequest(rest) <= STABLE_GPU_BYTES_PER_REQUEST &&
    rest.requests >= requestsThatUseUp(cachedBytes);
}

/** Small blocks have segments of their own; what leaks larger ones with each request uses the cache up in so many. */
function requestsThatUseUp(cachedBytes: number): number {
  return cachedBytes === 0 ? 0 : (cachedBytes + LARGE_SEGMENT_BYTES) / SMALL_BLOCK_BYTES;
}

function neededFor({ rise, largest, requests, steps }: Rest, cachedBytes: number): number {
  const forRise = steps > STRAY_STEPS ? FEWEST_STEPS * largest * requests / rise : 0;
  const forNone = (Math.min(rise, STRAY_STEPS * largest) + LARGE_SEGMENT_BYTES) / STABLE_GPU_BYTES_PER_REQUEST;
  const needed = Math.max(forRise, forNone, requestsThatUseUp(cachedBytes));
  // What failed for another reason (a cache that fills, too few samples) wants twice the time at the least.
  return Number((needed > requests ? needed : 2 * requests).toPrecision(2));
}
