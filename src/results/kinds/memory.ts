import * as v from "valibot";
import type { WorkerMemory } from "../../core/protocol.ts";
import { absenceUnder, measuredOr, reading } from "../measured.ts";
import { baseEntries, type ResultBase } from "../result_base.ts";
import { fragmentationVerdict, nullableNumber, number, numbers, numbersByName } from "../schema.ts";
import { type Window, windowEntries } from "../window/window.ts";
import { GPU_MEMORY_FIGURES, type GpuMemory, nullableGpuMemory } from "./gpu_memory.ts";
import type { Detail, Kind } from "./kind.ts";
import { type MemoryCycles, type MemoryGrowth, nullableCycles, nullableGrowth, slopeOf } from "./memory_growth.ts";

/** Memory of the server at one moment; GPU `null` where not measured. */
export interface MemoryPoint {
  /** Host memory, bytes. */
  readonly cpuBytes: number;
  /** Accelerator memory, bytes. */
  readonly gpuBytes: number | null;
  /** What the allocator of the server has given out on its GPUs, bytes; left out where its counters are not read. */
  readonly gpuAllocatedBytes?: number | null;
  /** What it holds of the driver, free blocks included, bytes; left out where its counters are not read. */
  readonly gpuReservedBytes?: number | null;
}

/** Phases of a memory test in their order. */
export const MEMORY_PHASES = ["absent", "loaded", "single", "batches", "concurrent", "soak", "unloaded"] as const;

/** One member of {@linkcode MEMORY_PHASES}. */
export type MemoryPhaseName = typeof MEMORY_PHASES[number];

/** Memory of one phase: the median of its settled samples. */
export interface MemoryPhase extends MemoryPoint {
  /** Which phase. */
  readonly name: MemoryPhaseName;
  /** Highest sample of the phase, bytes. */
  readonly peakCpuBytes: number;
  /** When it began, ms since the test began. */
  readonly startMs: number;
  /** When it ended, ms since the test began. */
  readonly endMs: number;
  /** Samples that it rests on. */
  readonly n: number;
}

/** A load that a phase offered, with what it answered. */
export interface PhaseWindow extends Window {
  /** Which phase. */
  readonly phase: MemoryPhaseName;
}

/** A process of this host, for people. */
export interface ServerProcess {
  /** Process id. */
  readonly pid: number;
  /** Its short name. */
  readonly name: string;
  /** The begin of its command line, without its options, which may hold secrets. */
  readonly command: string;
}

/** A process outside of those that are measured, which works while requests are sent and rests while none are. */
export interface OtherProcess extends ServerProcess {
  /** CPU time that it used in the soak, ms. */
  readonly cpuMs: number;
  /** What its own memory grew by in the soak, bytes. */
  readonly grownBytes: number;
}

/** What the measured processes did in the soak. */
export interface ServerWork {
  /** CPU time that they used, ms. */
  readonly cpuMs: number;
  /** Length of the soak's window, ms. */
  readonly durationMs: number;
  /** Who else works for the requests; empty where nobody was found. */
  readonly elsewhere: readonly OtherProcess[];
}

/** Where the memory figures come from. */
export interface MemoryScope {
  /**
   * `process-tree-pss` or `process-tree-rss`: the server's processes on this host; `server-metrics`: what it reports.
   */
  readonly source: "process-tree-pss" | "process-tree-rss" | "server-metrics";
  /** Process ids seen; empty for `server-metrics`. */
  readonly pids: readonly number[];
  /** Of those the ones that the others descend from; left out for `server-metrics` and by versions before 0.3. */
  readonly processes?: readonly ServerProcess[];
  /** Where the GPU figures come from: `per-process`, `per-device`, `server-metrics`; `null` without. */
  readonly gpuSource: "per-process" | "per-device" | "server-metrics" | null;
}

