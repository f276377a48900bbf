import type { MemoryOptions } from "../../measure/settings/options.ts";
import type { MemoryResult } from "../../results/kinds/memory.ts";
import type { Target } from "../../core/target.ts";
import { isAbsent } from "../../observe/absent.ts";
import { checkOptions } from "../../measure/settings/check_options.ts";
import { runSession, type Test } from "../../measure/run_session.ts";
import { fragmentationOf } from "./fragmentation.ts";
import { memoryFigures } from "./memory_figures.ts";
import { batchSizeOf, batchSizesOf, runPhases } from "./memory_phases.ts";
import { newRun, openSampler } from "./memory_run.ts";
import type { MemoryWatch } from "./memory_watch.ts";

/**
 * What does the model cost in memory, and does the server leak? The memory of the server, never of the client, through
 * the life of a model: absent, loaded, single requests, batches, concurrent requests, a steady soak, unloaded
 * (method 13). The model is left loaded.
 *
 * @param target The model to measure, from `connect`.
 * @param options The server's process, load and length of the soak.
 * @returns Bytes by phase, footprint, growth per request with its verdict; `scope` is `null` with its reason in
 *     `absences` where the server's memory is not observable.
 * @throws {UsageError} If an option is out of its range.
 */
export async function runMemoryTest(target: Target, options: MemoryOptions = {}): Promise<MemoryResult> {
  return (await memoryTest(target, options)).result();
}

/** The memory test as part of a run. */
export const memoryTest: Test<"memory", MemoryOptions> = memoryTestAfter(null);

/**
 * The memory test at the end of a run that was watched: what the watch saw is not measured again.
 *
 * @param watch What was seen so far; `null` where nothing was.
 */
export function memoryTestAfter(watch: MemoryWatch | null): Test<"memory", MemoryOptions> {
  return (target, options, shared) => {
    checkOptions(options);
    return runSession("memory", target, options, shared, async (session) => {
      const sampler = watch?.run.sampler ?? await openSampler(session, options);
      if (isAbsent(sampler)) {
        session.absences["scope"] = sampler.absent;
        const fragmentation = await fragmentationOf(target);
        return () => ({ ...NOTHING_OBSERVED, fragmentation });
      }
      await using _own = watch === null ? sampler : null;
      if (sampler.gpuAbsence !== null) session.absences["gpuBytes"] = sampler.gpuAbsence;
      const run = watch?.run ?? newRun(sampler, options, () => session.elapsedMs());
      await session.prepare([batchSizeOf(run), ...batchSizesOf(session, run)]);
      await runPhases(session, run);
      Object.assign(session.absences, run.absences);
      const fragmentation = await fragmentationOf(target, run.recorder.timeline);
      return (absences) => memoryFigures(run, fragmentation, absences);
    });
  };
}

const NOTHING_OBSERVED = {
  kind: "memory",
  scope: null,
  baseline: null,
  peak: null,
  modelFootprintBytes: null,
  phases: [],
  growth: null,
  gpu: null,
  requestsPerMb: null,
  timeline: [],
} as const;
