import * as v from "valibot";
import type { Distribution, Estimate } from "../../core/estimate.ts";
import type { ColdWorkers } from "../../core/protocol.ts";
import { measuredOr } from "../measured.ts";
import { baseEntries, type ResultBase } from "../result_base.ts";
import { distribution, nullableEstimate, nullableNumber, number, numbers } from "../schema.ts";
import { type Window, windowEntries } from "../window/window.ts";
import type { Detail, Kind } from "./kind.ts";
import { type ServerStarts, serverStartsSchema, startDetails } from "./server_starts.ts";

/** One cold cycle: unload, verified absence, load, first inference. */
export interface ColdSample {
  /** Time to unload and to see that the model is gone, ms. */
  readonly unloadMs: number;
  /** Time of the load call, ms; `null` where the server loads on the first request. */
  readonly loadMs: number | null;
  /** Latency of the first inference after the load, ms. */
  readonly firstInferenceMs: number;
  /** Load and first inference, ms. */
  readonly totalMs: number;
  /** What showed that the model was gone, for people. */
  readonly evidence: string;
  /** Worker processes that the load started, as the server tells; left out where it starts none, or does not say. */
  readonly workers?: ColdWorkers;
}

/** The first cold cycle that a run saw. It may have loaded libraries and tuned kernels once for all later ones. */
export interface FirstCycle extends ColdSample {
  /** Whether it was the first since the server's start, which this run did; else nobody knows. */
  readonly sinceStart: boolean;
  /** Where 95 % of cycles like the others lie, total ms; `null` where fewer than two others ran. */
  readonly expectedMs: { readonly low: number; readonly high: number } | null;
}

/** Cold starts against warm ones. */
export interface LatencyResult extends ResultBase {
  /** Tells the results apart. */
  readonly kind: "latency";
  /**
   * Starts of the server's process; `null` if none could be had, and `absences.starts` says why. Left out where the server
   * was not started by the run.
   */
  readonly starts?: ServerStarts | null;
  /** The first cold cycle, which `cold` does not hold; `null` where there was none, left out by versions that averaged it in. */
  readonly firstCycle?: FirstCycle | null;
  /** `null` if no cold start could be had; `absences.cold` says why. */
  readonly cold: {
    /** Cold cycles after the first, in the order in which they ran. */
    readonly samples: readonly ColdSample[];
    /** Load and first inference, ms, bootstrap intervals. */
    readonly totalMs: Distribution;
  } | null;
  /** Requests to the loaded model, one at a time; `null` where the test ended before. */
  readonly warm: Window | null;
  /** Cold mean less warm mean, ms. */
  readonly overheadMs: Estimate | null;
  /** The same in percent of the warm mean. */
  readonly overheadPercent: Estimate | null;
  /** Latency of the k-th inference after a load, ms, median over those cycles; [0] is the first inference. */
  readonly warmUpCurveMs: readonly number[] | null;
}

/** Cold starts together and one by one, and the inferences after them. */
function detailsOf({ cold, firstCycle, starts, warmUpCurveMs }: LatencyResult): Detail[] {
  const { totalMs, samples = [] } = cold ?? {};
  const first = firstCycle ? [{ level: "first", sample: firstCycle as ColdSample }] : [];
  const cycles = [...first, ...samples.map((sample, index) => ({ level: index + 1, sample }))];
  return [
    {
      at: null,
      values: [
        { id: "cold_start_min", unit: "ms", value: totalMs?.min, n: totalMs?.n },
        ...(["p50", "p90", "p95", "p99"] as const).map((name) => ({
          id: `cold_start_${name}`,
          unit: "ms",
          value: totalMs?.[name],
        })),
        { id: "cold_start_max", unit: "ms", value: totalMs?.max, n: totalMs?.n },
      ],
    },
    ...cycles.map(({ level, sample: { unloadMs, loadMs, firstInferenceMs, totalMs, workers } }) => ({
      at: { axis: "cold_start", level },
      values: [
        { id: "unload", unit: "ms", value: unloadMs },
        { id: "load", unit: "ms", value: loadMs },
        { id: "first_inference", unit: "ms", value: firstInferenceMs },
        { id: "total", unit: "ms", value: totalMs },
        ...(workers === undefined ? [] : [
          { id: "workers", unit: "workers", value: workers.count },
          { id: "worker_start", unit: "ms", value: workers.startMs },
          { id: "first_handler", unit: "ms", value: workers.handlerMs },
        ]),
      ],
    })),
    ...(warmUpCurveMs ?? []).map((latencyMs, index) => ({
      at: { axis: "inference_after_load", level: index + 1 },
      values: [{ id: "latency_median", unit: "ms", value: latencyMs }],
    })),
    ...(starts ? startDetails(starts) : []),
  ];
}

