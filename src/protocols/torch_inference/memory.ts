import type { ProtocolCallOptions, ServerMemory } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { ask, isRecord, jsonRequest, numberOrNull, succeeded } from "../server_answer.ts";
import { prometheusValue } from "../prometheus.ts";

const MEBIBYTE = 2 ** 20;
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

async function allocatorCounters(call: Call, options?: ProtocolCallOptions): Promise<Partial<ServerMemory>> {
  const answer = await ask(call, jsonRequest("GET", "/metrics/server"), "read the server's memory", options);
  const gpu = succeeded(answer) && isRecord(answer.value) ? answer.value["gpu_metrics"] : undefined;
  if (!isRecord(gpu) || gpu["gpu_available"] !== true) return {};
  const bytes = (megabytes: unknown) => {
    const value = numberOrNull(megabytes);
    return value === null ? null : Math.round(value * MEBIBYTE);
  };
  return {
    gpuAllocatedBytes: bytes(gpu["memory_allocated_mb"]),
    gpuReservedBytes: bytes(gpu["memory_reserved_mb"]),
  };
}

async function residentBytes(call: Call, options?: ProtocolCallOptions): Promise<number | null> {
  return await prometheusValue(call, "/metrics", "process_resident_memory_bytes", options);
}
