/** Blocks that a series is parted into: enough for a rank test, and few enough that each sees a quiet moment. */
const MOST_BLOCKS = 24;

/** The lowest of each of a series' blocks. */
export interface MemoryFloor {
  /** Requests completed where it was lowest, ascending. */
  readonly requests: readonly number[];
  /** How low it was, bytes. */
  readonly bytes: readonly number[];
}

/**
 * What memory comes back to: the lowest sample of each of up to 24 blocks of a series. What a request holds while it is
 * worked on (activations, which are hundreds of MB in a large batch) stands above it, and so does what other programs
 * hold for a moment on the same device; what a request leaves behind lifts it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { memoryFloor } from "./memory_floor.ts";
 * const requests = Array.from({ length: 48 }, (_, i) => i);
 * const { bytes } = memoryFloor(requests, requests.map((i) => 100 + (i % 2) * 7));
 * assertEquals(new Set(bytes), new Set([100]));
 * ```
 *
 * @param completedRequests Requests completed at each sample, ascending.
 * @param memoryBytes Memory at each sample, bytes.
 * @throws {RangeError} If the lengths differ.
 */
export function memoryFloor(completedRequests: ArrayLike<number>, memoryBytes: ArrayLike<number>): MemoryFloor {
  const n = memoryBytes.length;
  if (n !== completedRequests.length) {
    throw new RangeError(
      `Cannot find the floor of memory as each sample must have its requests: found ${n} and ${completedRequests.length}`,
    );
  }
  const size = Math.max(1, Math.ceil(n / MOST_BLOCKS));
  const requests: number[] = [], bytes: number[] = [];
  for (let from = 0; from + size <= n; from += size) {
    let lowest = from;
    for (let i = from + 1; i < from + size; i++) {
      if (memoryBytes[i]! < memoryBytes[lowest]!) lowest = i;
    }
    requests.push(completedRequests[lowest]!);
    bytes.push(memoryBytes[lowest]!);
  }
  return { requests, bytes };
}
