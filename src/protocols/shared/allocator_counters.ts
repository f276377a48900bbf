import { systemClock } from "../../core/clock.ts";
import { TargetError } from "../../core/errors.ts";
import type { Protocol, ProtocolCallOptions, ServerMemory } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { ask, isRecord, jsonRequest, numberOrNull, succeeded } from "./server_answer.ts";

const MEBIBYTE = 2 ** 20;
const COUNTERS = jsonRequest("GET", "/metrics/server");

/** Longest wait for the counters, ms. */
const TIMEOUT_MS = 3000;
/**
 * A server that takes so long to tell them, ms, is not asked again. The original measures the CPU for a second meanwhile, and
 * answers nothing else.
 */
const SLOW_MS = 500;

const NOTHING: ServerMemory = { residentBytes: null, gpuAllocatedBytes: null, gpuReservedBytes: null };

/**
 * A protocol that also tells the counters of PyTorch's allocator as `GET /metrics/server` of the torch-inference contract gives
 * them; any server can offer them by the hook that the README shows. The server is first asked when its memory is wanted, and
 * not again where it does not tell them, or takes long.
 *
 * @param protocol Bound to the server.
 * @param call Calls on where the counters may be.
 * @param clock Source of time.
 */
export function withAllocatorCounters(
  protocol: Protocol,
  call: Call,
  clock: Pick<typeof systemClock, "now"> = systemClock,
): Protocol {
  let isOffered = true;
  const counters = async (options?: ProtocolCallOptions): Promise<Partial<ServerMemory>> => {
    if (!isOffered) return {};
    const askedMs = clock.now();
    const told = await allocatorCounters(call, options).catch((error) => {
      if (!(error instanceof TargetError)) throw error;
      return {};
    });
    isOffered = Object.keys(told).length > 0 && clock.now() - askedMs < SLOW_MS;
    return told;
  };
  return {
    ...protocol,
    serverMemory: async (options) => ({
      ...NOTHING,
      ...await protocol.serverMemory?.(options),
      ...await counters(options),
    }),
  };
}

/** Bytes; nothing where the server has no GPU or does not say. */
async function allocatorCounters(call: Call, options: ProtocolCallOptions = {}): Promise<Partial<ServerMemory>> {
  const { timeoutMs = TIMEOUT_MS } = options;
  const deadline = { ...options, timeoutMs: Math.min(timeoutMs, TIMEOUT_MS) };
  const answer = await ask(call, COUNTERS, "read the server's memory", deadline);
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
