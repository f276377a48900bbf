import type { Protocol, ProtocolCallOptions, ServerMemory } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { ask, isRecord, jsonRequest, numberOrNull, succeeded } from "./server_answer.ts";

const MEBIBYTE = 2 ** 20;

/**
 * The counters of PyTorch's allocator as `GET /metrics/server` of the torch-inference contract gives them; any server can
 * offer them by the hook that the README shows.
 *
 * @param call Calls on the server, or on where its metrics are.
 * @param options Deadline and signal.
 * @returns Bytes; nothing where the server has no GPU or does not say.
 */
export async function allocatorCounters(call: Call, options?: ProtocolCallOptions): Promise<Partial<ServerMemory>> {
  const answer = await ask(call, jsonRequest("GET", "/metrics/server"), "read the server's memory", options);
  const gpu = succeeded(answer) && isRecord(answer.value) ? answer.value["gpu_metrics"] : undefined;
  if (!isRecord(gpu) || gpu["gpu_available"] !== true) return {};
  // PyTorch reports them, and the server divides by 2^20.
  const bytes = (megabytes: unknown) => {
    const value = numberOrNull(megabytes);
    return value === null ? null : Math.round(value * MEBIBYTE);
  };
  return {
    gpuAllocatedBytes: bytes(gpu["memory_allocated_mb"]),
    gpuReservedBytes: bytes(gpu["memory_reserved_mb"]),
  };
}

/**
 * A protocol that also tells the allocator's counters, where the server offers them beside its own contract.
 *
 * @param protocol Bound to the server.
 * @param call Calls on where the counters may be.
 * @param options Deadline and signal of the first look.
 * @returns The protocol itself where they are not offered, or it tells them by itself.
 */
export async function withAllocatorCounters(
  protocol: Protocol,
  call: Call,
  options?: ProtocolCallOptions,
): Promise<Protocol> {
  const told = await protocol.serverMemory?.(options).catch(() => null) ?? null;
  if (told !== null && told.gpuReservedBytes !== null) return protocol;
  const offered = await allocatorCounters(call, options).catch(() => ({}));
  if (Object.keys(offered).length === 0) return protocol;
  return {
    ...protocol,
    serverMemory: async (options) => ({
      residentBytes: null,
      gpuAllocatedBytes: null,
      gpuReservedBytes: null,
      ...await protocol.serverMemory?.(options),
      ...await allocatorCounters(call, options),
    }),
  };
}
