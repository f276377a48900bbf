import type { Clock } from "../../core/clock.ts";
import type { ServerMemory, WorkerMemory } from "../../core/protocol.ts";
import type { Target } from "../../core/target.ts";
import type { MemoryOptions } from "../../measure/settings/options.ts";
import type { Visit } from "../../measure/window/visit.ts";
import type { Absent } from "../../observe/absent.ts";
import { type MemorySampler, openMemorySampler } from "../../observe/memory_sampler.ts";
import type { MemoryPhaseName, MemoryPoint } from "../../results/kinds/memory.ts";
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
  return { sampler, recorder, options, loads: [], absences: {}, doubt: null, workers: [], afterUnload: [] };
}

/**
 * Opens what reads the memory of a target's server.
 *
 * @param of The target, and the source of time.
 * @param options The server's process, where it is given.
 * @returns Why it cannot be read where it cannot.
 */
export function openSampler(
  { target, clock }: { readonly target: Target; readonly clock: Clock },
  { pid }: MemoryOptions,
): Promise<MemorySampler | Absent> {
  const url = new URL(target.url);
  const { protocol } = target;
  const reported = protocol.serverMemory === undefined ? {} : {
    reported: (): Promise<ServerMemory> => protocol.serverMemory!(),
  };
  return openMemorySampler({
    ...(pid === undefined ? {} : { pid }),
    ...(target.unixSocket === undefined ? {} : { unixSocket: target.unixSocket }),
    host: url.hostname,
    port: Number(url.port || (url.protocol === "https:" ? 443 : 80)),
    ...reported,
    clock,
  });
}
