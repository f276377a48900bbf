import { UsageError } from "../../core/errors.ts";
import { naming, option } from "../../core/option_words.ts";
import type { Clock } from "../../core/clock.ts";
import type { ServerMemory, WorkerMemory } from "../../core/protocol.ts";
import type { Target } from "../../core/target.ts";
import type { MemoryOptions } from "../../measure/settings/options.ts";
import type { Visit } from "../../measure/window/visit.ts";
import type { Absent } from "../../observe/absent.ts";
import type { DeviceMemory } from "../../observe/gpu/gpu_memory.ts";
import { type MemorySampler, openMemorySampler } from "../../observe/memory_sampler.ts";
import { isEverythingPermitted } from "../../observe/permission.ts";
import { missingPids } from "../../observe/server/roots.ts";
import type { MemoryPhaseName, MemoryPoint, ServerWork } from "../../results/kinds/memory.ts";
import { MemoryRecorder } from "./memory_recorder.ts";

/** What the phases of a memory test share. */
export interface MemoryRun {
  readonly sampler: MemorySampler;
  readonly recorder: MemoryRecorder;
  readonly options: MemoryOptions;
  /** What the phases offered. */
  readonly loads: { readonly phase: MemoryPhaseName; readonly visit: Visit }[];
  /** Reasons for figures that are `null`. */
  readonly absences: Record<string, string>;
  /** Why the soak says nothing of a growth, once it ran; `null` where it does. */
  doubt: string | null;
  /** Why what was read in the soak cannot show a growth, once it ran; `null` where it can. */
  standing: string | null;
  /** The memory of the server's device after the soak, once that is known. */
  device: DeviceMemory | null;
  /** What the measured processes did in the soak, once that is known. */
  work: ServerWork | null;
  /** Memory of each worker after the soak, once that is known. */
  workers: readonly WorkerMemory[];
  /** Memory after each cycle of load and unload, once they ran. */
  afterUnload: readonly MemoryPoint[];
}

/**
 * Phases that have yet to run.
 *
 * @param sampler Reads the server's memory.
 * @param options The test's options.
 * @param elapsedMs The time axis of what is recorded, ms.
 */
export function newRun(sampler: MemorySampler, options: MemoryOptions, elapsedMs: () => number): MemoryRun {
  const recorder = new MemoryRecorder(elapsedMs);
  const nothingYet = { doubt: null, standing: null, device: null, work: null, workers: [], afterUnload: [] };
  return { sampler, recorder, options, loads: [], absences: {}, ...nothingYet };
}

/**
 * Opens what reads the memory of a target's server.
 *
 * @param of The target, and the source of time.
 * @param options The server's process and its GPUs, where they are given.
 * @returns Why it cannot be read where it cannot.
 * @throws {UsageError} If a process that is given does not run here, or a GPU is named that is not there.
 */
export async function openSampler(
  { target, clock }: { readonly target: Target; readonly clock: Clock },
  { pid, gpuDevices, gpuMetricsUrl }: MemoryOptions,
): Promise<MemorySampler | Absent> {
  const pids = pid === undefined ? undefined : [pid].flat();
  const [missing] = pids === undefined || !await isEverythingPermitted() ? [] : await missingPids(pids);
  if (missing !== undefined) {
    throw new UsageError(
      naming`Cannot read the server's memory as "${
        option("pid")
      }" must be a process of this machine that runs: ${missing} is none`,
      { hint: "In a container, process ids are those that are seen there." },
    );
  }
  const url = new URL(target.url);
  const { protocol } = target;
  const reported = protocol.serverMemory === undefined ? {} : {
    reported: (): Promise<ServerMemory> => protocol.serverMemory!(),
  };
  return await openMemorySampler({
    ...(pids === undefined ? {} : { pids }),
    ...(target.unixSocket === undefined ? {} : { unixSocket: target.unixSocket }),
    started: () => target.started?.pid ?? null,
    host: url.hostname,
    port: Number(url.port || (url.protocol === "https:" ? 443 : 80)),
    // Those of an exporter are not named as this machine's are.
    ...(gpuDevices === undefined || gpuMetricsUrl !== undefined ? {} : { gpuDevices }),
    ...reported,
    clock,
  });
}
