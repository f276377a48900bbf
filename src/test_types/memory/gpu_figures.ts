import type { GpuMemory } from "../../results/kinds/gpu_memory.ts";
import type { MemoryCycles, MemoryGrowth } from "../../results/kinds/memory_growth.ts";
import type { MemoryPhaseName, MemoryPoint } from "../../results/kinds/memory.ts";
import { allocatedGrowth } from "../../stats/trend/allocated_growth.ts";
import { type GpuGrowth, LARGE_SEGMENT_BYTES } from "../../stats/trend/gpu_growth.ts";
import { processGrowth } from "../../stats/trend/process_growth.ts";
import { cycleGrowth } from "./memory_cycles.ts";
import type { MemoryRun } from "./memory_run.ts";

const BYTES_PER_MIB = 2 ** 20;

/** Why nothing is taken by a footprint that is not above 0. */
export const NO_FOOTPRINT = "the footprint is within the noise of nothing";

/** Counters of a point that may be missing. */
type GpuCounter = "gpuBytes" | "gpuAllocatedBytes" | "gpuReservedBytes";

/**
 * What a memory test found on the server's GPUs (method 13).
 *
 * @param run The phases.
 * @param requestsPerSecond Of the soak; `null` where it is not known.
 * @param absences Is told why figures are `null`.
 * @returns `null` where nothing was read of a GPU, or the server uses none.
 */
export function gpuFigures(
  { sampler, recorder, afterUnload, device }: MemoryRun,
  requestsPerSecond: number | null,
  absences: Record<string, string>,
): GpuMemory | null {
  const { phases, timeline } = recorder;
  const most = (of: GpuCounter) => timeline.reduce((most, { [of]: bytes }) => Math.max(most, bytes ?? 0), 0);
  if (most("gpuBytes") === 0 && most("gpuAllocatedBytes") === 0) {
    absences["gpuBytes"] ??= "the server uses no GPU";
    return null;
  }
  const at = (name: MemoryPhaseName) => phases.find((phase) => phase.name === name) ?? null;
  const { gpuSource } = sampler.scope;
  const contextBytes = contextOf(phases, at("absent"), gpuSource);
  // A process that comes with the model brings its context along, which is no part of the model.
  const broughtBytes = gpuSource === "per-process" && at("absent")?.gpuBytes === 0
    ? at("loaded")?.gpuBytes || null
    : null;
  const footprint = footprintOf(at("absent"), at("loaded"), broughtBytes === null ? 0 : contextBytes);
  if (footprint === null) {
    absences["gpu.modelFootprintBytes"] ??= broughtBytes === null
      ? "the GPU memory without the model is not known"
      : `the process on the GPU comes with the model: its ${
        Math.round(broughtBytes / BYTES_PER_MIB)
      } MiB are those of ` +
        "the model and of the CUDA context";
  }
  if (footprint !== null && footprint <= 0) absences["gpu.requestsPerMb"] ??= NO_FOOTPRINT;
  if (contextBytes === null) {
    absences["gpu.contextBytes"] ??= gpuSource !== "per-process"
      ? "it is seen only where the driver tells the memory of each process"
      : broughtBytes === null
      ? "context and model cannot be told apart as the model cannot be unloaded"
      : "context and model cannot be told apart as the process that holds them goes with the model";
  }
  const soaked = timeline.flatMap(({ completedRequests, ...point }) =>
    completedRequests === null ? [] : [{ completedRequests, ...point }]
  );
  const growth = growthOf(
    soaked,
    "gpuBytes",
    (requests, bytes) =>
      processGrowth(requests, bytes, { cachedBytes: cachedBytesOf(at("single") ?? at("loaded"), soaked[0]) }),
  );
  const allocated = growthOf(soaked, "gpuAllocatedBytes", allocatedGrowth);
  if (growth === null) {
    const unread = most("gpuBytes") === 0 ? sampler.gpuAbsence : null;
    absences["gpu.growth"] ??= unread ?? "no request of the soak was answered between two samples";
  }
  if (allocated === null) absences["gpu.allocatedGrowth"] ??= "the server tells no counters of its allocator";
  return {
    deviceBytes: device?.totalBytes ?? null,
    freeBytes: device?.freeBytes ?? null,
    contextBytes,
    modelFootprintBytes: footprint,
    growth,
    allocatedGrowth: allocated,
    cycles: cyclesOf(afterUnload, "gpuBytes", footprint, LARGE_SEGMENT_BYTES),
    allocatedCycles: cyclesOf(afterUnload, "gpuAllocatedBytes", footprint),
    requestsPerMb: requestsPerSecond === null || footprint === null || footprint <= 0
      ? null
      : requestsPerSecond / (footprint / BYTES_PER_MIB),
  };
}

