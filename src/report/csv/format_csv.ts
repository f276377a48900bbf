import type { Counts, LevelMeasurement, ServerTime, TestResults } from "../../results/result.ts";
import type { Report } from "../../results/report.ts";
import { type CsvRow, CsvRows } from "./csv_row.ts";
import { csvText } from "./csv_text.ts";

const HEADER = ["test", "level_name", "level", "metric", "unit", "value", "low", "high", "confidence", "n"];

function countRows(rows: CsvRows, counts: Counts): CsvRow[] {
  return [
    ...rows.plain("requests", "requests", counts.requests),
    ...rows.plain("succeeded", "requests", counts.succeeded),
    ...rows.plain("failed", "requests", counts.failed),
    ...rows.plain("cancelled", "requests", counts.cancelled),
    ...Object.entries(counts.failuresByReason).flatMap(([reason, count]) =>
      rows.plain(`failed_${reason.replaceAll("-", "_")}`, "requests", count)
    ),
  ];
}

function windowRows(rows: CsvRows, measured: LevelMeasurement): CsvRow[] {
  return [
    ...rows.estimate("requests_per_second", "requests/s", measured.requestsPerSecond),
    ...rows.estimate("predictions_per_second", "predictions/s", measured.predictionsPerSecond),
    ...rows.distribution("latency", "ms", measured.latencyMs),
    ...rows.estimate("error_rate", "share", measured.errorRate),
    ...rows.plain("converged", "", measured.converged),
    ...rows.plain("client_limited", "", measured.clientLimited),
    ...rows.plain("duration", "ms", measured.durationMs),
    ...serverTimeRows(rows, measured.server ?? null),
    ...countRows(rows, measured),
  ];
}

/** Means per request, from the server's own counters. */
function serverTimeRows(rows: CsvRows, server: ServerTime | null): CsvRow[] {
  if (server === null) return [];
  const { requests } = server;
  return [
    ...rows.plain("server_queue", "ms", server.queueMs, requests),
    ...rows.plain("server_compute", "ms", server.computeMs, requests),
    ...rows.plain("server_input", "ms", server.inputMs, requests),
    ...rows.plain("server_output", "ms", server.outputMs, requests),
    ...rows.plain("outside_server", "ms", server.restMs, requests),
    ...rows.plain("executions", "executions", server.executions),
    ...rows.plain("executed_batch_size", "items", server.meanBatch, server.executions),
  ];
}

function basicRows({ basic }: TestResults): CsvRow[] {
  if (!basic) return [];
  const rows = new CsvRows({ test: "basic", levelName: "", level: "" });
  return [
    ...rows.plain("concurrency", "requests", basic.concurrency),
    ...rows.plain("batch_size", "items", basic.batchSize),
    ...windowRows(rows, basic),
    ...(basic.offered === undefined ? [] : [
      ...rows.plain("offered_rate", "requests/s", basic.offered.offeredPerSecond),
      ...rows.distribution("service_time", "ms", basic.offered.serviceMs),
      ...rows.distribution("lateness", "ms", basic.offered.latenessMs),
      ...rows.plain("saturated", "", basic.offered.saturated),
    ]),
    ...rows.distribution("first_byte", "ms", basic.firstByteMs),
    ...rows.distribution("server_time", "ms", basic.serverMs),
  ];
}

