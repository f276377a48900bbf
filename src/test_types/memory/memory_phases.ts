import { takenSizes } from "../../measure/batching.ts";
import { loadToAnswer, noteFailure, restore, unloadAndVerify, whyNoColdStart } from "../../measure/model_cycle.ts";
import type { Session } from "../../measure/session.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import { unlikeItems } from "../../measure/unlike_items.ts";
import { summariseWindow } from "../../measure/window/summarise_window.ts";
import type { Visit } from "../../measure/window/visit.ts";
import { measureWindow } from "../../measure/window/measure_window.ts";
import type { MemoryPhaseName } from "../../results/kinds/memory.ts";
import { isUsable } from "../../results/window/usable.ts";
import type { ProgressFigure } from "../../results/progress.ts";
import { GROWTH_FLOOR_BYTES } from "../../stats/trend/growth_verdict.ts";
import { runMemoryCycles } from "./memory_cycles.ts";
import type { MemoryRecorder } from "./memory_recorder.ts";
import type { MemoryRun } from "./memory_run.ts";
import { standingDoubt } from "./soak_doubt.ts";
import { workInSoak, worksNow } from "./work_elsewhere.ts";
import { workerMemory } from "./worker_memory.ts";

/** Length of a phase without load, in which memory settles, ms. */
const SETTLE_MS = 1200;
const SETTLE_QUICK_MS = 400;
/** Length of each loaded phase before the soak, ms. */
const PHASE_MS = 1500;
const PHASE_QUICK_MS = 200;
/** Time between two samples, ms. */
const INTERVAL_MS = 200;
const INTERVAL_QUICK_MS = 100;
/** The same where there is a GPU: activations hide its growth from few samples. */
const INTERVAL_GPU_MS = 50;

/**
 * What has yet to run of the phases: absent, loaded, the loads, and unloaded with the cycles. The model is left loaded.
 *
 * @param session The test.
 * @param run Its phases, some of which may have run.
 */
export async function runPhases(session: Session, run: MemoryRun): Promise<void> {
  if (!run.recorder.has("loaded")) await seeLoaded(session, run);
  // One that stayed when it was unloaded is there all the same.
  const stayed = typeof session.windows.noUnload === "string" && session.partial === null;
  if (stayed && !run.recorder.has("loaded")) await seeLoaded(session, run);
  if (session.partial !== null) return;
  await whileSampled(session, run, async (unload) => {
    await offerLoads(session, run);
    if (session.partial !== null) return;
    run.workers = await workerMemory(session.target, run.sampler.scope);
    if (await whyNoColdStart(session, run.options) !== null) return;
    await unload();
    await settle(session, run, "unloaded", 0.9);
    if (run.afterUnload.length === 0) await runCycles(session, run);
  });
}

/**
 * The phases absent and loaded: the model is unloaded and loaded again, and memory settles after each.
 *
 * @param session The test.
 * @param run Its phases.
 */
export async function seeLoaded(session: Session, run: MemoryRun): Promise<void> {
  const timeoutMs = loadTimeoutOf(run);
  await whileSampled(session, run, async (unload, loaded) => {
    const impossible = await whyNoColdStart(session, run.options);
    if (impossible === null) {
      await unload();
      await settle(session, run, "absent", 0);
      await loadToAnswer(session, timeoutMs);
      // With all the workers that it had, since they are what it costs.
      await session.target.protocol.restore?.(session.target.model, { loadTimeoutMs: timeoutMs });
      loaded();
    } else run.absences["baseline"] = impossible;
    await settle(session, run, "loaded", 0.1);
  });
}

/** Samples while `body` runs, notes why it failed, and gives the model back where it left the server without. */
async function whileSampled(
  session: Session,
  run: MemoryRun,
  body: (unload: () => Promise<void>, loaded: () => void) => Promise<void>,
): Promise<void> {
  const { sampler, recorder, options, absences } = run;
  let isUnloaded = false;
  const unload = async () => {
    isUnloaded = true;
    await unloadAndVerify(session, loadTimeoutOf(run));
  };
  const intervalMs = options.quick ? INTERVAL_QUICK_MS : INTERVAL_MS;
  sampler.start(sampler.scope.gpuSource === null ? intervalMs : INTERVAL_GPU_MS, recorder.add);
  try {
    await body(unload, () => isUnloaded = false);
  } catch (error) {
    const reason = await noteFailure(session, error);
    absences[recorder.phases.length === 0 ? "baseline" : "phases"] = reason;
  } finally {
    sampler.stop();
    if (isUnloaded) await restore(session, loadTimeoutOf(run));
  }
}

function loadTimeoutOf({ options: { loadTimeoutMs = defaultOf("loadTimeoutMs") } }: MemoryRun): number {
  return loadTimeoutMs;
}

async function runCycles(session: Session, run: MemoryRun): Promise<void> {
  const { sampler, options, absences } = run;
  const { cycles = defaultOf("cycles", options) } = options;
  if (cycles === 0) {
    absences["cycles"] = "no cycles of load and unload were asked for";
    return;
  }
  sampler.stop();
  const load = { kind: "closed", concurrency: 1, batchSize: batchSizeOf(run) } as const;
  const visits: Visit[] = [];
  // Of the cycles that ran to their end: what cut the last one short tells nothing of those before.
  let whole: readonly Visit[] = [];
  const infer = async (requests: number) => {
    const budget = { durationMs: Infinity, minimumMs: 0, minimumRequests: 0, requests };
    visits.push(await measureWindow(session, load, budget));
  };
  try {
    await runMemoryCycles(session, sampler, cycles, infer, loadTimeoutOf(run), (point) => {
      run.afterUnload = [...run.afterUnload, point];
      whole = [...visits];
    });
  } finally {
    const { window } = summariseWindow(load, whole);
    if (window.requests > 0 && !isUsable(window)) {
      absences["cycles"] = `${window.failed} of the ${window.requests} requests of the cycles failed`;
      run.afterUnload = [];
    }
  }
}

