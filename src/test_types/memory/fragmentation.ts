import type { MemoryResult } from "../../results/result.ts";
import type { Target } from "../../core/target.ts";

/** Reserved but unallocated share of the allocator's memory from which on it counts as fragmented. */
const FRAGMENTED_SHARE = 0.3;
/** Less than this is slack of any allocator, bytes. */
const LEAST_BYTES = 64 * 2 ** 20;

/**
 * Whether the server's accelerator memory is fragmented, from its allocator's counters alone (METHODS 13).
 *
 * @param target The server.
 * @returns The verdict and the counters that it rests on; `not observable` where the server reports none.
 */
export async function fragmentationOf({ protocol }: Target): Promise<MemoryResult["fragmentation"]> {
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
