import type { RunRequests } from "../load/run_requests.ts";
import { type GpuObserver, noGpu } from "../observe/gpu/gpu_watch.ts";
import { type Load, loadKey } from "../results/window/load.ts";
import type { CeilingRate } from "./ceiling_rate.ts";
import type { Visit } from "./window/visit.ts";

/**
 * The windows of one run on one server: a load that several tests need is visited by each of them, spread over the run, and
 * every test reads its figures from all visits.
 */
export class RunWindows {
  /** What the client can do at most, by batch size; `null` where that cannot be known. */
  readonly ceilings = new Map<number, CeilingRate | null>();
  /** What the run sends, once its first test has begun: no two requests of it are the same. */
  requests: RunRequests | null = null;
  /** Looks at the GPUs of the server all along; whoever began that ends it. */
  gpu: GpuObserver;
  readonly #startedAtMs: number;
  readonly #visits = new Map<string, Visit[]>();
  #loadedAtMs = 0;
  /** Why the model is not to be unloaded, `null` if it may be; `undefined` until that was found out. */
  noUnload: string | null | undefined;
  /** Why the model, which this run unloaded, is not there again; `null` where it is. */
  modelLost: string | null = null;
  /** Whether client and server have run in, or need not. */
  isWarm = false;

  /**
   * Windows of a run that begins.
   *
   * @param startedAtMs When it began, by the clock of its tests.
   * @param gpu Looks at the GPUs of the server. @default {nobody does}
   */
  constructor(startedAtMs: number, gpu: GpuObserver = noGpu()) {
    this.#startedAtMs = startedAtMs;
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
   * @returns In the order in which they ran.
   */
  of(load: Load): readonly Visit[] {
    return this.#visits.get(loadKey(load)) ?? [];
  }

  /**
   * Adds a visit to its load.
   *
   * @param visit What was measured.
   */
  add(visit: Visit): void {
    const key = loadKey(visit.load);
    const visits = this.#visits.get(key);
    if (visits === undefined) this.#visits.set(key, [visit]);
    else visits.push(visit);
  }
}
