import type { Target } from "../../core/target.ts";
import type { MemoryPoint, MemoryResult } from "../../results/result.ts";

type Fragmentation = MemoryResult["fragmentation"];

/** Reserved but unallocated share of the allocator's memory from which on a single reading counts as fragmented. */
const FRAGMENTED_SHARE = 0.3;
/** Less than this is slack of any allocator, bytes. */
const LEAST_BYTES = 64 * 2 ** 20;
/** Fewer readings tell nothing of what the allocator did. */
const FEWEST_POINTS = 10;
/** Times that the allocator took memory although it had enough; fewer may be a peak between two readings. */
const FEWEST_TIMES = 3;

/**
 * Whether the server's accelerator memory is fragmented, from its allocator's counters alone (method 13).
 *
 * @param target The server.
 * @param timeline Readings of the test, with the counters where the server tells them.
 * @returns The verdict and the counters that it rests on; `not observable` where the server reports none.
 */
export async function fragmentationOf(
  { protocol }: Target,
  timeline: readonly MemoryPoint[] = [],
): Promise<Fragmentation> {
  const overTime = fragmentationOver(timeline);
  if (overTime !== null) return overTime;
  const memory = await protocol.serverMemory?.().catch(() => null) ?? null;
  const allocatedBytes = memory?.gpuAllocatedBytes ?? null;
  const reservedBytes = memory?.gpuReservedBytes ?? null;
  if (allocatedBytes === null || reservedBytes === null) return { verdict: "not observable", evidence: {} };
  const unusedBytes = reservedBytes - allocatedBytes;
  const detected = unusedBytes >= LEAST_BYTES && unusedBytes >= FRAGMENTED_SHARE * reservedBytes;
  return {
    verdict: detected ? "detected" : "not detected",
    evidence: { allocatedBytes, reservedBytes, unusedBytes },
  };
}

/**
 * Whether an allocator had to take memory from the driver although more than that stood unused, in pieces: what it reserves rose, three
 * times at least and by 64 MB more than what it gave out rose meanwhile, while what it held lay further above the most that it ever gave out at once than
 * it rose by. Memory that is only kept (a cache that larger batches filled) is none: it is given out again before more is taken.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fragmentationOver } from "./fragmentation.ts";
 * const MB = 2 ** 20;
 * const readings = (reserved: (i: number) => number) =>
 *   Array.from({ length: 20 }, (_, i) => ({
 *     cpuBytes: 0,
 *     gpuBytes: null,
 *     gpuAllocatedBytes: 1000 * MB,
 *     gpuReservedBytes: reserved(i) * MB,
 *   }));
 * assertEquals(fragmentationOver(readings(() => 2000))?.verdict, "not detected"); // a cache
 * assertEquals(fragmentationOver(readings((i) => 1400 + 24 * i))?.verdict, "detected");
 * ```
 *
 * @param timeline Readings in their order.
 * @returns The verdict, the most that was given out, the most that was reserved and what was taken although there was enough;
 *     `null` under ten readings of both counters.
 */
export function fragmentationOver(timeline: readonly MemoryPoint[]): Fragmentation | null {
  const told = timeline.flatMap(({ gpuAllocatedBytes = null, gpuReservedBytes = null }) =>
    gpuAllocatedBytes === null || gpuReservedBytes === null ? [] : [{ gpuAllocatedBytes, gpuReservedBytes }]
  );
  if (told.length < FEWEST_POINTS) return null;
  const allocatedBytes = told.reduce((most, { gpuAllocatedBytes }) => Math.max(most, gpuAllocatedBytes), 0);
  const reservedBytes = told.reduce((most, { gpuReservedBytes }) => Math.max(most, gpuReservedBytes), 0);
  const needless = told.slice(1).flatMap(({ gpuReservedBytes, gpuAllocatedBytes }, i) => {
    const before = told[i]!;
    const rise = gpuReservedBytes - before.gpuReservedBytes;
    const room = before.gpuReservedBytes - allocatedBytes;
    if (rise <= 0 || room < Math.max(rise, LEAST_BYTES)) return [];
    return [{ rise, allocatedBefore: before.gpuAllocatedBytes, allocatedAfter: gpuAllocatedBytes }];
  });
  // A leak of small blocks takes memory beside a cache of large ones that it cannot use: as much as it keeps.
  const kept = (needless.at(-1)?.allocatedAfter ?? 0) - (needless[0]?.allocatedBefore ?? 0);
  const taken = needless.reduce((sum, { rise }) => sum + rise, 0);
  const reservedThoughUnusedBytes = Math.max(0, taken - Math.max(0, kept));
  const detected = needless.length >= FEWEST_TIMES && reservedThoughUnusedBytes >= LEAST_BYTES;
  return {
    verdict: detected ? "detected" : "not detected",
    evidence: { allocatedBytes, reservedBytes, unusedBytes: reservedBytes - allocatedBytes, reservedThoughUnusedBytes },
  };
}
