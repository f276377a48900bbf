import { type Random, seededRandom } from "../../src/core/random.ts";
import { GpuModel } from "./gpu/gpu_model.ts";
import type { MemoryBehaviour, ServerBehaviour } from "./server_behaviour.ts";
import { serviceTimeAt } from "./service_time.ts";

/** What a calibration server did, for the derivation of the truth. */
export interface ServerLog {
  /** Requests answered, failed ones included. */
  requests: number;
  /** Requests answered with a failed item. */
  failed: number;
  /** Loads that did happen. */
  loads: number;
  /** Unloads that did happen. */
  unloads: number;
  /** True load and first inference of each cold start, ms. */
  readonly coldMs: { readonly loadMs: number; readonly firstMs: number }[];
}

/** A request as it arrives. */
export interface ModelArrival {
  /** Ms since the server's start. */
  readonly nowMs: number;
  /** Requests in the server, this one included. */
  readonly outstanding: number;
  /** Items in it. */
  readonly batchSize: number;
  /** Its bytes, where the server has a cache. */
  readonly body?: string;
}

/** What becomes of a request. */
export interface ModelAnswer {
  /** How long it is worked on, ms. */
  readonly serviceMs: number;
  /** Whether one of its items fails. */
  readonly failed: boolean;
  /** What it is told to have taken, ms. */
  readonly toldMs: number;
}

/** What a server tells whose own time is always the same. */
const CONSTANT_TOLD_MS = 5;

/** Turns a {@linkcode ServerBehaviour} into what becomes of each request. It knows no time and no sockets. */
export class ServerModel {
  readonly behaviour: ServerBehaviour;
  readonly log: ServerLog = { requests: 0, failed: 0, loads: 0, unloads: 0, coldMs: [] };
  loaded = true;
  readonly #random: Random;
  #correlated: number;
  #sinceLoad = 0;
  #pendingFirstMs = 0;
  #stalledUntilMs = 0;
  #memoryNoise = 0;
  #isSlow = false;
  #beforeMs = 0;
  readonly #met = new Set<number>();
  readonly #seen = new Set<string>();
  readonly #gpu: GpuModel | null;

  /** @param behaviour What to do. @param seed Of everything random. */
  constructor(behaviour: ServerBehaviour, seed: number) {
    this.behaviour = behaviour;
    this.#random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995);
    this.#correlated = this.#normal();
    const { gpu } = behaviour.memory ?? {};
    // Of its own, so that a GPU changes nothing else.
    this.#gpu = gpu ? new GpuModel(gpu, seededRandom(Math.imul(seed, 0x85ebca6b))) : null;
  }

