import type {
  BasicResult,
  Counts,
  LevelMeasurement,
  OfferedLevel,
  TestResults,
  WarmUpCut,
} from "../../results/result.ts";
import { formatNumber, UNITS } from "../../words/quantity.ts";
import { SECTION_NAMES, type Source } from "../sections/section_names.ts";

/** One load with what was counted while it was measured. */
export interface MeasuredWindow {
  /** The test that it belongs to. */
  readonly source: Source;
  /** What it is called. */
  readonly name: string;
  /** Items per request; `null` for warm requests, of which it is not kept. */
  readonly batchSize: number | null;
  /** Requests outstanding at any time; `null` where they arrived at a given rate. */
  readonly concurrency: number | null;
  /** What was counted. */
  readonly counts: Counts;
  /** What warm-up took; `null` where it is not kept. */
  readonly warmUp: WarmUpCut | null;
  /** Length of the window, ms; `null` where it is not kept. */
  readonly durationMs: number | null;
  /** Whether the intervals reached the wanted precision. */
  readonly converged: boolean;
  /** True if the client may have set the numbers. */
  readonly clientLimited: boolean;
}

/**
 * Every load that was measured in a run, in the order of the report.
 *
 * @param tests Results.
 */
export function measuredWindows(tests: TestResults): MeasuredWindow[] {
  const { basic, latency, throughput, scalability, load, operatingPoints = [] } = tests;
  return [
    ...(basic ? [basicWindow(basic)] : []),
    ...(latency
      ? [
        {
          ...BARE,
          source: "latency",
          name: "Latency (warm)",
          batchSize: null,
          concurrency: 1,
          ...latency.warm,
        } as const,
      ]
      : []),
    ...throughput?.levels.map((level) => closedLoop("throughput", level, level.batchSize, throughput.concurrency)) ??
      [],
    ...scalability?.levels.map((level) => closedLoop("scalability", level, scalability.batchSize, level.concurrency)) ??
      [],
    ...load?.levels.map((level): MeasuredWindow => ({
      ...BARE,
      source: "load",
      name: offeredName("load", level),
      batchSize: load.batchSize,
      concurrency: null,
      counts: level,
      durationMs: level.durationMs,
      converged: level.converged,
      clientLimited: level.clientLimited,
    })) ?? [],
    ...operatingPoints.map((point) => closedLoop("operating-points", point, point.batchSize, point.concurrency)),
  ];
}

const BARE = { warmUp: null, durationMs: null, clientLimited: false } as const;

function offeredName(source: Source, { offeredPerSecond }: OfferedLevel): string {
  return `${SECTION_NAMES[source]} (${formatNumber(offeredPerSecond, UNITS.requestsPerSecond)} offered)`;
}

function basicWindow(basic: BasicResult): MeasuredWindow {
  const window = closedLoop("basic", basic, basic.batchSize, basic.concurrency);
  return basic.offered ? { ...window, name: offeredName("basic", basic.offered), concurrency: null } : window;
}

function closedLoop(source: Source, level: LevelMeasurement, batchSize: number, concurrency: number): MeasuredWindow {
  const { durationMs, converged, clientLimited } = level;
  const name = SECTION_NAMES[source];
  return { source, name, batchSize, concurrency, counts: level, warmUp: level, durationMs, converged, clientLimited };
}