/**
 * Loaded less absent. An allocator that keeps what the model gave back makes the process's memory say too little: what it
 * has given out is then the better word.
 *
 * @param contextBytes What of the difference is the context of a process that came with the model; `null` where that is not known.
 */
function footprintOf(
  absent: MemoryPoint | null,
  loaded: MemoryPoint | null,
  contextBytes: number | null,
): number | null {
  const difference = (of: GpuCounter) => {
    const [before, after] = [absent?.[of] ?? null, loaded?.[of] ?? null];
    return before === null || after === null ? null : after - before;
  };
  const ofProcesses = difference("gpuBytes"), ofAllocator = difference("gpuAllocatedBytes");
  const ofProcess = ofProcesses === null || contextBytes === null ? null : ofProcesses - contextBytes;
  return ofProcess === null || ofAllocator === null ? ofProcess ?? ofAllocator : Math.max(ofProcess, ofAllocator);
}

/**
 * What a process holds beside its allocator's memory; without the allocator's counters, what it holds without a model. From a
 * phase, in which memory had settled: the counters are read a moment apart from the process's memory, and a single reading may
 * have a load or an unload between the two.
 */
function contextOf(
  phases: readonly MemoryPoint[],
  absent: MemoryPoint | null,
  source: MemoryRun["sampler"]["scope"]["gpuSource"],
): number | null {
  if (source !== "per-process") return null;
  const both = phases.find(({ gpuBytes, gpuReservedBytes }) => gpuBytes && gpuReservedBytes);
  if (both !== undefined) return Math.max(0, both.gpuBytes! - both.gpuReservedBytes!);
  return absent?.gpuBytes || null;
}

/** What the loads between single requests and the soak left in the allocator's cache. */
function cachedBytesOf(before: MemoryPoint | null, first: MemoryPoint | undefined): number {
  const reserved = first?.gpuReservedBytes ?? null, allocated = first?.gpuAllocatedBytes ?? null;
  const kept = Math.max(0, (first?.gpuBytes ?? 0) - (before?.gpuBytes ?? first?.gpuBytes ?? 0));
  return reserved === null || allocated === null ? kept : Math.min(kept, Math.max(0, reserved - allocated));
}

/** A point of the soak. */
interface SoakPoint extends MemoryPoint {
  readonly completedRequests: number;
}

function growthOf(
  soaked: readonly SoakPoint[],
  of: GpuCounter,
  judge: (requests: readonly number[], bytes: readonly number[]) => GpuGrowth,
): MemoryGrowth | null {
  const told = soaked.flatMap(({ completedRequests, [of]: bytes = null }) =>
    bytes === null ? [] : [{ completedRequests, bytes }]
  );
  const requests = told.map(({ completedRequests }) => completedRequests);
  if (new Set(requests).size < 2) return null;
  const { filledBytes, ...growth } = judge(requests, told.map(({ bytes }) => bytes));
  return { ...growth, requests: requests.at(-1)!, ...(filledBytes === 0 ? {} : { filledBytes }) };
}

function cyclesOf(
  afterUnload: readonly MemoryPoint[],
  of: GpuCounter,
  footprint: number | null,
  floorBytes?: number,
): MemoryCycles | null {
  const told = afterUnload.flatMap(({ [of]: bytes = null }) => bytes === null ? [] : [bytes]);
  return told.length < afterUnload.length ? null : cycleGrowth(told, footprint, floorBytes);
}
