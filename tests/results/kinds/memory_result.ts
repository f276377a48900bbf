import type { MemoryPhaseName, MemoryPoint, MemoryResult } from "../../../src/results/result.ts";
import { estimate } from "../../core/estimates.ts";
import { base } from "../result_base.ts";

export const MB = 2 ** 20;

/** Phases of a memory test from host and, where given, GPU megabytes. */
export function memoryResult(gpu = false, overrides: Partial<MemoryResult> = {}): MemoryResult {
  const megabytes: Record<MemoryPhaseName, number> = {
    absent: 143.2,
    loaded: 201.7,
    single: 214.3,
    batches: 287.9,
    concurrent: 291.4,
    soak: 292.0,
    unloaded: 151.8,
  };
  const phases = Object.entries(megabytes).map(([name, size], index) => ({
    name: name as MemoryPhaseName,
    cpuBytes: size * MB,
    gpuBytes: gpu ? (index === 0 || index === 6 ? 412 : 1290 + 30 * index) * MB : null,
    peakCpuBytes: (size + 1.4) * MB,
    startMs: index * 2000,
    endMs: index * 2000 + 1800,
    n: 18,
  }));
  return {
    ...base,
    kind: "memory",
    scope: {
      source: "process-tree-pss",
      pids: [41_203, 41_221],
      processes: [{ pid: 41_203, name: "python3", command: "python3 -m serve ..." }],
      gpuSource: gpu ? "per-process" : null,
    },
    baseline: { cpuBytes: 143.2 * MB, gpuBytes: gpu ? 412 * MB : null },
    peak: { cpuBytes: 293.4 * MB, gpuBytes: gpu ? 1440 * MB : null },
    modelFootprintBytes: 58.5 * MB,
    phases,
    growth: { bytesPerRequest: estimate(42, 71, 80), verdict: "stable", pValue: 0.31, requests: 931 },
    gpu: gpu
      ? {
        deviceBytes: 22_731 * MB,
        freeBytes: 21_291 * MB,
        contextBytes: 412 * MB,
        modelFootprintBytes: 908 * MB,
        growth: {
          bytesPerRequest: { ...estimate(0, 0, 80), high: 22_500 },
          verdict: "stable",
          pValue: 1,
          requests: 931,
        },
        allocatedGrowth: null,
        cycles: null,
        allocatedCycles: null,
        requestsPerMb: 0.131,
      }
      : null,
    fragmentation: gpu
      ? { verdict: "not detected", evidence: { allocatedBytes: 1180 * MB, reservedBytes: 1264 * MB } }
      : { verdict: "not observable", evidence: {} },
    requestsPerMb: 2.03,
    timeline: phases.flatMap(({ name, cpuBytes, gpuBytes, startMs, n }) =>
      Array.from({ length: n }, (_, k) => ({
        atMs: startMs + 100 * (k + 1),
        cpuBytes: cpuBytes + MB * Math.sin(k),
        gpuBytes,
        completedRequests: name === "soak" ? Math.round(931 * (k + 1) / n) : null,
      }))
    ),
    absences: gpu ? { "gpu.allocatedGrowth": "the server tells no counters of its allocator" } : {
      gpu: "no NVIDIA GPU on this host",
      fragmentation: "the server reports no allocator counters",
    },
    ...overrides,
  };
}

/** Of a server that uses no GPU, on a machine that has one: the driver tells 0 bytes of its processes. */
export function unusedGpuResult(): MemoryResult {
  const result = memoryResult(true);
  const unused = <P extends MemoryPoint>(point: P): P => ({ ...point, gpuBytes: 0 });
  return {
    ...result,
    baseline: unused(result.baseline!),
    peak: unused(result.peak!),
    phases: result.phases.map(unused),
    timeline: result.timeline.map(unused),
    gpu: null,
    fragmentation: { verdict: "not observable", evidence: {} },
    absences: { gpuBytes: "the server uses no GPU" },
  };
}