  /** What becomes of the next request. */
  serve({ nowMs, outstanding, batchSize, body }: ModelArrival): ModelAnswer {
    const { service, autocorrelation = 0, usl, warmUp, driftPerSecond = 0, stall, failureRate = 0 } = this.behaviour;
    const fresh = Math.sqrt(1 - autocorrelation ** 2) * this.#normal();
    this.#correlated = autocorrelation * this.#correlated + fresh;
    const share = warmUp ? Math.min(1, this.#sinceLoad / warmUp.requests) : 1;
    const progress = warmUp?.falls === "at-once" ? Math.floor(share) : share;
    const warming = 1 + ((warmUp?.factor ?? 1) - 1) * (1 - progress);
    this.#sinceLoad++;
    const contention = usl ? 1 + usl.sigma * (outstanding - 1) + usl.kappa * outstanding * (outstanding - 1) : 1;
    const drift = 1 + driftPerSecond * nowMs / 1000;
    const coldMs = this.#pendingFirstMs;
    this.#pendingFirstMs = 0;
    const ownMs = serviceTimeAt(service, this.#correlated) * batchCost(this.behaviour, batchSize) * contention * drift;
    const failed = this.#random() < failureRate;
    const { slowRuns } = this.behaviour;
    if (slowRuns && this.#random() < 1 / slowRuns.requests) this.#isSlow = !this.#isSlow;
    const run = slowRuns && this.#isSlow ? slowRuns.factor : 1;
    if (this.log.requests === stall?.atRequest) this.#stalledUntilMs = nowMs + stall.durationMs;
    this.log.requests++;
    this.#gpu?.serve();
    if (failed) this.log.failed++;
    const workedMs = ownMs * run * warming * this.#placeFactor() + coldMs + this.#processMs();
    const serviceMs = this.#cachedMs(body) ?? workedMs + Math.max(0, this.#stalledUntilMs - nowMs);
    return { serviceMs, failed, toldMs: this.#toldMs(serviceMs) };
  }

  /** How many times as long the request takes that was just counted, by its number. */
  #placeFactor(): number {
    const { shift, replicas } = this.behaviour;
    const index = this.log.requests - 1;
    return (shift && index >= shift.atRequest ? shift.factor : 1) *
      (replicas && index % replicas.count === 0 ? replicas.factor : 1);
  }

  /** What the first request of a process takes longer. */
  #processMs(): number {
    const { processes } = this.behaviour;
    if (!processes) return 0;
    const process = Math.floor(this.#random() * processes.count);
    if (this.#met.has(process)) return 0;
    this.#met.add(process);
    return processes.firstMs;
  }

  #cachedMs(body: string | undefined): number | null {
    const { cacheHitMs } = this.behaviour;
    if (cacheHitMs === undefined || cacheHitMs === null || body === undefined) return null;
    if (this.#seen.has(body)) return cacheHitMs;
    this.#seen.add(body);
    return null;
  }

  #toldMs(serviceMs: number): number {
    const before = this.#beforeMs;
    this.#beforeMs = serviceMs;
    switch (this.behaviour.tells) {
      case "too-much":
        return 3 * serviceMs;
      case "constant":
        return CONSTANT_TOLD_MS;
      case "another":
        return before;
    }
    return serviceMs;
  }

  /** Begins a load; returns how long it takes, ms. */
  load(): number {
    const { cold } = this.behaviour;
    if (this.loaded) return 0;
    this.loaded = true;
    this.#sinceLoad = 0;
    this.log.loads++;
    const draw = (meanMs: number) =>
      serviceTimeAt({ kind: cold?.kind ?? "lognormal", meanMs, variation: cold?.variation ?? 0 }, this.#normal());
    const loadMs = draw(cold?.loadMs ?? 0) + (this.log.loads === 1 ? cold?.onceMs ?? 0 : 0);
    this.#pendingFirstMs = draw(cold?.firstMs ?? 0);
    this.log.coldMs.push({ loadMs, firstMs: this.#pendingFirstMs });
    return loadMs;
  }

  /** Unloads, if the server is honest. */
  unload(): void {
    if (this.behaviour.honestUnload === false) return;
    this.loaded = false;
    this.log.unloads++;
  }

  /** Resident memory now, bytes; `null` if the server does not report it. */
  residentBytes(): number | null {
    const { memory } = this.behaviour;
    if (!memory) return null;
    const heapBytes = memory.leakBytes * this.log.requests + cachedBytes(memory, this.log.requests) +
      garbageBytes(memory, this.log.requests);
    const step = memory.stepBytes ?? 4096;
    this.#memoryNoise = 0.8 * this.#memoryNoise + 0.6 * this.#normal();
    return Math.round(
      memory.baseBytes + (this.loaded ? memory.modelBytes : 0) + Math.ceil(heapBytes / step) * step +
        this.#memoryNoise * (memory.noiseBytes ?? 0),
    );
  }

  /** What the allocator of its GPU counts; `null` without one. */
  gpuMemory(): ReturnType<GpuModel["read"]> | null {
    return this.#gpu?.read(this.loaded) ?? null;
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
  }
}

/** How much longer a batch takes than one item. */
export function batchCost({ batchFixedItems, largestBatch }: ServerBehaviour, batchSize: number): number {
  const fixed = batchFixedItems ?? null;
  const cost = (size: number) => fixed === null ? 1 : (fixed + size) / (fixed + 1);
  if (!largestBatch || batchSize <= largestBatch) return cost(batchSize);
  const rest = batchSize % largestBatch;
  return Math.floor(batchSize / largestBatch) * cost(largestBatch) + (rest === 0 ? 0 : cost(rest));
}

/** What a cache holds after so many requests, bytes. */
export function cachedBytes({ cacheBytes = 0, cacheRequests = 1 }: MemoryBehaviour, requests: number): number {
  return cacheBytes * -Math.expm1(-requests / cacheRequests);
}

function garbageBytes({ garbageBytes = 0, garbageLimitBytes = 2 ** 25 }: MemoryBehaviour, requests: number): number {
  return garbageBytes * requests % garbageLimitBytes;
}
