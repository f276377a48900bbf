import type { Counts, LevelMeasurement, TestKind, TestResults } from "../../core/result.ts";

/** One load with what was counted while it was measured. */
export interface MeasuredWindow {
  /** The test that it belongs to. */
  readonly source: TestKind | "operating-points";
  /** Items per request; `null` for warm requests, of which it is not kept. */
  readonly batchSize: number | null;
  /** Requests outstanding at any time. */
  readonly concurrency: number;
  /** What was counted. */
  readonly counts: Counts;
  /** All of the measurement; `null` for warm requests, of which only the counts are kept. */
  readonly level: LevelMeasurement | null;
}

/**
 * Every load that was measured in a run, in the order of the report.
 *
 * @param tests Results.
 */
export function measuredWindows(tests: TestResults): MeasuredWindow[] {
  const { basic, latency, throughput, scalability, operatingPoints = [] } = tests;
  const whole = (
    source: MeasuredWindow["source"],
    level: LevelMeasurement,
    batchSize: number,
    concurrency: number,
  ) => ({
    source,
    batchSize,
    concurrency,
    counts: level,
    level,
  });
  return [
    ...(basic ? [whole("basic", basic, basic.batchSize, basic.concurrency)] : []),
    ...(latency
      ? [{ source: "latency", batchSize: null, concurrency: 1, counts: latency.warm.counts, level: null } as const]
      : []),
    ...(throughput?.levels.map((level) => whole("throughput", level, level.batchSize, throughput.concurrency)) ?? []),
    ...(scalability?.levels.map((level) => whole("scalability", level, scalability.batchSize, level.concurrency)) ??
      []),
    ...operatingPoints.map((point) => whole("operating-points", point, point.batchSize, point.concurrency)),
  ];
}
