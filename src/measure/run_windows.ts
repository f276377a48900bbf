import type { RunRequests } from "../load/requests/run_requests.ts";
import type { ServerHold } from "../load/server/server_hold.ts";
import { type GpuObserver, noGpu } from "../observe/gpu/gpu_observer.ts";
import type { ResultKind } from "../results/kinds.ts";
import { type Load, loadKey } from "../results/window/load.ts";
import type { LevelShift } from "../results/window/level_shift.ts";
import type { CeilingRate } from "./ceiling_rate.ts";
import type { SampleLog } from "./sample_log.ts";
import type { Visit } from "./window/visit.ts";
import { windowOf } from "./window/sample_window.ts";

/**
 * The windows of one run on one server: a load that several tests need is visited by each of them, spread over the run, and
 * every test reads its figures from all visits.
 */
export class RunWindows {
  /** What the client can do at most, by batch size; `null` where that cannot be known. */
  readonly ceilings = new Map<number, CeilingRate | null>();
  /** What the run sends, once its first test has begun: no two requests of it are the same. */
  requests: RunRequests | null = null;
  /** Times for which the server asked to be left alone, where that is heeded. */
  hold: ServerHold | undefined;
  /** Looks at the GPUs of the server all along; whoever began that ends it. */
  gpu: GpuObserver;
  /** Ms since the run began, when this part of it did: more than 0 where it goes on after it broke off. */
  readonly beganMs: number;
  readonly #startedAtMs: number;
  readonly #visits = new Map<string, Visit[]>();
  /** Visits that were left out as the server was not warm yet, until the load has been measured again. */
  readonly #cold = new Map<string, readonly Visit[]>();
  #loadedAtMs = 0;
  /** Why the model is not to be unloaded, `null` if it may be; `undefined` until that was found out. */
  noUnload: string | null | undefined;
  /** Why the model, which this run unloaded, is not there again; `null` where it is. */
  modelLost: string | null = null;
  /** Whether nobody saw that the model, which this run unloaded, is there again. */
  isModelUnsure = false;
  /** The longest that a load of the model took, ms. */
  longestLoadMs = 0;
  /** Whether client and server have run in, or need not. */
  isWarm = false;
  /** What stood out to threads that send beside this one, one sentence each. */
  readonly notes = new Set<string>();
  /** Requests sent so far, those of warm-ups included. */
  sent = 0;
  /** Visits made once more since the server was still warming up inside of them. */
  repeats = 0;
  #lastCold = 0;
  #firstWarm = Infinity;

  /**
   * Windows of a run that begins.
   *
   * @param startedAtMs When it began, by the clock of its tests.
   * @param gpu Looks at the GPUs of the server. @default {nobody does}
   * @param beganMs How long before that the run had begun, ms, where it goes on. @default {0}
   */
  constructor(startedAtMs: number, gpu: GpuObserver = noGpu(), beganMs: number = 0) {
    this.beganMs = beganMs;
    this.#startedAtMs = startedAtMs - beganMs;
    this.gpu = gpu;
  }

  /**
   * Ms since the run began.
   *
   * @param nowMs By the clock of its tests.
   */
  since(nowMs: number): number {
    return nowMs - this.#startedAtMs;
  }

  /**
   * Takes note that the model was loaded anew: what it had compiled and allocated for a load is gone.
   *
   * @param nowMs By the clock of its tests.
   */
  modelLoaded(nowMs: number): void {
    this.#loadedAtMs = this.since(nowMs);
  }

  /**
   * Whether the model, as it is loaded, has met a load before.
   *
   * @param load What is offered.
   */
  isFamiliar(load: Load): boolean {
    return this.of(load).some(({ atMs }) => atMs >= this.#loadedAtMs);
  }

  /**
   * The visits of a load so far.
   *
   * @param load What is offered.
   * @param reader The test that reads its figures from them: visits in which another one was interrupted or lost the server are
   *     no part of it, and those that were left out are, as long as the load was not measured again.
   * @returns In the order in which they ran.
   */
  of(load: Load, reader?: ResultKind): readonly Visit[] {
    const visits = this.#visits.get(loadKey(load)) ?? [];
    if (reader === undefined) return visits;
    const all = [...this.#cold.get(loadKey(load)) ?? [], ...visits];
    return all.filter(({ by, run }) => by === reader || (run.lost === null && run.endReason !== "interrupted"));
  }

  /**
   * Whether a load has nothing but visits that were left out: it was not measured again.
   *
   * @param load What was offered.
   */
  isCold(load: Load): boolean {
    return this.#cold.has(loadKey(load));
  }

  /** Whether no load was visited yet. */
  get isEmpty(): boolean {
    return this.#visits.size === 0;
  }

  /** Whether the server was seen to be warming up. */
  get wasCold(): boolean {
    return this.#lastCold > 0;
  }

  /**
   * Takes note that the server was still warming up.
   *
   * @param shift The last request seen to be of that time, and the first that was not.
   */
  warmedUp({ lastBefore, firstAfter }: Pick<LevelShift, "lastBefore" | "firstAfter">): void {
    this.#lastCold = Math.max(this.#lastCold, lastBefore);
    this.#firstWarm = Math.min(this.#firstWarm, firstAfter);
  }

  /**
   * Leaves out the visits of a load that began before the server was seen to be warm, as soon as there is another.
   *
   * @param load What was offered.
   * @param log Is told which of them count no longer.
   */
  dropCold(load: Load, log?: SampleLog): void {
    if (!this.wasCold) return;
    const from = Math.max(this.#lastCold, this.#firstWarm - 1);
    const isWarm = ({ requestsBefore = 0, run }: Visit) => requestsBefore + run.windowFrom >= from;
    const key = loadKey(load), visits = this.of(load), warm = visits.filter(isWarm);
    if (warm.length === visits.length) return;
    this.#visits.set(key, warm);
    const cold = visits.filter((visit) => !isWarm(visit));
    if (warm.some(hasSucceeded)) leftOut(cold, log);
    else this.#cold.set(key, [...this.#cold.get(key) ?? [], ...cold]);
  }

  /**
   * Adds a visit to its load.
   *
   * @param visit What was measured.
   * @param log Is told that it counts, and what no longer does.
   */
  add(visit: Visit, log?: SampleLog): void {
    const key = loadKey(visit.load);
    const visits = this.#visits.get(key);
    if (visits === undefined) this.#visits.set(key, [visit]);
    else visits.push(visit);
    log?.counts?.(visit, true);
    if (!hasSucceeded(visit)) return;
    leftOut(this.#cold.get(key) ?? [], log);
    this.#cold.delete(key);
  }
}

function leftOut(visits: readonly Visit[], log: SampleLog | undefined): void {
  for (const visit of visits) log?.counts?.(visit, false);
}

/** Whether a visit measured anything. */
function hasSucceeded({ run }: Visit): boolean {
  return windowOf(run).some(({ samples, indices }) => indices.some((i) => samples.succeeded(i)));
}
