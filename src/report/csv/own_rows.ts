import type { ResultByKind, ResultKind } from "../../results/kinds.ts";
import { type CsvRow, CsvRows } from "./csv_row.ts";
import { snakeCase } from "./snake_case.ts";

/** Rows that a kind of result has beside those of its figures and its windows. */
export const OWN_ROWS: { readonly [K in ResultKind]?: (result: ResultByKind[K]) => readonly CsvRow[] } = {
  latency: latencyRows,
  throughput: ({ levels }) =>
    levels.flatMap(({ batchSize, efficiency, speedup }) => {
      const rows = new CsvRows({ test: "throughput", levelName: "batch_size", level: String(batchSize) });
      return [
        ...rows.estimate("efficiency", "predictions/s per s of latency", efficiency),
        ...rows.estimate("speedup", "times", speedup),
      ];
    }),
  scalability: ({ levels }) =>
    levels.flatMap(({ concurrency, efficiency, littlesLawRatio }) => {
      const rows = new CsvRows({ test: "scalability", levelName: "concurrency", level: String(concurrency) });
      return [
        ...rows.estimate("efficiency", "share", efficiency),
        ...rows.plain("littles_law_ratio", "share", littlesLawRatio),
      ];
    }),
  memory: memoryRows,
  ab: abRows,
};

function latencyRows({ cold, warmUpCurveMs }: ResultByKind["latency"]): CsvRow[] {
  const rows = new CsvRows({ test: "latency", levelName: "", level: "" });
  const spread = cold === null ? [] : [
    ...rows.plain("cold_start_min", "ms", cold.totalMs.min, cold.totalMs.n),
    ...(["p50", "p90", "p95", "p99"] as const).flatMap((name) =>
      rows.estimate(`cold_start_${name}`, "ms", cold.totalMs[name])
    ),
    ...rows.plain("cold_start_max", "ms", cold.totalMs.max, cold.totalMs.n),
  ];
  const cycles = cold?.samples.flatMap((sample, index) => {
    const cycle = new CsvRows({ test: "latency", levelName: "cold_start", level: String(index + 1) });
    return [
      ...cycle.plain("unload", "ms", sample.unloadMs),
      ...cycle.plain("load", "ms", sample.loadMs),
      ...cycle.plain("first_inference", "ms", sample.firstInferenceMs),
      ...cycle.plain("total", "ms", sample.totalMs),
    ];
  }) ?? [];
  const curve =
    warmUpCurveMs?.flatMap((latencyMs, index) =>
      new CsvRows({ test: "latency", levelName: "inference_after_load", level: String(index + 1) })
        .plain("latency_median", "ms", latencyMs)
    ) ?? [];
  return [...spread, ...cycles, ...curve];
}

function memoryRows({ growth, fragmentation, workers = [], phases }: ResultByKind["memory"]): CsvRow[] {
  const rows = new CsvRows({ test: "memory", levelName: "", level: "" });
  return [
    ...rows.plain("growth_p_value", "share", growth?.pValue, growth?.requests),
    ...Object.entries(fragmentation.evidence).flatMap(([counter, bytes]) =>
      rows.plain(`allocator_${snakeCase(counter)}`, "bytes", bytes)
    ),
    ...workers.flatMap(({ id, residentBytes }) =>
      new CsvRows({ test: "memory", levelName: "worker", level: id }).plain("memory", "bytes", residentBytes)
    ),
    ...phases.flatMap(({ name, cpuBytes, gpuBytes, peakCpuBytes, n }) => {
      const phase = new CsvRows({ test: "memory", levelName: "phase", level: name });
      return [
        ...phase.plain("memory", "bytes", cpuBytes, n),
        ...phase.plain("memory_gpu", "bytes", gpuBytes, n),
        ...phase.plain("memory_peak", "bytes", peakCpuBytes, n),
      ];
    }),
  ];
}

function abRows({ errorDifference, effects, blocks }: ResultByKind["ab"]): CsvRow[] {
  const rows = new CsvRows({ test: "ab", levelName: "", level: "" });
  return [
    ...rows.estimate("error_rate_difference", "share", errorDifference),
    ...(["throughput", "p50", "p95"] as const).flatMap((name) =>
      rows.plain(`${name}_smallest_shown`, "share", effects[name].smallestShown)
    ),
    ...blocks.flatMap((block, index) =>
      (["a", "b"] as const).flatMap((side) => {
        const at = new CsvRows({
          test: "ab",
          levelName: "block x server",
          level: `${index + 1} x ${side.toUpperCase()}`,
        });
        const { requestsPerSecond, p50Ms, p95Ms } = block[side];
        return [
          ...at.plain("requests_per_second", "requests/s", requestsPerSecond),
          ...at.plain("latency_p50", "ms", p50Ms),
          ...at.plain("latency_p95", "ms", p95Ms),
        ];
      })
    ),
  ];
}