const coldSampleEntries = {
  unloadMs: number,
  loadMs: nullableNumber,
  firstInferenceMs: number,
  totalMs: number,
  evidence: v.string(),
  workers: v.exactOptional(v.looseObject({ count: number, startMs: nullableNumber, handlerMs: nullableNumber })),
};

/** What the house knows of the latency test. */
export const latencyKind: Kind<LatencyResult> = {
  title: "Latency",
  name: "the latency test",
  question: "What does a cold start cost, against a model that is loaded and warm?",
  axis: null,
  schema: v.looseObject({
    kind: v.literal("latency"),
    starts: v.exactOptional(v.nullable(serverStartsSchema)),
    firstCycle: v.exactOptional(v.nullable(v.looseObject({
      ...coldSampleEntries,
      sinceStart: v.boolean(),
      expectedMs: v.nullable(v.looseObject({ low: number, high: number })),
    }))),
    cold: v.nullable(v.looseObject({
      samples: v.pipe(v.array(v.looseObject(coldSampleEntries)), v.minLength(1, "at least one")),
      totalMs: distribution,
    })),
    warm: v.nullable(v.looseObject(windowEntries)),
    overheadMs: nullableEstimate,
    overheadPercent: nullableEstimate,
    warmUpCurveMs: v.nullable(numbers),
    ...baseEntries,
  }) as unknown as v.GenericSchema<unknown, LatencyResult>,
  windows: ({ warm }) => warm === null ? [] : [{ level: null, window: warm }],
  isAnswered: ({ warm, cold, starts }) => cold !== null || (starts ?? null) !== null || (warm?.succeeded ?? 0) > 0,
  best: ({ warm }) => warm === null ? null : { level: null, window: warm },
  // A run that ended before its warm requests is held against others all the same: it then lost them.
  asked: ({ warm }) => ({ batchSize: warm?.load.batchSize ?? 1 }),
  figures: [
    {
      id: "server_start_mean",
      label: "start of the server",
      unit: "ms",
      better: "less",
      read: ({ starts, absences }) =>
        starts === undefined
          ? { code: "not-run", detail: "the server was not started by this run" }
          : measuredOr(starts?.totalMs.mean, absences, ["starts"]),
      gate: { name: "start", meaning: "mean of a start of the server, from its process to the first prediction" },
      compared: true,
    },
    {
      id: "cold_start_mean",
      label: "cold start",
      unit: "ms",
      better: "less",
      read: ({ cold, absences }) => measuredOr(cold?.totalMs.mean, absences, ["cold"]),
      gate: { name: "cold", meaning: "mean of a cold start: load and first inference" },
      compared: true,
    },
    {
      id: "warm_latency_mean",
      label: "warm latency",
      unit: "ms",
      better: "less",
      read: ({ warm, absences }) => measuredOr(warm?.latencyMs?.mean, absences, ["warm.latencyMs", "warm"]),
      gate: { name: "warm", meaning: "mean latency of the loaded model, one request at a time" },
      compared: true,
    },
    {
      id: "cold_start_overhead",
      label: "cold start overhead",
      unit: "ms",
      better: "less",
      read: ({ overheadMs, absences }) => measuredOr(overheadMs, absences, ["overheadMs", "cold", "warm.latencyMs"]),
      gate: { name: "overhead", meaning: "cold less warm" },
    },
    {
      id: "cold_start_overhead_relative",
      label: "cold start overhead",
      unit: "percent",
      better: "less",
      read: ({ overheadPercent, absences }) =>
        measuredOr(overheadPercent, absences, ["overheadMs", "cold", "warm.latencyMs"]),
      gate: { name: "overhead", meaning: "cold less warm" },
    },
  ],
  details: detailsOf,
  circumstances: [
    { what: "cold starts", severity: "info", of: ({ cold }) => cold?.samples.length },
    {
      what: "first cold cycle",
      severity: "warning",
      of: ({ cold, firstCycle }) => cold === null ? undefined : firstCycle === undefined ? "averaged in" : "apart",
    },
    { what: "starts of the server", severity: "info", of: ({ starts }) => starts?.samples.length },
    { what: "page cache at its starts", severity: "warning", of: ({ starts }) => starts?.pageCache },
  ],
};