/** Memory of the server through the life of a model. */
export interface MemoryResult extends ResultBase {
  /** Tells the results apart. */
  readonly kind: "memory";
  /** `null` where the server's memory is not observable; `absences.scope` says why. */
  readonly scope: MemoryScope | null;
  /** With the model absent; `null` if it could not be unloaded. */
  readonly baseline: MemoryPoint | null;
  /** Highest of the whole test. */
  readonly peak: MemoryPoint | null;
  /** Loaded less absent, bytes of host memory; `null` if either is missing. */
  readonly modelFootprintBytes: number | null;
  /** In their order; those that did not run are missing. */
  readonly phases: readonly MemoryPhase[];
  /** The loads that the phases offered, in their order; left out by versions before 0.2. */
  readonly loads?: readonly PhaseWindow[];
  /** What the measured processes did in the soak; left out where that was not seen. */
  readonly work?: ServerWork;
  /** Of each worker process after the soak, bytes; left out where the server names none. */
  readonly workers?: readonly WorkerMemory[];
  /** Of host memory over the steady soak; `null` if it did not run, or nothing of it succeeded. */
  readonly growth: MemoryGrowth | null;
  /** What repeated loads and unloads leave behind in host memory; `null` where they did not run. */
  readonly cycles?: MemoryCycles | null;
  /** Of its memory on GPUs; `null` where there is none, left out by versions before 0.2. */
  readonly gpu?: GpuMemory | null;
  /** Only from allocator counters. */
  readonly fragmentation: {
    /** What the counters show. */
    readonly verdict: "detected" | "not detected" | "not observable";
    /** Counters in bytes by name; empty where not observable. */
    readonly evidence: Readonly<Record<string, number>>;
  };
  /** Requests per second of the soak for each MiB of footprint; `null` without a footprint. */
  readonly requestsPerMb: number | null;
  /** Every sample: ms since the test began, successes of the soak until that moment (`null` outside it). */
  readonly timeline: readonly (MemoryPoint & { readonly atMs: number; readonly completedRequests: number | null })[];
}

const point = {
  cpuBytes: number,
  gpuBytes: nullableNumber,
  gpuAllocatedBytes: v.exactOptional(nullableNumber),
  gpuReservedBytes: v.exactOptional(nullableNumber),
};
const processEntries = { pid: number, name: v.string(), command: v.string() };
const process = v.looseObject(processEntries);
const otherProcess = v.looseObject({ ...processEntries, cpuMs: number, grownBytes: number });
const phaseName = v.picklist(MEMORY_PHASES);

function detailsOf({ growth, gpu, fragmentation, workers = [], phases }: MemoryResult): Detail[] {
  return [
    {
      at: null,
      values: [
        { id: "growth_p_value", unit: "share", value: growth?.pValue, n: growth?.requests },
        { id: "growth_gpu_p_value", unit: "share", value: gpu?.growth?.pValue, n: gpu?.growth?.requests },
        {
          id: "growth_allocated_p_value",
          unit: "share",
          value: gpu?.allocatedGrowth?.pValue,
          n: gpu?.allocatedGrowth?.requests,
        },
        ...Object.entries(fragmentation.evidence).map(([counter, bytes]) => ({
          id: `allocator_${counter}`,
          unit: "bytes",
          value: bytes,
        })),
      ],
    },
    ...workers.map(({ id, residentBytes }) => ({
      at: { axis: "worker", level: id },
      values: [{ id: "memory", unit: "bytes", value: residentBytes }],
    })),
    ...phases.map(({ name, cpuBytes, gpuBytes, gpuAllocatedBytes, peakCpuBytes, n }) => ({
      at: { axis: "phase", level: name },
      values: [
        { id: "memory", unit: "bytes", value: cpuBytes, n },
        { id: "memory_gpu", unit: "bytes", value: gpuBytes, n },
        { id: "memory_allocated", unit: "bytes", value: gpuAllocatedBytes, n },
        { id: "memory_peak", unit: "bytes", value: peakCpuBytes, n },
      ],
    })),
  ];
}

