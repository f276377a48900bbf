import type { MemoryOptions } from "../../measure/settings/options.ts";
import type { ServerMemory, WorkerMemory } from "../../core/protocol.ts";
import type { ProgressFigure } from "../../results/progress.ts";
import type {
  MemoryPhase,
  MemoryPhaseName,
  MemoryPoint,
  MemoryResult,
  PhaseWindow,
} from "../../results/kinds/memory.ts";
import type { Target } from "../../core/target.ts";
import { isAbsent } from "../../observe/absent.ts";
import { type MemorySampler, openMemorySampler } from "../../observe/memory_sampler.ts";
import { growthVerdict } from "../../stats/trend/growth_verdict.ts";
import { soakNeeded } from "../../stats/trend/soak_needed.ts";
import { checkOptions } from "../../measure/settings/check_options.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import { fragmentationOf } from "./fragmentation.ts";
import { measureWindow } from "../../measure/window/measure_window.ts";
import { type Own, runSession, type Test } from "../../measure/run_session.ts";
import { summariseWindow } from "../../measure/window/summarise_window.ts";
import type { Visit } from "../../measure/window/visit.ts";
import { MemoryRecorder } from "./memory_recorder.ts";
import { cycleGrowth, runMemoryCycles } from "./memory_cycles.ts";
import { load, noteFailure, restore, unloadAndVerify, whyNoColdStart } from "../../measure/model_cycle.ts";
import type { Session } from "../../measure/session.ts";
import { workerMemory } from "./worker_memory.ts";

const BYTES_PER_MB = 2 ** 20;
/** Length of a phase without load, in which memory settles, ms. */
const SETTLE_MS = 1200;
const SETTLE_QUICK_MS = 400;
/** Length of each loaded phase before the soak, ms. */
const PHASE_MS = 1500;
const PHASE_QUICK_MS = 500;

/** What the phases share. */
interface Run {
  readonly session: Session;
  readonly sampler: MemorySampler;
  readonly recorder: MemoryRecorder;
  readonly options: MemoryOptions;
  readonly concurrency: number;
  readonly batchSizes: readonly number[];
  readonly soakMs: number;
  readonly loadTimeoutMs: number;
  /** What the phases offered. */
  readonly loads: { readonly phase: MemoryPhaseName; readonly visit: Visit }[];
  /** Memory of each worker after the soak, once that is known. */
  workers: readonly WorkerMemory[];
  /** Memory after each cycle of load and unload, bytes, once they ran. */
  afterUnloadBytes: readonly number[];
}

