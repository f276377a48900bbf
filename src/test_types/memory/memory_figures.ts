import type {
  MemoryPhase,
  MemoryPhaseName,
  MemoryPoint,
  MemoryResult,
  PhaseWindow,
} from "../../results/kinds/memory.ts";
import type { MemoryGrowth } from "../../results/kinds/memory_growth.ts";
import type { Own } from "../../measure/run_session.ts";
import { isUsable } from "../../results/window/usable.ts";
import { summariseWindow } from "../../measure/window/summarise_window.ts";
import { growthVerdict } from "../../stats/trend/growth_verdict.ts";
import { soakNeeded } from "../../stats/trend/soak_needed.ts";
import { gpuFigures, NO_FOOTPRINT } from "./gpu_figures.ts";
import { cycleGrowth, FEWEST_CYCLES } from "./memory_cycles.ts";
import type { MemoryRun } from "./memory_run.ts";
import { doubted, soakDoubt, workDoubt } from "./soak_doubt.ts";

const BYTES_PER_MIB = 2 ** 20;
const NO_PROCESS = "without the model the server tells the memory of no process";
/** Why a rate is not told for each MiB of a footprint that may be noise. */
const SMALL_FOOTPRINT = "the footprint is less than 1 MiB";
/** Why what the model takes is not known where others hold it; the growth names them. */
const WORK_ELSEWHERE = "the measured processes are not all that do the work";

/**
 * The figures of the memory test, from what its phases recorded.
 *
 * @param run The phases.
 * @param fragmentation What the allocator's counters show.
 * @param absences Is told why figures are `null`.
 */
export function memoryFigures(
  run: MemoryRun,
  fragmentation: MemoryResult["fragmentation"],
  absences: Record<string, string>,
): Own<MemoryResult> {
  const { sampler, recorder, loads, workers, afterUnload } = run;
  const { phases, timeline } = recorder;
  const point = (name: MemoryPhaseName): MemoryPhase | null => phases.find((phase) => phase.name === name) ?? null;
  const absent = point("absent"), loaded = point("loaded");
  const elsewhere = workDoubt(run.work);
  const footprint = absent === null || loaded === null || elsewhere !== null ? null : loaded.cpuBytes - absent.cpuBytes;
  const offered = loads.map(({ phase, visit }): PhaseWindow => ({
    phase,
    ...summariseWindow(visit.load, [visit]).window,
  }));
  const soak = offered.find(({ phase }) => phase === "soak");
  const lost = soak?.lost === undefined ? null : soakDoubt(soak);
  const doubt = lost ?? run.doubt ?? soakDoubt(soak) ?? run.standing;
  // That what only passes requests on grows is known, whoever does the work.
  const judged = (growth: MemoryGrowth) => doubted(growth, doubt ?? (growth.verdict === "growing" ? null : elsewhere));
  const rate = soak === undefined || !isUsable(soak) ? null : soak.requestsPerSecond;
  const growth = hostGrowth(timeline);
  if (growth === null) {
    absences["growth"] = doubt ?? absences["phases"] ?? "no request of the soak was answered between two samples";
  }
  if (rate === null && doubt !== null) absences["requestsPerMb"] = absences["gpu.requestsPerMb"] = doubt;
  else if (footprint !== null && footprint < BYTES_PER_MIB) {
    absences["requestsPerMb"] = footprint <= 0 ? NO_FOOTPRINT : SMALL_FOOTPRINT;
  }
  if (growth === null && doubt !== null) absences["gpu.growth"] ??= doubt;
  // A server that tells the memory of its workers alone has none to tell of where it has none.
  const isUnseen = afterUnload.length > 0 && afterUnload.every(({ cpuBytes }) => cpuBytes === 0);
  if (isUnseen) absences["cycles"] ??= absences["gpu.cycles"] ??= NO_PROCESS;
  else if (afterUnload.length > 0 && afterUnload.length < FEWEST_CYCLES) {
    absences["cycles"] ??= `it takes ${FEWEST_CYCLES} cycles, and ${afterUnload.length} were measured`;
  }
  const gpu = gpuFigures(run, rate?.value ?? null, absences);
  if (footprint === null) {
    absences["modelFootprintBytes"] ??= absent !== null && loaded !== null && elsewhere !== null
      ? WORK_ELSEWHERE
      : `the memory ${absent === null ? "without" : "with"} the model is not known`;
  }
  return {
    kind: "memory" as const,
    scope: sampler.scope,
    baseline: absent === null ? null : { cpuBytes: absent.cpuBytes, gpuBytes: absent.gpuBytes },
    peak: peakOf(timeline),
    modelFootprintBytes: footprint,
    phases,
    loads: offered,
    ...(run.work === null ? {} : { work: run.work }),
    ...(workers.length === 0 ? {} : { workers }),
    growth: growth && judged(growth),
    cycles: isUnseen ? null : cycleGrowth(afterUnload.map(({ cpuBytes }) => cpuBytes), footprint),
    gpu: gpu && {
      ...gpu,
      ...(isUnseen ? { cycles: null, allocatedCycles: null } : {}),
      growth: gpu.growth && judged(gpu.growth),
      allocatedGrowth: gpu.allocatedGrowth && judged(gpu.allocatedGrowth),
    },
    fragmentation,
    requestsPerMb: rate === null || footprint === null || footprint < BYTES_PER_MIB
      ? null
      : rate.value / (footprint / BYTES_PER_MIB),
    timeline,
  };
}

/** Of host memory over the soak; `null` where no two samples differ in what had succeeded. */
function hostGrowth(timeline: MemoryResult["timeline"]): MemoryGrowth | null {
  const soaked = timeline.filter(({ completedRequests }) => completedRequests !== null);
  const succeeded = soaked.map(({ completedRequests }) => completedRequests!);
  const growth = growthVerdict(succeeded, soaked.map(({ cpuBytes }) => cpuBytes));
  if (growth === null) return null;
  const requests = succeeded.at(-1)!;
  return { ...growth, requests, requestsNeeded: soakNeeded(growth, requests) };
}

function peakOf(timeline: readonly MemoryPoint[]): MemoryPoint | null {
  if (timeline.length === 0) return null;
  return {
    cpuBytes: timeline.reduce((most, { cpuBytes }) => Math.max(most, cpuBytes), 0),
    gpuBytes: timeline.reduce<number | null>(
      (most, { gpuBytes }) => gpuBytes === null ? most : Math.max(most ?? 0, gpuBytes),
      null,
    ),
  };
}
