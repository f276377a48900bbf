import { ascending } from "../estimates/ascending.ts";
import { quantile } from "../estimates/quantile.ts";
import { FEWEST_BLOCKS, type GpuGrowth, growthWithoutRequests, LARGE_SEGMENT_BYTES, riseStarts } from "./gpu_growth.ts";
import { type Growth, GROWTH_FLOOR_BYTES, GROWTH_FLOOR_SHARE, GROWTH_SIGNIFICANCE } from "./growth_verdict.ts";
import { mannKendall } from "./mann_kendall.ts";
import { memoryFloor } from "./memory_floor.ts";
import { theilSen } from "./theil_sen.ts";
import { trendVarianceInflation } from "./trend_variance_inflation.ts";

/** Growth of allocated bytes that a soak of a thousand requests can rule out under the activations of batches of 16. */
const STABLE_ALLOCATED_BYTES_PER_REQUEST = 32 * 2 ** 10;
/** The second half of a rise goes on at this share of its pace at least, and its last quarter at half of it: what fills slows down, and stops. */
const LEAST_PACE = 0.7;
const LEAST_LAST_PACE = 0.5;
/** Memory is said to stand still from a stretch of so many blocks on. */
const FEWEST_STILL_BLOCKS = 6;

/** How memory moved from one block on. */
interface Slope extends Pick<Growth, "bytesPerRequest" | "pValue"> {
  /** Requests completed from there on. */
  readonly requests: number;
  /** Whether it is a steady rise. */
  readonly rises: boolean;
  /** Whether it is none. */
  readonly isStill: boolean;
}

/**
 * Whether what a GPU's allocator has given out grows with the requests completed: its own counter, which moves exactly.
 *
 * Samples are taken while requests are worked on, so that their activations stand in them: what is judged is the floor
 * (`memoryFloor`). *Growing*: a rise by Theil-Sen slope and Mann-Kendall test as for host memory, from the begin of the soak or from its
 * first eighth or quarter on, whose second half goes on at 0.7 of its pace at least and whose last quarter at half of it. *Stable*: from some block on, six at least, the slope's upper end
 * and the rise seen are at most 32 KB a request; what was taken before is a cache that filled, and is told. Else
 * *cannot tell*.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { allocatedGrowth } from "./allocated_growth.ts";
 * const requests = Array.from({ length: 96 }, (_, i) => 20 * i);
 * const busy = (n: number) => 137e6 + (n % 3) * 4e6;
 * assertEquals(allocatedGrowth(requests, requests.map((n) => busy(n) + 65536 * n)).verdict, "growing");
 * const { verdict, filledBytes } = allocatedGrowth(requests, requests.map((n) => busy(n) + 1e6 * Math.min(n, 400)));
 * assertEquals([verdict, Math.round(filledBytes / 1e6)], ["stable", 400]);
 * ```
 *
 * @param completedRequests Requests completed at each sample, ascending.
 * @param allocatedBytes What the allocator had given out at each sample, bytes.
 * @throws {RangeError} If the lengths differ.
 */
export function allocatedGrowth(completedRequests: ArrayLike<number>, allocatedBytes: ArrayLike<number>): GpuGrowth {
  const { requests, bytes } = memoryFloor(completedRequests, allocatedBytes);
  if (new Set(requests).size < 2) return growthWithoutRequests(allocatedBytes);
  const slope = (from: number) => slopeOf(requests.slice(from), bytes.slice(from));
  const isServed = (from: number) => requests.at(-1)! > requests[from]!;
  const told = ({ bytesPerRequest, pValue }: Slope, verdict: GpuGrowth["verdict"]): GpuGrowth => ({
    bytesPerRequest,
    verdict,
    pValue,
    filledBytes: 0,
    requestsNeeded: null,
  });
  if (bytes.length >= FEWEST_BLOCKS) {
    const rising = riseStarts(bytes.length).filter(isServed).map(slope).find(({ rises }) => rises);
    if (rising !== undefined) return told(rising, "growing");
    for (let from = 0; from + FEWEST_STILL_BLOCKS <= bytes.length && isServed(from); from++) {
      const still = slope(from);
      if (!still.isStill) continue;
      const taken = Math.min(...bytes.slice(-FEWEST_STILL_BLOCKS)) - Math.min(...bytes.slice(0, 3));
      return { ...told(still, "stable"), filledBytes: taken >= LARGE_SEGMENT_BYTES ? taken : 0 };
    }
  }
  const whole = slope(0);
  return { ...told(whole, "cannot tell"), requestsNeeded: neededFor(whole) };
}

function slopeOf(x: readonly number[], y: readonly number[]): Slope {
  const requests = x.at(-1)! - x[0]!;
  const plain = theilSen(x, y);
  const inflation = trendVarianceInflation(y.map((bytes, i) => bytes - plain.value * x[i]!));
  const bytesPerRequest = theilSen(x, y, plain.level, inflation);
  const { pValue } = mannKendall(y, { varianceInflation: inflation });
  const { value, low, high } = bytesPerRequest;
  const floor = Math.max(GROWTH_FLOOR_BYTES, GROWTH_FLOOR_SHARE * middle(y));
  const rises = pValue !== null && pValue < GROWTH_SIGNIFICANCE && low !== null && low > 0 &&
    value * requests > floor && goesOn(x, y, value);
  const rise = middle(y.slice(-3)) - middle(y.slice(0, 3));
  const isStill = high !== null && high <= STABLE_ALLOCATED_BYTES_PER_REQUEST &&
    rise <= STABLE_ALLOCATED_BYTES_PER_REQUEST * requests;
  return { bytesPerRequest, pValue, requests, rises, isStill };
}

/** Whether the second half still rises at the pace of the whole, or nearly, and the last quarter does. */
function goesOn(x: readonly number[], y: readonly number[], slope: number): boolean {
  return [[1 / 2, LEAST_PACE] as const, [3 / 4, LEAST_LAST_PACE] as const].every(([share, pace]) => {
    const from = Math.floor(share * x.length);
    return x.at(-1)! > x[from]! && theilSen(x.slice(from), y.slice(from)).value >= pace * slope;
  });
}

/** As `soakNeeded`: an interval narrows with the power 3/2 of the length of its series. */
function neededFor({ requests, bytesPerRequest: { value, low, high } }: Slope): number | null {
  if (low === null || high === null) return null;
  const limit = STABLE_ALLOCATED_BYTES_PER_REQUEST;
  const distance = value > limit ? value : Math.max(limit - value, limit / 2);
  const narrower = ((high - low) / 2 / distance) ** (2 / 3);
  return Number((Math.max(2, narrower) * requests).toPrecision(2));
}

function middle(values: readonly number[]): number {
  return quantile(ascending(values), 0.5);
}