/**
 * What does the model cost in memory, and does the server leak? The memory of the server, never of the client, through
 * the life of a model: absent, loaded, single requests, batches, concurrent requests, a steady soak, unloaded
 * (METHODS 13). The model is left loaded.
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
export const memoryTest: Test<"memory", MemoryOptions> = (target, options, windows) => {
  checkOptions(options);
  return runSession("memory", target, options, windows, async (session) => {
    const sampler = await openSampler(session, options);
    if (isAbsent(sampler)) {
      session.absences["scope"] = sampler.absent;
      const fragmentation = await fragmentationOf(target);
      return () => ({ ...NOTHING_OBSERVED, fragmentation });
    }
    if (sampler.gpuAbsence !== null) session.absences["gpuBytes"] = sampler.gpuAbsence;
    const run: Run = {
      session,
      sampler,
      recorder: new MemoryRecorder(() => session.elapsedMs()),
      options,
      concurrency: options.concurrency ?? defaultOf("concurrency", options, "memory"),
      batchSizes: options.batchSizes ?? defaultOf("batchSizes", options, "memory"),
      soakMs: options.soakMs ?? defaultOf("soakMs", options),
      loadTimeoutMs: options.loadTimeoutMs ?? defaultOf("loadTimeoutMs"),
      loads: [],
      workers: [],
      afterUnloadBytes: [],
    };
    await session.prepare([1, ...inOneRequest(run, run.batchSizes)]);
    await runPhases(run);
    const fragmentation = await fragmentationOf(target);
    return (absences) => summarise(run, fragmentation, absences);
  });
};

const NOTHING_OBSERVED = {
  kind: "memory",
  scope: null,
  baseline: null,
  peak: null,
  modelFootprintBytes: null,
  phases: [],
  growth: null,
  requestsPerMb: null,
  timeline: [],
} as const;

function openSampler({ target, clock }: Session, { pid }: MemoryOptions) {
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

async function runPhases(run: Run): Promise<void> {
  const { session, sampler, recorder } = run;
  const impossible = whyNoColdStart(session);
  let unloaded = false;
  sampler.start(run.options.quick ? 100 : 200, recorder.add);
  try {
    if (impossible === null) {
      unloaded = true;
      await unloadAndVerify(session, run.loadTimeoutMs);
      await settle(run, "absent", 0);
      await load(session, run.loadTimeoutMs);
      // With all the workers that it had, since they are what it costs.
      await session.target.protocol.restore?.(session.target.model, { timeoutMs: run.loadTimeoutMs });
      unloaded = false;
    } else session.absences["baseline"] = impossible;
    await settle(run, "loaded", 0.1);
    await offerLoads(run);
    run.workers = await workerMemory(session.target, sampler.scope);
    if (impossible === null && session.partial === null) {
      unloaded = true;
      await unloadAndVerify(session, run.loadTimeoutMs);
      await settle(run, "unloaded", 0.9);
      await runCycles(run);
    }
  } catch (error) {
    const reason = noteFailure(session, error);
    session.absences[recorder.phases.length === 0 ? "baseline" : "phases"] = reason;
  } finally {
    sampler.stop();
    if (unloaded) await restore(session, run.loadTimeoutMs);
  }
}

async function runCycles(run: Run): Promise<void> {
  const { session, sampler, loadTimeoutMs, options } = run;
  const { cycles = defaultOf("cycles", options) } = options;
  if (cycles === 0) {
    session.absences["cycles"] = "no cycles of load and unload were asked for";
    return;
  }
  sampler.stop();
  const infer = (requests: number) =>
    measureWindow(session, { kind: "closed", concurrency: 1, batchSize: 1 }, {
      durationMs: Infinity,
      minimumMs: 0,
      minimumRequests: 0,
      requests,
    });
  run.afterUnloadBytes = await runMemoryCycles(session, sampler, cycles, infer, loadTimeoutMs);
}

async function settle({ session, sampler, recorder, options }: Run, name: MemoryPhaseName, fraction: number) {
  const { clock, options: { signal } } = session;
  session.progress(name, fraction);
  await recorder.during(name, sampler, () => clock.sleep(options.quick ? SETTLE_QUICK_MS : SETTLE_MS, signal));
  session.progress(name, fraction, figureOf(recorder, name));
}

/** Host memory of a phase that was recorded. */
function figureOf({ phases }: MemoryRecorder, name: MemoryPhaseName): ProgressFigure | undefined {
  const phase = phases.find((phase) => phase.name === name);
  return phase === undefined ? undefined : { label: name, value: phase.cpuBytes / 2 ** 20, unit: "MB" };
}

async function offerLoads(run: Run): Promise<void> {
  const { session, concurrency, batchSizes, soakMs, options } = run;
  const phaseMs = options.quick ? PHASE_QUICK_MS : PHASE_MS;
  const phases: [MemoryPhaseName, number, (name: MemoryPhaseName) => Promise<unknown>][] = [
    ["single", 0.2, (name) => offer(run, name, 1, 1, phaseMs)],
    ["batches", 0.3, async (name) => {
      for (const batchSize of inOneRequest(run, batchSizes)) await offer(run, name, 1, batchSize, phaseMs / 2);
    }],
    ["concurrent", 0.4, (name) => offer(run, name, concurrency, 1, phaseMs)],
    ["soak", 0.5, (name) => offer(run, name, concurrency, 1, soakMs, run.recorder.completed)],
  ];
  for (const [name, fraction, body] of phases) {
    if (session.partial !== null) return;
    session.progress(name, fraction);
    await run.recorder.during(name, run.sampler, () => body(name));
    session.progress(name, fraction, figureOf(run.recorder, name));
  }
}

