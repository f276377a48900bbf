/** A rise of fewer steps is no growth yet. Of three to eight that come by chance 2 to 18 % keep to a line. */
const FEWEST_STEPS = 3;
/** By how much of a step memory may lie off the straight line through it, a step and its noise apart. */
const UNEVENNESS = 0.1;

/** Memory that an allocator takes in steps and keeps. */
export interface MemoryStair {
  /** What may be added to the slope at either end, bytes per request: of the step that was just taken, or was about to be. */
  readonly resolution: number;
  /** Whether its steps are as many and as even as those of something that is left behind with each request. */
  readonly isSteady: boolean;
}

/**
 * Whether memory is a stair: its largest rise between two samples is no noise, since nothing falls by half as much. An allocator
 * takes memory in segments (an arena of 1 MiB, a region of 32 MiB), so that what a soak can tell is one of them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { memoryStair } from "./memory_stair.ts";
 * const requests = Array.from({ length: 41 }, (_, i) => 20 * i);
 * const twoSteps = requests.map((n) => 5e8 + (n > 100 ? 16e6 : 0) + (n > 300 ? 16e6 : 0));
 * assertEquals(memoryStair(requests, twoSteps), { resolution: 20_000, isSteady: false });
 * assertEquals(memoryStair(requests, requests.map((_, i) => 5e8 + (i % 2) * 1e6)), null);
 * ```
 *
 * @param requests Requests completed at each sample, ascending.
 * @param bytes Memory at each sample.
 * @returns `null` where it is none.
 */
export function memoryStair(requests: readonly number[], bytes: readonly number[]): MemoryStair | null {
  const changes = bytes.slice(1).map((here, i) => here - bytes[i]!);
  const highest = Math.max(0, ...changes), fall = -Math.min(0, ...changes);
  // What falls is noise, and as much of it is in the largest rise.
  const step = highest - fall;
  const rise = bytes.at(-1)! - bytes[0]!, served = requests.at(-1)! - requests[0]!;
  if (step <= 0 || fall > highest / 2 || served <= 0) return null;
  const resolution = step / served * Math.min(1, FEWEST_STEPS * step / Math.max(rise, step));
  const mostOff = step + 2 * fall + UNEVENNESS * step;
  const isStraight = bytes.every((here, i) =>
    Math.abs(here - bytes[0]! - rise * (requests[i]! - requests[0]!) / served) <= mostOff
  );
  return { resolution, isSteady: rise >= FEWEST_STEPS * step && isStraight };
}