function latencyRows({ latency }: TestResults): CsvRow[] {
  if (!latency) return [];
  const rows = new CsvRows({ test: "latency", levelName: "", level: "" });
  return [
    ...rows.distribution("cold_start", "ms", latency.cold?.totalMs ?? null),
    ...rows.distribution("warm_latency", "ms", latency.warm.latencyMs),
    ...rows.estimate("cold_start_overhead", "ms", latency.overheadMs),
    ...rows.estimate("cold_start_overhead_relative", "percent", latency.overheadPercent),
    ...rows.plain("converged", "", latency.warm.converged),
    ...countRows(rows, latency.warm.counts),
    ...(latency.cold?.samples ?? []).flatMap((sample, index) => {
      const cycle = new CsvRows({ test: "latency", levelName: "cold_start", level: String(index + 1) });
      return [
        ...cycle.plain("unload", "ms", sample.unloadMs),
        ...cycle.plain("load", "ms", sample.loadMs),
        ...cycle.plain("first_inference", "ms", sample.firstInferenceMs),
        ...cycle.plain("total", "ms", sample.totalMs),
      ];
    }),
    ...(latency.warmUpCurveMs ?? []).flatMap((latencyMs, index) =>
      new CsvRows({ test: "latency", levelName: "inference_after_load", level: String(index + 1) })
        .plain("latency_median", "ms", latencyMs)
    ),
  ];
}

function throughputRows({ throughput }: TestResults): CsvRow[] {
  if (!throughput) return [];
  const rows = new CsvRows({ test: "throughput", levelName: "", level: "" });
  return [
    ...rows.plain("concurrency", "requests", throughput.concurrency),
    ...rows.plain("optimal_batch_size", "items", throughput.optimalBatchSize),
    ...rows.estimate("max_predictions_per_second", "predictions/s", throughput.maxPredictionsPerSecond),
    ...rows.plain("plateau_batch_size", "items", throughput.plateauBatchSize),
    ...throughput.levels.flatMap((level) => {
      const at = new CsvRows({ test: "throughput", levelName: "batch_size", level: String(level.batchSize) });
      return [
        ...windowRows(at, level),
        ...at.estimate("efficiency", "predictions/s per s of latency", level.efficiency),
        ...at.estimate("speedup", "times", level.speedup),
      ];
    }),
  ];
}

function scalabilityRows({ scalability }: TestResults): CsvRow[] {
  if (!scalability) return [];
  const rows = new CsvRows({ test: "scalability", levelName: "", level: "" });
  const { usl } = scalability;
  return [
    ...rows.plain("batch_size", "items", scalability.batchSize),
    ...rows.plain("optimal_concurrency", "requests", scalability.optimalConcurrency),
    ...rows.estimate("degradation", "percent", scalability.degradationPercent),
    ...rows.plain("knee_concurrency", "requests", scalability.kneeConcurrency),
    ...rows.estimate("usl_lambda", "requests/s", usl?.lambda ?? null),
    ...rows.estimate("usl_sigma", "share", usl?.sigma ?? null),
    ...rows.estimate("usl_kappa", "share", usl?.kappa ?? null),
    ...rows.plain("usl_peak_concurrency", "requests", usl?.peakConcurrency),
    ...rows.plain("usl_r_squared", "share", usl?.rSquared),
    ...scalability.levels.flatMap((level) => {
      const at = new CsvRows({ test: "scalability", levelName: "concurrency", level: String(level.concurrency) });
      return [
        ...windowRows(at, level),
        ...at.estimate("efficiency", "share", level.efficiency),
        ...at.plain("littles_law_ratio", "share", level.littlesLawRatio),
      ];
    }),
  ];
}

