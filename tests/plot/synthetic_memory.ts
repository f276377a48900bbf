/** Made-up results of memory tests. */
import { seededRandom } from "../../src/core/random.ts";
import type { MemoryResult } from "../../src/results/result.ts";
import { BASE } from "./synthetic.ts";

const MB = 2 ** 20;
const PHASES = [
  ["absent", 400, 1500],
  ["loaded", 650, 1500],
  ["single", 660, 1500],
  ["batches", 780, 2300],
  ["concurrent", 800, 1500],
  ["soak", 810, 8000],
  ["unloaded", 430, 1500],
] as const;

/** The life of a model on a GPU server that leaks. */
export function memory({ gpu = true, leakBytes = 9000, sampleMs = 200, gpuLeakBytes = 0 } = {}): MemoryResult {
  const random = seededRandom(9);
  let startMs = 0, completed = 0;
  const timeline: MemoryResult["timeline"][number][] = [];
  const phases = PHASES.map(([name, megabytes, lengthMs]) => {
    const from = startMs;
    for (let atMs = from; atMs < from + lengthMs; atMs += sampleMs) {
      const soaking = name === "soak";
      if (soaking) completed += 0.4 * sampleMs;
      timeline.push({
        atMs,
        cpuBytes: megabytes * MB + 3 * MB * random() + (soaking ? completed * leakBytes : 0),
        gpuBytes: gpu
          ? (name === "absent" || name === "unloaded" ? 450 : megabytes + 900) * MB +
            2 * MB * Math.floor(completed * gpuLeakBytes / 2 / MB)
          : null,
        completedRequests: soaking ? completed : null,
      });
    }
    startMs += lengthMs;
    return {
      name,
      cpuBytes: megabytes * MB,
      gpuBytes: gpu ? (name === "absent" || name === "unloaded" ? 450 : megabytes + 900) * MB : null,
      peakCpuBytes: (megabytes + 3) * MB,
      startMs: from,
      endMs: startMs,
      n: Math.ceil(lengthMs / sampleMs / 2),
    };
  });
  return {
    ...BASE,
    absences: gpu ? {} : { gpuBytes: "nvidia-smi was not found on PATH" },
    kind: "memory",
    scope: { source: "process-tree-pss", pids: [100, 101], gpuSource: gpu ? "per-process" : null },
    baseline: { cpuBytes: 400 * MB, gpuBytes: gpu ? 450 * MB : null },
    peak: { cpuBytes: 845 * MB, gpuBytes: gpu ? 1710 * MB : null },
    modelFootprintBytes: 250 * MB,
    phases,
    growth: {
      bytesPerRequest: { value: leakBytes, low: leakBytes - 800, high: leakBytes + 900, level: 0.95, n: 40 },
      verdict: leakBytes > 1000 ? "growing" : "stable",
      pValue: 0.001,
      requests: completed,
    },
    gpu: gpu
      ? {
        deviceBytes: 40_960 * MB,
        contextBytes: 450 * MB,
        modelFootprintBytes: 1100 * MB,
        growth: {
          bytesPerRequest: {
            value: gpuLeakBytes,
            low: Math.max(0, gpuLeakBytes - 700),
            high: gpuLeakBytes + 700,
            level: 0.95,
            n: 40,
          },
          verdict: gpuLeakBytes > 0 ? "growing" : "stable",
          pValue: 0.001,
          requests: completed,
        },
        allocatedGrowth: null,
        cycles: null,
        allocatedCycles: null,
        requestsPerMb: 0.36,
      }
      : null,
    fragmentation: { verdict: "not observable", evidence: {} },
    requestsPerMb: 1.6,
    timeline,
  };
}

/** A server whose memory is out of sight. */
export function unobservedMemory(): MemoryResult {
  return {
    ...BASE,
    absences: { scope: "the server runs on another host and reports no memory" },
    kind: "memory",
    scope: null,
    baseline: null,
    peak: null,
    modelFootprintBytes: null,
    phases: [],
    growth: null,
    fragmentation: { verdict: "not observable", evidence: {} },
    requestsPerMb: null,
    timeline: [],
  };
}
