import type { Clock } from "../../core/clock.ts";
import type { Target } from "../../core/target.ts";
import type { Onlooker, Session } from "../../measure/session.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import type { MemoryOptions } from "../../measure/settings/options.ts";
import { isAbsent } from "../../observe/absent.ts";
import type { ResultKind } from "../../results/kinds.ts";
import type { MemoryPhaseName, MemoryPoint } from "../../results/kinds/memory.ts";
import { readAfterUnload } from "./memory_cycles.ts";
import { seeLoaded } from "./memory_phases.ts";
import { type MemoryRun, newRun, openSampler } from "./memory_run.ts";

/** Whose loads are those of a phase. */
const PHASE_OF: { readonly [K in ResultKind]?: MemoryPhaseName } = {
  latency: "single",
  throughput: "batches",
  scalability: "concurrent",
};

/** A reading is followed by so many times its own length without one, as method 13 allows a tenth of the time. */
const REST = 9;

/**
 * Watches the server's memory while the other tests of a run load it, so that the memory test need not load it again
 * (method 13): a reading falls between the warm-up of a load and its window, under the load and outside of what counts.
 */
export class MemoryWatch implements Onlooker, AsyncDisposable {
  /** What was seen so far. */
  readonly run: MemoryRun;
  readonly #clock: Clock;
  readonly #afterUnload: MemoryPoint[] = [];
  #restsUntilMs = 0;

  /** @param run Takes what is seen. @param clock Source of time. */
  constructor(run: MemoryRun, clock: Clock) {
    this.run = run;
    this.#clock = clock;
  }

  /** Part of {@linkcode Onlooker}. */
  async underLoad(by: ResultKind): Promise<void> {
    const { recorder, sampler } = this.run;
    const phase = PHASE_OF[by];
    const startMs = this.#clock.now();
    // What came before the model was seen to be absent and loaded belongs to another life of it.
    if (phase === undefined || !recorder.has("loaded") || startMs < this.#restsUntilMs) return;
    const point = await sampler.sample().catch(() => null);
    const endMs = this.#clock.now();
    this.#restsUntilMs = endMs + REST * (endMs - startMs);
    if (point !== null) recorder.look(phase, point);
  }

  /** Part of {@linkcode Onlooker}. */
  async gone(session: Session): Promise<void> {
    if (this.#cycles === 0) return;
    const point = await readAfterUnload(session, this.run.sampler).catch(() => null);
    if (point !== null) this.#afterUnload.push(point);
  }

  /** Part of {@linkcode Onlooker}. */
  async afterColdStarts(session: Session): Promise<void> {
    await seeLoaded(session, this.run);
    const absent = this.run.recorder.phases.find(({ name }) => name === "absent");
    if (absent === undefined || this.#cycles === 0) return;
    // Each cold start was a cycle of load, inferences and unload. The first is not counted: allocators take their first share.
    const after = [...this.#afterUnload.slice(1), absent];
    if (after.length >= this.#cycles) this.run.afterUnload = after.slice(-this.#cycles);
  }

  /** Frees what reads the memory. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.run.sampler[Symbol.asyncDispose]();
  }

  get #cycles(): number {
    return this.run.options.cycles ?? defaultOf("cycles", this.run.options);
  }
}

/**
 * Begins to watch a server's memory.
 *
 * @param target The model that is measured.
 * @param options Those of the memory test.
 * @param clock Source of time.
 * @returns The watch, which is to be disposed of; `null` where its memory cannot be read.
 */
export async function watchMemory(
  target: Target,
  options: MemoryOptions,
  clock: Clock,
): Promise<MemoryWatch | null> {
  const sampler = await openSampler({ target, clock }, options);
  if (isAbsent(sampler)) return null;
  let originMs: number | null = null;
  // The test begins with its first reading, which is later than the run.
  const elapsedMs = () => clock.now() - (originMs ??= clock.now());
  return new MemoryWatch(newRun(sampler, options, elapsedMs), clock);
}
