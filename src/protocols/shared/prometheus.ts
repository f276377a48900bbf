import { ExchangeError } from "../../core/errors.ts";
import type { ServerMemory } from "../../core/protocol.ts";
import type { Call, CallOptions } from "../../core/transport.ts";
import { succeeded } from "./server_answer.ts";

/**
 * The value of one metric without labels in the Prometheus text format.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parsePrometheusValue } from "./prometheus.ts";
 * assertEquals(parsePrometheusValue("# TYPE x gauge\nx 1.5e+08\n", "x"), 150000000);
 * assertEquals(parsePrometheusValue('x{model="a"} 1\n', "x"), null);
 * ```
 *
 * @param text The exposition.
 * @param name Name of the metric.
 * @returns `null` if it is not there or not a finite number.
 */
export function parsePrometheusValue(text: string, name: string): number | null {
  for (const line of text.split("\n")) {
    const [metric, value] = line.split(/\s+/);
    if (metric === name && value !== undefined && Number.isFinite(Number(value))) return Number(value);
  }
  return null;
}

/**
 * Asks a server for one metric.
 *
 * @returns `null` where the server has none.
 */
export async function prometheusValue(
  call: Call,
  path: string,
  name: string,
  options?: CallOptions,
): Promise<number | null> {
  try {
    const response = await call({ method: "GET", path, headers: [], body: null }, options);
    return succeeded(response) ? parsePrometheusValue(new TextDecoder().decode(response.body), name) : null;
  } catch (error) {
    if (error instanceof ExchangeError) return null;
    throw error;
  }
}

/** Memory of a server that exports that of its process on the same port, as Prometheus's clients do by themselves. */
export async function processMemory(call: Call, options?: CallOptions): Promise<ServerMemory> {
  const residentBytes = await prometheusValue(call, "/metrics", "process_resident_memory_bytes", options);
  return { residentBytes, gpuAllocatedBytes: null, gpuReservedBytes: null };
}
