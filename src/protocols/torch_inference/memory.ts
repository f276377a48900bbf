import type { ProtocolCallOptions, ServerMemory } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { allocatorCounters } from "../shared/allocator_counters.ts";
import { prometheusValue } from "../shared/prometheus.ts";

const NOTHING: ServerMemory = { residentBytes: null, gpuAllocatedBytes: null, gpuReservedBytes: null };

/**
 * Memory that the server reports: the allocator's counters of `GET /metrics/server` where it has a GPU (PyTorch reports
 * them, and the server divides by 2^20), and the resident memory of `GET /metrics` in Prometheus text where it has that.
 * The other values of `/metrics/server` are placeholders.
 */
export async function serverMemory(call: Call, options?: ProtocolCallOptions): Promise<ServerMemory> {
  return { ...NOTHING, ...await allocatorCounters(call, options), residentBytes: await residentBytes(call, options) };
}

/** Whether a report says anything. */
export function reportsMemory(memory: ServerMemory): boolean {
  return Object.values(memory).some((bytes) => bytes !== null);
}

async function residentBytes(call: Call, options?: ProtocolCallOptions): Promise<number | null> {
  return await prometheusValue(call, "/metrics", "process_resident_memory_bytes", options);
}
