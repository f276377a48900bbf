import { bestOperatingPoint } from "../../analysis/operating_point.ts";
import type { Distribution, Estimate } from "../../core/estimate.ts";
import type { LevelMeasurement, OfferedLevel, TestResults } from "../../results/result.ts";
import { interval, quantity, say, type Words } from "../../words/inline.ts";
import { inlineBytes, inlineNumber, inlineTime } from "../../words/inline_quantity.ts";
import { estimateText, formatShare, timeUnit, type Unit, UNITS } from "../../words/quantity.ts";
import type { Source } from "../sections/section_names.ts";
import { measuredWindows } from "./measured_windows.ts";

/** A number that the reader wants first. */
export interface KeyFigure {
  /** What it is. */
  readonly label: string;
  /** The number with its unit. */
  readonly value: Words;
  /** Its interval; empty where it has none. */
  readonly interval: Words;
  /** At what load, or beside what. */
  readonly context: Words;
  /** Where it comes from. */
  readonly source: Source;
  /** Whether it is bad news. */
  readonly isBad: boolean;
}

/** A measured load, and which of its rates is the answer. */
interface BestLoad {
  readonly source: Source;
  readonly context: Words;
  readonly rate: Estimate | null;
  readonly unit: Unit;
  readonly latencyMs: Distribution | null;
}

/**
 * The numbers that the reader wants first: throughput and p95 latency at the best load, cold start, memory, success.
 *
 * @param tests Results; what none of them measured is left out.
 */
export function keyFigures(tests: TestResults): KeyFigure[] {
  return [...loadFigures(bestLoad(tests)), ...coldFigures(tests), ...memoryFigures(tests), ...successFigures(tests)];
}

function bestLoad(tests: TestResults): BestLoad | null {
  const { basic, throughput, scalability, load } = tests;
  const point = bestOperatingPoint(tests);
  if (point !== null) {
    return {
      source: "operating-points",
      context: loadInWords(point.batchSize, point.concurrency),
      ...predictions(point),
    };
  }
  const batch = throughput?.levels.find(({ batchSize }) => batchSize === throughput.optimalBatchSize);
  if (throughput && batch) {
    return {
      source: "throughput",
      context: loadInWords(batch.batchSize, throughput.concurrency),
      ...predictions(batch),
    };
  }
  const level = scalability?.levels.find(({ concurrency }) => concurrency === scalability.optimalConcurrency);
  if (scalability && level) {
    return {
      source: "scalability",
      context: loadInWords(scalability.batchSize, level.concurrency),
      ...requests(level),
    };
  }
  const offered = load?.levels.find(({ offeredPerSecond }) => offeredPerSecond === load.sustainedPerSecond);
  if (load && offered) {
    const { achievedPerSecond: requestsPerSecond, latencyMs } = offered;
    const context = offeredInWords(load.batchSize, offered);
    return { source: "load", context, ...requests({ requestsPerSecond, latencyMs }) };
  }
  if (!basic) return null;
  const context = basic.offered
    ? offeredInWords(basic.batchSize, basic.offered)
    : loadInWords(basic.batchSize, basic.concurrency);
  return { source: "basic", context, ...requests(basic) };
}

const loadInWords = (batchSize: number, concurrency: number) => `batch ${batchSize}, concurrency ${concurrency}`;

const offeredInWords = (batchSize: number, { offeredPerSecond }: OfferedLevel) =>
  say`batch ${batchSize}, ${inlineNumber(offeredPerSecond, UNITS.requestsPerSecond)} offered`;

type Measured<Rate extends string> = Readonly<Record<Rate, Estimate | null>> & Pick<LevelMeasurement, "latencyMs">;

const predictions = ({ predictionsPerSecond: rate, latencyMs }: Measured<"predictionsPerSecond">) => ({
  rate,
  unit: UNITS.predictionsPerSecond,
  latencyMs,
});

const requests = ({ requestsPerSecond: rate, latencyMs }: Measured<"requestsPerSecond">) => ({
  rate,
  unit: UNITS.requestsPerSecond,
  latencyMs,
});

const figure = (label: string, estimate: Estimate, unit: Unit, context: Words, source: Source): KeyFigure => {
  const { value, interval: ends, suffix } = estimateText(estimate, unit);
  return { label, value: quantity(value + suffix), interval: interval(ends), context, source, isBad: false };
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
  const context = warm === null ? "load and first inference" : say`warm: ${inlineTime(warm.mean.value)}`;
  return [figure("Cold start", mean, timeUnit(mean.value), context, "latency")];
}

function memoryFigures({ memory }: TestResults): KeyFigure[] {
  if (!memory || memory.modelFootprintBytes === null) return [];
  return [{
    label: "Model footprint",
    value: inlineBytes(memory.modelFootprintBytes),
    interval: "",
    context: memory.peak === null ? "host memory" : say`server's peak: ${inlineBytes(memory.peak.cpuBytes)}`,
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