async function settle(
  session: Session,
  { sampler, recorder, options }: MemoryRun,
  name: MemoryPhaseName,
  fraction: number,
) {
  const { clock, options: { signal } } = session;
  session.progress(name, fraction);
  await recorder.during(name, sampler, () => clock.sleep(options.quick ? SETTLE_QUICK_MS : SETTLE_MS, signal));
  session.progress(name, fraction, figureOf(recorder, name));
}

/** Memory of a phase that was recorded: of the GPU where there is one. */
function figureOf({ phases }: MemoryRecorder, name: MemoryPhaseName): ProgressFigure | undefined {
  const phase = phases.find((phase) => phase.name === name);
  return phase === undefined
    ? undefined
    : { label: name, value: (phase.gpuBytes || phase.cpuBytes) / 2 ** 20, unit: "MiB" };
}

/** The phases under load; one that was watched while other tests of the run offered its loads is not run again. */
async function offerLoads(session: Session, run: MemoryRun): Promise<void> {
  const { options, recorder, sampler } = run;
  const concurrency = options.concurrency ?? defaultOf("concurrency", options, "memory");
  const soakMs = options.soakMs ?? defaultOf("soakMs", options);
  const phaseMs = options.quick ? PHASE_QUICK_MS : PHASE_MS;
  const batchSize = batchSizeOf(run);
  const phases: [MemoryPhaseName, number, (name: MemoryPhaseName) => Promise<unknown>][] = [
    ["single", 0.2, (name) => offer(session, run, name, 1, batchSize, phaseMs)],
    ["batches", 0.3, async (name) => {
      for (const size of batchSizesOf(session, run)) await offer(session, run, name, 1, size, phaseMs / 2);
    }],
    ["concurrent", 0.4, (name) => offer(session, run, name, concurrency, batchSize, phaseMs)],
  ];
  run.device = await sampler.readDevice?.() ?? null;
  for (const [name, fraction, body] of phases) {
    if (session.partial !== null) return;
    if (recorder.has(name)) continue;
    session.progress(name, fraction);
    await recorder.during(name, sampler, () => body(name));
    session.progress(name, fraction, figureOf(recorder, name));
  }
  if (session.partial === null) {
    const offerSoak = () => offer(session, run, "soak", concurrency, batchSize, soakMs, recorder.completed);
    await soak(session, run, offerSoak);
  }
}

/** The steady load, and what the processes did in it: it says nothing of a growth where one of them ended. */
async function soak(session: Session, run: MemoryRun, offerSoak: () => Promise<void>): Promise<void> {
  const { recorder, sampler } = run;
  session.progress("soak", 0.5);
  const before = await worksNow(session, run);
  const heldBefore = await sampler.readEach?.() ?? null;
  const beganMs = session.elapsedMs();
  if (heldBefore !== null) run.doubt = "a process of the server ended in the soak";
  await recorder.during("soak", sampler, offerSoak);
  const heldAfter = await sampler.readEach?.() ?? null;
  if (heldBefore === null || heldAfter === null || !hasEnded(heldBefore, heldAfter)) run.doubt = null;
  run.standing = standingDoubt(sampler.refreshMs, session.elapsedMs() - beganMs, readInSoak(recorder));
  run.device = await sampler.readDevice?.() ?? null;
  session.progress("soak", 0.5, figureOf(recorder, "soak"));
  const after = before === null || session.partial !== null ? null : await worksNow(session, run);
  if (before !== null && after !== null) run.work = await workInSoak(session, run, before, after);
}

/** Whether a process ended whose memory could hide a growth, or be taken for one where another came for it. */
function hasEnded(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): boolean {
  return [...before].some(([pid, bytes]) => bytes >= GROWTH_FLOOR_BYTES && !after.has(pid));
}

function readInSoak({ timeline }: MemoryRecorder): readonly number[] {
  return timeline.flatMap(({ completedRequests, cpuBytes }) => completedRequests === null ? [] : [cpuBytes]);
}

/**
 * Batch sizes of the phase of batches, as far as the model takes them in a request.
 *
 * @param session The test.
 * @param run Its phases.
 */
export function batchSizesOf({ target }: Session, { options }: MemoryRun): readonly number[] {
  const { batchSizes = defaultOf("batchSizes", options, "memory") } = options;
  const { description } = target;
  return unlikeItems(description) !== null ? [1] : takenSizes(description, batchSizes);
}

/**
 * Items per request of all other phases.
 *
 * @param run Its phases.
 */
export function batchSizeOf({ options: { batchSize = defaultOf("batchSize") } }: Pick<MemoryRun, "options">): number {
  return batchSize;
}

/** A closed loop for a fixed time: memory wants its time, whatever the precision of the rate. */
async function offer(
  session: Session,
  { loads }: MemoryRun,
  phase: MemoryPhaseName,
  concurrency: number,
  batchSize: number,
  durationMs: number,
  onSucceeded: (requests: number) => void = () => {},
): Promise<void> {
  if (session.partial !== null) return;
  const budget = { durationMs, minimumMs: Infinity, minimumRequests: Infinity };
  const load = { kind: "closed", concurrency, batchSize } as const;
  loads.push({ phase, visit: await measureWindow(session, load, budget, [], { onSucceeded }) });
}
