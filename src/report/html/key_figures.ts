import type { Distribution, Estimate } from "../../core/estimate.ts";
import type { TestResults } from "../../core/result.ts";
import {
  estimateText,
  formatDecimals,
  formatNumber,
  formatShare,
  formatTime,
  timeUnit,
  type Unit,
  UNITS,
} from "../quantity.ts";
import { measuredWindows } from "./measured_windows.ts";
import type { Source } from "./section_names.ts";

/** A number that the reader wants first. */
export interface KeyFigure {
  /** What it is. */
  readonly label: string;
  /** The number with its unit. */
  readonly value: string;
  /** Its interval; empty where it has none. */
  readonly interval: string;
  /** At what load, or beside what. */
  readonly context: string;
  /** Where it comes from. */
  readonly source: Source;
  /** Whether it is bad news. */
  readonly isBad: boolean;
}

/** A measured load, and which of its rates is the answer. */
interface BestLoad {
  readonly latencyMs: Distribution | null;
  readonly rate: Estimate | null;
  readonly unit: Unit;
  readonly context: string;
  readonly source: KeyFigure["source"];
}

/**
 * The numbers that the reader wants first: throughput and p95 latency at the best load, cold start, memory, success.
 *
 * @param tests Results; what none of them measured is left out.
 */
export function keyFigures(tests: TestResults): KeyFigure[] {
  return [...loadFigures(bestLoad(tests)), ...coldFigures(tests), ...memoryFigures(tests), ...successFigures(tests)];
}

const loadInWords = (batchSize: number, concurrency: number) => `batch ${batchSize}, concurrency ${concurrency}`;

function bestLoad({ basic, throughput, scalability, load, operatingPoints = [] }: TestResults): BestLoad | null {
  const { predictionsPerSecond: unit, requestsPerSecond } = UNITS;
  const point = operatingPoints[0];
  if (point !== undefined && point.predictionsPerSecond !== null) {
    const context = loadInWords(point.batchSize, point.concurrency);
    return { latencyMs: point.latencyMs, rate: point.predictionsPerSecond, unit, context, source: "operating-points" };
  }
  const batch = throughput?.levels.find(({ batchSize }) => batchSize === throughput.optimalBatchSize);
  if (throughput && batch) {
    const context = loadInWords(batch.batchSize, throughput.concurrency);
    return { latencyMs: batch.latencyMs, rate: batch.predictionsPerSecond, unit, context, source: "throughput" };
  }
  const level = scalability?.levels.find(({ concurrency }) => concurrency === scalability.optimalConcurrency);
  if (scalability && level) {
    const context = loadInWords(scalability.batchSize, level.concurrency);
    return {
      latencyMs: level.latencyMs,
      rate: level.requestsPerSecond,
      unit: requestsPerSecond,
      context,
      source: "scalability",
    };
  }
  const offered = load?.levels.find(({ offeredPerSecond }) => offeredPerSecond === load.sustainedPerSecond);
  if (load && offered) {
    const context = `batch ${load.batchSize}, ${formatNumber(offered.offeredPerSecond, requestsPerSecond)} offered`;
    const { latencyMs, achievedPerSecond: rate } = offered;
    return { latencyMs, rate, unit: requestsPerSecond, context, source: "load" };
  }
  if (!basic) return null;
  const context = loadInWords(basic.batchSize, basic.concurrency);
  return {
    latencyMs: basic.latencyMs,
    rate: basic.requestsPerSecond,
    unit: requestsPerSecond,
    context,
    source: "basic",
  };
}

const figure = (label: string, estimate: Estimate, unit: Unit, context: string, source: KeyFigure["source"]) => {
  const { value, interval, suffix } = estimateText(estimate, unit);
  return { label, value: value + suffix, interval, context, source, isBad: false };
};

function loadFigures(best: BestLoad | null): KeyFigure[] {
  if (best === null || best.rate === null) return [];
  const { latencyMs, rate, unit, context, source } = best;
  return [
    figure("Throughput", rate, unit, context, source),
    ...(latencyMs === null
      ? []
      : [figure("p95 latency", latencyMs.p95, timeUnit(latencyMs.p95.value), "at that load", source)]),
  ];
}

function coldFigures({ latency }: TestResults): KeyFigure[] {
  if (!latency?.cold) return [];
  const { mean } = latency.cold.totalMs;
  const warm = latency.warm.latencyMs;
  const context = warm === null ? "load and first inference" : `warm: ${formatTime(warm.mean.value)}`;
  return [figure("Cold start", mean, timeUnit(mean.value), context, "latency")];
}

function memoryFigures({ memory }: TestResults): KeyFigure[] {
  if (!memory || memory.modelFootprintBytes === null) return [];
  const megabytes = (bytes: number) => formatDecimals(bytes, UNITS.megabytes, 1);
  return [{
    label: "Model footprint",
    value: megabytes(memory.modelFootprintBytes),
    interval: "",
    context: memory.peak === null ? "host memory" : `server's peak: ${megabytes(memory.peak.cpuBytes)}`,
    source: "memory",
    isBad: false,
  }];
}

function successFigures(tests: TestResults): KeyFigure[] {
  const windows = measuredWindows(tests);
  const sum = (field: "requests" | "succeeded") => windows.reduce((total, { counts }) => total + counts[field], 0);
  const requests = sum("requests"), succeeded = sum("succeeded");
  const source = windows[0]?.source;
  if (requests === 0 || source === undefined) return [];
  return [{
    label: "Requests answered",
    value: formatShare(succeeded, requests),
    interval: "",
    context: `${succeeded.toLocaleString("en-US")} of ${requests.toLocaleString("en-US")} measured`,
    source,
    isBad: succeeded < requests,
  }];
}