/** Batch sizes that this model takes in a request. */
function inOneRequest({ session }: Run, batchSizes: readonly number[]): readonly number[] {
  return session.target.description.maxBatchSize === 1 ? [1] : batchSizes;
}

/** A closed loop for a fixed time: memory wants its time, whatever the precision of the rate. */
async function offer(
  { session, loads }: Run,
  phase: MemoryPhaseName,
  concurrency: number,
  batchSize: number,
  durationMs: number,
  onCounted: (requests: number) => void = () => {},
): Promise<void> {
  if (session.partial !== null) return;
  const budget = { durationMs, minimumMs: Infinity, minimumRequests: Infinity };
  const load = { kind: "closed", concurrency, batchSize } as const;
  loads.push({ phase, visit: await measureWindow(session, load, budget, [], { onCounted }) });
}

function summarise(
  { sampler, recorder, loads, workers, afterUnloadBytes }: Run,
  fragmentation: MemoryResult["fragmentation"],
  absences: Record<string, string>,
): Own<MemoryResult> {
  const { phases, timeline } = recorder;
  const point = (name: MemoryPhaseName): MemoryPhase | null => phases.find((phase) => phase.name === name) ?? null;
  const absent = point("absent"), loaded = point("loaded");
  const footprint = absent === null || loaded === null ? null : loaded.cpuBytes - absent.cpuBytes;
  const soaked = timeline.flatMap(({ completedRequests, cpuBytes }) =>
    completedRequests === null ? [] : [{ completedRequests, cpuBytes }]
  );
  const offered = loads.map(({ phase, visit }): PhaseWindow => ({
    phase,
    ...summariseWindow(visit.load, [visit]).window,
  }));
  const rate = offered.find(({ phase }) => phase === "soak")?.requestsPerSecond ?? null;
  const completed = soaked.map(({ completedRequests }) => completedRequests);
  const growth = new Set(completed).size < 2 ? null : growthVerdict(completed, soaked.map(({ cpuBytes }) => cpuBytes));
  const soakRequests = completed.at(-1) ?? 0;
  if (growth === null) absences["growth"] = "no request of the soak was answered between two samples";
  if (footprint !== null && footprint <= 0) {
    absences["requestsPerMb"] = "the footprint is not above 0, within the noise of nothing";
  }
  if (footprint === null) absences["modelFootprintBytes"] ??= "the memory without the model is not known";
  return {
    kind: "memory" as const,
    scope: sampler.scope,
    baseline: absent === null ? null : { cpuBytes: absent.cpuBytes, gpuBytes: absent.gpuBytes },
    peak: peakOf(timeline),
    modelFootprintBytes: footprint,
    phases,
    loads: offered,
    ...(workers.length === 0 ? {} : { workers }),
    growth: growth === null
      ? null
      : { ...growth, requests: soakRequests, requestsNeeded: soakNeeded(growth, soakRequests) },
    cycles: cycleGrowth(afterUnloadBytes, footprint),
    fragmentation,
    requestsPerMb: rate === null || footprint === null || footprint <= 0
      ? null
      : rate.value / (footprint / BYTES_PER_MB),
    timeline,
  };
}

function peakOf(timeline: readonly MemoryPoint[]): MemoryPoint | null {
  if (timeline.length === 0) return null;
  const gpu = timeline.flatMap(({ gpuBytes }) => gpuBytes === null ? [] : [gpuBytes]);
  return {
    cpuBytes: timeline.reduce((most, { cpuBytes }) => Math.max(most, cpuBytes), 0),
    gpuBytes: gpu.length === 0 ? null : Math.max(...gpu),
  };
}
