import { absenceUnder } from "../results/measured.ts";
import type { Absences } from "../results/result.ts";

/** What the fields of results are called whose absence a result may explain. */
const FIELDS: Readonly<Record<string, string>> = {
  "starts": "starts of the server",
  "starts.samples": "the other starts of the server",
  "cold": "cold starts",
  "cold.samples": "the other cold starts",
  "overheadMs": "cold start overhead",
  "warm": "warm latency",
  "warm.latencyMs": "warm latency",
  "latencyMs": "latency",
  "requestsPerSecond": "throughput",
  "firstByteMs": "first byte",
  "serverMs": "server time",
  "server": "the server's own time",
  "speedup": "speedup",
  "levels": "levels",
  "optimalBatchSize": "optimal batch size",
  "plateauBatchSize": "plateau",
  "maxPredictionsPerSecond": "maximum throughput",
  "optimalConcurrency": "optimal concurrency",
  "degradationPercent": "degradation",
  "kneeConcurrency": "knee",
  "usl": "Universal Scalability Law",
  "scope": "the server's memory",
  "gpu": "GPU",
  "gpu.utilizationPercent": "utilisation of the GPU",
  "gpu.powerWatts": "power of the GPU",
  "gpu.energyPerPrediction": "energy a prediction",
  "gpuBytes": "GPU memory",
  "scope.gpuSource": "GPU memory",
  "baseline": "memory without the model",
  "peak": "highest memory",
  "phases": "the other phases",
  "cycles": "cycles of load and unload",
  "modelFootprintBytes": "model footprint",
  "gpu.modelFootprintBytes": "GPU footprint",
  "gpu.contextBytes": "CUDA context",
  "gpu.growth": "growth of GPU memory",
  "gpu.allocatedGrowth": "growth of allocated GPU memory",
  "growth": "growth",
  "fragmentation": "fragmentation",
  "requestsPerMb": "requests per MiB",
  "effects": "effects",
  "verdict": "verdict",
  "inputs": "more different inputs",
};

/**
 * What a field of a result is called; a field that is not known here keeps its own name.
 *
 * @param field Name of the field, with `.` for nesting.
 */
export function fieldInWords(field: string): string {
  return FIELDS[field] ?? field;
}

/** In place of a figure that was not measured. */
export interface NotMeasured {
  /** Why not, for people. */
  readonly notMeasured: string;
}

/**
 * What stands in place of something that is `null` and no figure of its kind; of a figure see `readFigure`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { notMeasured } from "./absences.ts";
 *
 * const absences = { warm: "it was interrupted" };
 * assertEquals(notMeasured({ absences }, ["warm.latencyMs", "warm"]), { notMeasured: "it was interrupted" });
 * assertEquals(notMeasured({ absences }, ["usl"]), { notMeasured: "no request succeeded" });
 * ```
 *
 * @param result The result that lacks it.
 * @param fields Names under which its absence may be explained, the nearest first.
 */
export function notMeasured(
  { absences }: { readonly absences: Absences },
  fields: readonly [string, ...string[]],
): NotMeasured {
  return { notMeasured: absenceUnder(absences, fields).detail };
}