function memoryRows({ memory }: TestResults): CsvRow[] {
  if (!memory) return [];
  const rows = new CsvRows({ test: "memory", levelName: "", level: "" });
  return [
    ...rows.plain("baseline", "bytes", memory.baseline?.cpuBytes),
    ...rows.plain("baseline_gpu", "bytes", memory.baseline?.gpuBytes),
    ...rows.plain("peak", "bytes", memory.peak?.cpuBytes),
    ...rows.plain("peak_gpu", "bytes", memory.peak?.gpuBytes),
    ...rows.plain("model_footprint", "bytes", memory.modelFootprintBytes),
    ...rows.estimate("growth", "bytes/request", memory.growth?.bytesPerRequest ?? null),
    ...rows.plain("growth_p_value", "share", memory.growth?.pValue, memory.growth?.requests),
    ...rows.plain("growth_requests_needed", "requests", memory.growth?.requestsNeeded),
    ...rows.estimate("growth_per_load_cycle", "bytes/cycle", memory.cycles?.bytesPerCycle ?? null),
    ...rows.plain("requests_per_mb", "requests/s per MB", memory.requestsPerMb),
    ...Object.entries(memory.fragmentation.evidence).flatMap(([counter, bytes]) =>
      rows.plain(`allocator_${snakeCase(counter)}`, "bytes", bytes)
    ),
    ...(memory.workers ?? []).flatMap(({ id, residentBytes }) =>
      new CsvRows({ test: "memory", levelName: "worker", level: id }).plain("memory", "bytes", residentBytes)
    ),
    ...memory.phases.flatMap(({ name, cpuBytes, gpuBytes, peakCpuBytes, n }) => {
      const at = new CsvRows({ test: "memory", levelName: "phase", level: name });
      return [
        ...at.plain("memory", "bytes", cpuBytes, n),
        ...at.plain("memory_gpu", "bytes", gpuBytes, n),
        ...at.plain("memory_peak", "bytes", peakCpuBytes, n),
      ];
    }),
  ];
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function operatingPointRows({ operatingPoints = [] }: TestResults): CsvRow[] {
  return operatingPoints.flatMap((point) =>
    windowRows(
      new CsvRows({
        test: "operating_points",
        levelName: "batch_size x concurrency",
        level: `${point.batchSize} x ${point.concurrency}`,
      }),
      point,
    )
  );
}

function loadRows({ load }: TestResults): CsvRow[] {
  if (!load) return [];
  const rows = new CsvRows({ test: "load", levelName: "", level: "" });
  return [
    ...rows.plain("batch_size", "items", load.batchSize),
    ...rows.plain("sustained_rate", "requests/s", load.sustainedPerSecond),
    ...rows.plain("saturated_rate", "requests/s", load.saturatedPerSecond),
    ...rows.plain("capacity_rate", "requests/s", load.capacity?.rate.highest),
    ...rows.plain("capacity_concurrency", "requests", load.capacity?.concurrency.highest),
    ...rows.plain("goodput", "requests/s", load.capacity?.goodputPerSecond),
    ...load.levels.flatMap((level) => {
      const own = new CsvRows({ test: "load", levelName: "offered_rate", level: String(level.offeredPerSecond) });
      return [
        ...own.estimate("requests_per_second", "requests/s", level.achievedPerSecond),
        ...own.distribution("latency", "ms", level.latencyMs),
        ...own.distribution("service_time", "ms", level.serviceMs),
        ...own.distribution("lateness", "ms", level.latenessMs),
        ...own.estimate("error_rate", "share", level.errorRate),
        ...own.estimate("backlog_growth", "requests/s", level.backlogGrowthPerSecond),
        ...own.plain("saturated", "", level.saturated),
        ...own.plain("unanswered", "requests", level.unanswered),
        ...own.plain("converged", "", level.converged),
        ...own.plain("client_limited", "", level.clientLimited),
        ...own.plain("duration", "ms", level.durationMs),
        ...countRows(own, level),
      ];
    }),
  ];
}

const ROWS = [basicRows, latencyRows, throughputRows, scalabilityRows, memoryRows, loadRows, operatingPointRows];

/**
 * A report as a tidy table: one row for each test, level and metric. A figure that was not measured has no row.
 *
 * @param report What was measured.
 * @returns CSV by RFC 4180 with a header, lines ended by CRLF; numbers in full, a yes or no as 1 or 0.
 */
export function formatCsv(report: Report): string {
  const rows = ROWS.flatMap((rowsOf) => rowsOf(report.tests)).map((row) => [
    row.test,
    row.levelName,
    row.level,
    row.metric,
    row.unit,
    row.value,
    row.low,
    row.high,
    row.confidence,
    row.n,
  ]);
  return csvText([HEADER, ...rows]);
}
