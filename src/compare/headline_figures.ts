import type { ComparedTest } from "../results/comparison.ts";
import type { Estimate } from "../core/estimate.ts";
import type { ObjectiveUnit } from "../results/objective.ts";
import type {
  Absences,
  BasicResult,
  LatencyResult,
  MemoryResult,
  OperatingPoint,
  ScalabilityResult,
  TestResults,
  ThroughputResult,
} from "../results/result.ts";
import { simultaneousEstimate } from "../stats/estimates/simultaneous_estimate.ts";

/** A headline number of one run. */
export interface HeadlineFigure {
  /** Its name: `throughput`, `p95 latency`, ... */
  readonly name: string;
  /** Its unit. */
  readonly unit: ObjectiveUnit;
  /** Whether less or more of it is better. */
  readonly better: "less" | "more";
  /** The figure; `null` where it was not measured. */
  readonly estimate: Estimate | null;
  /** Why it was not measured or has no interval, for people; `null` where there is nothing to say. */
  readonly absence: string | null;
}

/** What one test says in a few numbers. */
export interface Headline {
  /** The test. */
  readonly test: ComparedTest;
  /** The load that it offered, for people: results of different loads are different things. Empty where it has none. */
  readonly load: string;
  /** Its numbers. */
  readonly figures: readonly HeadlineFigure[];
}

/**
 * The numbers by which two runs are compared: few, since each one more widens the intervals of all.
 *
 * @param tests What was measured.
 * @returns In the order of the tests; one that was not run is missing.
 */
export function headlines(
  { basic, latency, throughput, scalability, memory, operatingPoints }: TestResults,
): Headline[] {
  return [
    ...(basic ? [ofBasic(basic)] : []),
    ...(latency ? [ofLatency(latency)] : []),
    ...(throughput ? [ofThroughput(throughput)] : []),
    ...(scalability ? [ofScalability(scalability)] : []),
    ...(memory ? [ofMemory(memory)] : []),
    ...(operatingPoints?.[0] ? [ofPoint(operatingPoints[0], operatingPoints.length)] : []),
  ];
}

function ofBasic(basic: BasicResult): Headline {
  const { requestsPerSecond, latencyMs, errorRate, concurrency, batchSize, offered, absences } = basic;
  const why = absences["latencyMs"] ?? "no request succeeded";
  const rate = offered === undefined
    ? `concurrency ${concurrency}`
    : `${Number(offered.offeredPerSecond.toPrecision(2))} requests/s offered`;
  return {
    test: "basic",
    load: `${rate}, batch size ${batchSize}`,
    figures: [
      figure("throughput", "requests/s", requestsPerSecond, why),
      figure("median latency", "ms", latencyMs?.p50, why),
      figure("p95 latency", "ms", latencyMs?.p95, why),
      figure("p99 latency", "ms", latencyMs?.p99, why),
      figure("errors", "share", errorRate, "no request ended"),
    ],
  };
}

function ofLatency({ cold, warm, absences }: LatencyResult): Headline {
  return {
    test: "latency",
    load: "",
    figures: [
      figure("cold start", "ms", cold?.totalMs.mean, why(absences, "cold")),
      figure("warm latency", "ms", warm.latencyMs?.mean, why(absences, "warm.latencyMs", "warm")),
    ],
  };
}

function ofThroughput({ maxPredictionsPerSecond, concurrency, batching, absences }: ThroughputResult): Headline {
  return {
    test: "throughput",
    load: `concurrency ${concurrency}${batching === undefined ? "" : ", batches made by the server"}`,
    figures: [
      figure(
        "highest throughput",
        "predictions/s",
        maxPredictionsPerSecond,
        why(absences, "maxPredictionsPerSecond", "levels"),
      ),
    ],
  };
}

function ofScalability({ levels, equivalentConcurrencies, batchSize, absences }: ScalabilityResult): Headline {
  const rates = levels.flatMap(({ requestsPerSecond, errorRate }) =>
    requestsPerSecond === null || (errorRate?.value ?? 1) >= 0.01 ? [] : [requestsPerSecond]
  );
  const highest = rates.reduce<Estimate | null>((best, rate) => rate.value > (best?.value ?? 0) ? rate : best, null);
  const chosen = highest && simultaneousEstimate(highest, Math.max(1, equivalentConcurrencies.length));
  return {
    test: "scalability",
    load: `batch size ${batchSize}`,
    figures: [figure("highest throughput", "requests/s", chosen, why(absences, "optimalConcurrency", "levels"))],
  };
}

function ofMemory({ growth, modelFootprintBytes: bytes, absences }: MemoryResult): Headline {
  const reading = bytes === null ? null : { value: bytes, low: null, high: null, level: 0.95, n: 1 };
  return {
    test: "memory",
    load: "",
    figures: [
      figure("growth", "bytes/request", growth?.bytesPerRequest, why(absences, "growth", "scope")),
      {
        ...figure("footprint", "bytes", reading, why(absences, "modelFootprintBytes", "baseline", "scope")),
        ...(reading === null ? {} : { absence: "one reading in each run has no interval" }),
      },
    ],
  };
}

function ofPoint({ predictionsPerSecond }: OperatingPoint, candidates: number): Headline {
  const chosen = predictionsPerSecond && simultaneousEstimate(predictionsPerSecond, candidates);
  return {
    test: "operating-points",
    load: "",
    figures: [figure("recommended point", "predictions/s", chosen, "no request succeeded")],
  };
}

function figure(
  name: string,
  unit: ObjectiveUnit,
  estimate: Estimate | null | undefined,
  absence: string,
): HeadlineFigure {
  const better = unit.endsWith("s/s") ? "more" : "less";
  return { name, unit, better, estimate: estimate ?? null, absence: estimate ? null : absence };
}

function why(absences: Absences, ...fields: readonly string[]): string {
  return fields.map((field) => absences[field]).find((reason) => reason !== undefined) ?? "it was not measured";
}
