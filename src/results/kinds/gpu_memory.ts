import * as v from "valibot";
import type { Figure } from "../figure.ts";
import { absenceUnder, type Measured, reading } from "../measured.ts";
import type { Absences } from "../result_base.ts";
import { nullableNumber } from "../schema.ts";
import { type MemoryCycles, type MemoryGrowth, nullableCycles, nullableGrowth, slopeOf } from "./memory_growth.ts";

/** What a memory test found of the server's memory on its GPUs. What could not be told is `null`. */
export interface GpuMemory {
  /** Memory that the server's device has in all, bytes; `null` where it is on several, or on a part of one. */
  readonly deviceBytes: number | null;
  /** What of it nobody used when the soak had ended, bytes; left out by versions before 0.3. */
  readonly freeBytes?: number | null;
  /** Of the memory without the model, what the processes hold by having a CUDA context, bytes. */
  readonly contextBytes: number | null;
  /** Loaded less absent, bytes. */
  readonly modelFootprintBytes: number | null;
  /** Growth of the processes' memory, which moves in segments of the allocator. */
  readonly growth: MemoryGrowth | null;
  /** Growth of what the allocator has given out, by its own counters. */
  readonly allocatedGrowth: MemoryGrowth | null;
  /** What repeated loads and unloads leave behind in the processes' memory. */
  readonly cycles: MemoryCycles | null;
  /** The same in what the allocator has given out. */
  readonly allocatedCycles: MemoryCycles | null;
  /** Requests per second of the soak for each MiB of the footprint. */
  readonly requestsPerMb: number | null;
}

/** {@linkcode GpuMemory} in a results file, or `null`. */
export const nullableGpuMemory = v.nullable(v.looseObject({
  deviceBytes: nullableNumber,
  freeBytes: v.exactOptional(nullableNumber),
  contextBytes: nullableNumber,
  modelFootprintBytes: nullableNumber,
  growth: nullableGrowth,
  allocatedGrowth: nullableGrowth,
  cycles: nullableCycles,
  allocatedCycles: nullableCycles,
  requestsPerMb: nullableNumber,
}));

/** The growth that a verdict on GPU memory rests on. */
export interface JudgedGpuGrowth {
  /** What told it: the allocator's counters, or the driver's word on the process. */
  readonly by: "allocator" | "process";
  /** What it told. */
  readonly growth: MemoryGrowth;
}

/**
 * The growth that tells whether requests leave GPU memory behind: by the allocator's counters, which know a cache from a
 * leak; by the process's memory where there are none, or where they cannot tell and it can.
 *
 * @param gpu What a memory test found.
 * @returns `null` where neither was measured.
 */
export function judgedGpuGrowth({ growth, allocatedGrowth }: GpuMemory): JudgedGpuGrowth | null {
  const canProcess = growth !== null && growth.verdict !== "cannot tell";
  const byProcess = allocatedGrowth === null || (allocatedGrowth.verdict === "cannot tell" && canProcess);
  if (!byProcess) return { by: "allocator", growth: allocatedGrowth };
  return growth === null ? null : { by: "process", growth };
}

/**
 * Whether the server was seen to hold memory of a GPU, which is shown only then: of a server that uses none the driver tells 0.
 *
 * @param result Of a memory test.
 */
export function holdsGpuMemory(
  { peak }: { readonly peak: { readonly gpuBytes: number | null } | null },
): boolean {
  return (peak?.gpuBytes ?? 0) > 0;
}

/** A result that may hold memory of GPUs. */
interface WithGpu {
  readonly gpu?: GpuMemory | null;
  readonly absences: Absences;
}

/** What a figure of memory on GPUs lacks where there is no GPU. */
const NO_GPU = "no-gpu";

/**
 * Whether a figure is missing since there is no GPU, which says nothing of the server.
 *
 * @param measured The figure.
 */
export function lacksGpu(measured: Measured): boolean {
  return "code" in measured && measured.code === NO_GPU;
}

/** A figure of memory on GPUs; where there is none, the reason stands under `gpuBytes`. */
function figureOf(
  figure: Omit<Figure<WithGpu>, "read">,
  read: (gpu: GpuMemory) => Measured | null | undefined,
  fields: readonly [string, ...string[]],
  otherwise = "it was not told",
): Figure<WithGpu> {
  return {
    ...figure,
    read: ({ gpu, absences }) =>
      gpu
        ? read(gpu) ?? absenceUnder(absences, [...fields, "gpu", "scope"], otherwise)
        : { code: NO_GPU, detail: absenceUnder(absences, ["gpuBytes", "gpu", "scope"], "no GPU was seen").detail },
  };
}

/** Figures of the memory test on GPUs. */
export const GPU_MEMORY_FIGURES: readonly Figure<WithGpu>[] = [
  figureOf(
    {
      id: "growth_gpu",
      label: "GPU growth",
      unit: "bytes/request",
      better: "less",
      gate: { name: "growth-gpu", meaning: "GPU memory of the server's processes that each request leaves behind" },
      compared: true,
    },
    ({ growth }) => slopeOf(growth),
    ["gpu.growth", "growth"],
  ),
  figureOf(
    {
      id: "growth_allocated",
      label: "allocated growth",
      unit: "bytes/request",
      better: "less",
      gate: {
        name: "growth-allocated",
        meaning: "GPU memory that each request leaves allocated, by the allocator's counters",
      },
      compared: true,
    },
    ({ allocatedGrowth }) => slopeOf(allocatedGrowth),
    ["gpu.allocatedGrowth"],
  ),
  figureOf(
    {
      id: "model_footprint_gpu",
      label: "GPU footprint",
      unit: "bytes",
      better: "less",
      gate: { name: "footprint-gpu", meaning: "GPU memory that the loaded model takes" },
      compared: true,
    },
    ({ modelFootprintBytes }) => reading(modelFootprintBytes),
    ["gpu.modelFootprintBytes", "baseline"],
  ),
  figureOf(
    { id: "context_gpu", label: "CUDA context", unit: "bytes", better: "less" },
    ({ contextBytes }) => reading(contextBytes),
    ["gpu.contextBytes", "baseline"],
  ),
  figureOf(
    {
      id: "growth_gpu_requests_needed",
      label: "requests that would tell whether GPU memory grows",
      unit: "requests",
      better: "less",
    },
    ({ growth }) => reading(growth?.requestsNeeded),
    ["gpu.growth"],
    "it can be told, or nobody knows",
  ),
  figureOf(
    { id: "filled_gpu", label: "GPU memory that filled early in the soak", unit: "bytes", better: "less" },
    ({ growth }) => reading(growth?.filledBytes),
    ["gpu.growth"],
    "nothing did",
  ),
  figureOf(
    {
      id: "growth_gpu_per_load_cycle",
      label: "GPU memory left by each load and unload",
      unit: "bytes/cycle",
      better: "less",
    },
    ({ cycles }) => cycles?.bytesPerCycle,
    ["cycles"],
  ),
  figureOf(
    {
      id: "growth_allocated_per_load_cycle",
      label: "allocated GPU memory left by each load and unload",
      unit: "bytes/cycle",
      better: "less",
    },
    ({ allocatedCycles }) => allocatedCycles?.bytesPerCycle,
    ["cycles"],
  ),
  figureOf(
    {
      id: "requests_per_mb_gpu",
      label: "requests per second for each MiB of GPU footprint",
      unit: "requests/s",
      better: "more",
    },
    ({ requestsPerMb }) => reading(requestsPerMb),
    ["gpu.requestsPerMb", "gpu.modelFootprintBytes", "baseline"],
  ),
];