/** What the house knows of the memory test. */
export const memoryKind: Kind<MemoryResult> = {
  title: "Memory",
  name: "the memory test",
  question: "What does the model cost in memory, and does it grow?",
  axis: { label: "phase", id: "phase" },
  schema: v.looseObject({
    kind: v.literal("memory"),
    scope: v.nullable(v.looseObject({
      source: v.picklist(["process-tree-pss", "process-tree-rss", "server-metrics"]),
      pids: numbers,
      processes: v.exactOptional(v.array(process)),
      gpuSource: v.nullable(v.picklist(["per-process", "per-device", "server-metrics"])),
    })),
    baseline: v.nullable(v.looseObject(point)),
    peak: v.nullable(v.looseObject(point)),
    modelFootprintBytes: nullableNumber,
    phases: v.array(v.looseObject({
      name: phaseName,
      ...point,
      peakCpuBytes: number,
      startMs: number,
      endMs: number,
      n: number,
    })),
    loads: v.exactOptional(v.array(v.looseObject({ phase: phaseName, ...windowEntries }))),
    work: v.exactOptional(v.looseObject({ cpuMs: number, durationMs: number, elsewhere: v.array(otherProcess) })),
    workers: v.exactOptional(v.array(v.looseObject({
      id: v.string(),
      pid: nullableNumber,
      residentBytes: nullableNumber,
    }))),
    growth: nullableGrowth,
    cycles: v.exactOptional(nullableCycles),
    gpu: v.exactOptional(nullableGpuMemory),
    fragmentation: v.looseObject({ verdict: fragmentationVerdict, evidence: numbersByName }),
    requestsPerMb: nullableNumber,
    ...baseEntries,
    timeline: v.array(v.looseObject({ atMs: number, ...point, completedRequests: nullableNumber })),
  }) as unknown as v.GenericSchema<unknown, MemoryResult>,
  windows: ({ loads = [] }) =>
    loads.map((window) => ({
      level: window.phase === "batches" ? `batches of ${window.load.batchSize}` : window.phase,
      phase: window.phase,
      window,
    })),
  best: null,
  asked: () => ({}),
  figures: [
    {
      id: "growth",
      label: "growth",
      unit: "bytes/request",
      better: "less",
      read: ({ growth, absences }) => slopeOf(growth) ?? absenceUnder(absences, ["growth", "scope"]),
      gate: { name: "growth", meaning: "memory that each request leaves behind" },
      under: ({ loads = [] }) => String(loads.find(({ phase }) => phase === "soak")?.load.batchSize ?? 1),
      compared: true,
    },
    {
      id: "model_footprint",
      label: "footprint",
      unit: "bytes",
      better: "less",
      read: ({ modelFootprintBytes, absences }) =>
        measuredOr(reading(modelFootprintBytes), absences, ["modelFootprintBytes", "baseline", "scope"]),
      gate: { name: "footprint", meaning: "memory that the loaded model takes" },
      compared: true,
    },
    ...(["baseline", "peak"] as const).flatMap((name) => [
      {
        id: name,
        label: name === "peak" ? "peak memory" : "memory without the model",
        unit: "bytes",
        better: "less",
        read: (result: MemoryResult) =>
          measuredOr(reading(result[name]?.cpuBytes), result.absences, [name, "baseline", "scope"]),
      } as const,
      {
        id: `${name}_gpu`,
        label: name === "peak" ? "peak GPU memory" : "GPU memory without the model",
        unit: "bytes",
        better: "less",
        read: (result: MemoryResult) =>
          measuredOr(reading(result[name]?.gpuBytes), result.absences, [name, "gpuBytes", "baseline", "scope"]),
      } as const,
    ]),
    ...GPU_MEMORY_FIGURES,
    {
      id: "growth_requests_needed",
      label: "requests that would tell whether it grows",
      unit: "requests",
      better: "less",
      read: ({ growth, absences }) =>
        measuredOr(reading(growth?.requestsNeeded), absences, ["growth", "scope"], "it can be told, or nobody knows"),
    },
    {
      id: "growth_per_load_cycle",
      label: "left by each load and unload",
      unit: "bytes/cycle",
      better: "less",
      read: ({ cycles, absences }) => measuredOr(cycles?.bytesPerCycle, absences, ["cycles", "scope"]),
    },
    {
      id: "requests_per_mb",
      label: "requests per second for each MiB of footprint",
      unit: "requests/s",
      better: "more",
      read: ({ requestsPerMb, modelFootprintBytes, absences }) =>
        measuredOr(
          reading(requestsPerMb),
          absences,
          ["requestsPerMb", "modelFootprintBytes", "baseline", "scope"],
          modelFootprintBytes === null || modelFootprintBytes > 0
            ? "no request succeeded"
            : "the footprint is within the noise of nothing",
        ),
    },
  ],
  details: detailsOf,
  circumstances: [{ what: "source of the memory figures", severity: "warning", of: ({ scope }) => scope?.source }],
  isAnswered: ({ loads = [] }) => loads.length === 0 ? null : loads.some(({ succeeded }) => succeeded > 0),
};
