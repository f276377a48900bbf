import type { FailureReason } from "../../core/outcome.ts";
import { SampleTable } from "../../core/sample.ts";
import { KEPT_SAMPLES, type SampleFold } from "../../load/samples/sample_store.ts";
import type { Objective } from "../../results/objective.ts";
import { type LatencyOrigin, type RequestField, requestMetricsOf } from "../../results/window/request_metrics.ts";
import { isRefusedServerTime } from "../../results/window/refused_server_times.ts";
import { GroupedEvents } from "../../stats/grouped/grouped_events.ts";
import { GroupedObservations } from "../../stats/grouped/grouped_observations.ts";
import { GoodputSeries } from "../goodput/goodput_series.ts";
import { SlicesInTime } from "./in_time/slices_in_time.ts";
import { SlowestInTime } from "./in_time/slowest_in_time.ts";

/** What a fold holds. */
export interface FoldOptions {
  /** What each request is held against. @default {nothing} */
  readonly limits?: readonly Objective[] | undefined;
  /** Metrics to collect. @default {all} */
  readonly only?: readonly RequestField[] | undefined;
  /** What will be put behind it: its groups begin as large. @default {nothing} */
  readonly later?: WindowFold | undefined;
}

/**
 * What is known of the samples of a window that are not kept: counts exactly, times grouped. One of an open loop takes
 * them in the order in which they ended, not that in which they were due.
 */
export class WindowFold implements SampleFold {
  /** Successes. */
  succeeded: number = 0;
  /** Failures by their reason. */
  readonly failuresByReason: Partial<Record<FailureReason, number>> = {};
  /** Failures. */
  failed: number = 0;
  /** What kept the limits that each request was held against; `null` where there were none. */
  readonly goodput: GoodputSeries | null;
  /** Server times that cannot be. */
  refusedServerTimes: number = 0;
  /** Moments at which successes ended inside the window. */
  ended: GroupedEvents = new GroupedEvents();
  /** Latency over time. */
  readonly slowest: SlowestInTime = new SlowestInTime();
  /** What happened over time, on the clock of the run. */
  readonly slices: SlicesInTime = new SlicesInTime();
  /** When each request was sent that is not kept and was outstanding as the first such ended; none of an open loop. */
  readonly outstandingSince: number[] = [];
  /** Whether its run is over: then nothing more comes. */
  isOver: boolean = false;
  readonly #origin: LatencyOrigin;
  readonly #read;
  readonly #metrics = new Map<RequestField, GroupedObservations>();
  readonly #later: WindowFold | undefined;
  /** What has failed since the last success: should the server turn out to be gone, what was sent to it since is not counted. */
  readonly #failing = new SampleTable();
  #firstEndedMs: number | null = null;

  /**
   * @param origin Where the latency of the window begins.
   * @param options What it holds.
   */
  constructor(origin: LatencyOrigin, { limits = [], only, later }: FoldOptions = {}) {
    this.#origin = origin;
    this.#later = later;
    this.goodput = limits.length === 0 ? null : new GoodputSeries(limits, origin);
    const wanted = requestMetricsOf(origin).filter(({ field }) => only?.includes(field) ?? true);
    this.#read = wanted.map(({ field, read, streamedOnly }) => ({ field, read, streamedOnly: streamedOnly === true }));
    for (const { field, streamedOnly } of this.#read) {
      // Groups take memory, and most answers are not streamed.
      if (!streamedOnly) this.#observations(field);
    }
  }

  /** Each metric of the successes that have it. */
  get metrics(): ReadonlyMap<RequestField, GroupedObservations> {
    return this.#metrics;
  }

  /** Part of {@linkcode SampleFold}. */
  fold(samples: SampleTable, windowStartMs: number, inside: boolean): void {
    const open = this.#origin === "due";
    if (samples.length > 0) this.#firstEndedMs ??= samples.endedAt(0);
    for (let i = 0; i < samples.length; i++) {
      if (!open && samples.sentAt(i) < this.#firstEndedMs!) this.outstandingSince.push(samples.sentAt(i));
      if (inside && samples.succeeded(i)) {
        this.ended.add(samples.endedAt(i));
        this.slices.succeeded(samples.endedAt(i));
      }
      if (samples.succeeded(i)) this.settle();
      if (open ? samples.scheduledAt(i) < windowStartMs : !inside) continue;
      if (samples.succeeded(i)) this.#count(samples, i);
      else this.#failing.record(samples.row(i));
    }
    // A server that goes on to fail is there.
    if (this.#failing.length >= KEPT_SAMPLES) this.settle();
  }

  /**
   * Counts what has failed since the last success, which is known to count once another one comes or the run is over.
   *
   * @param lostMs When the server was lost: what was sent to it later, of an open loop what was due, is dropped. @default {never}
   */
  settle(lostMs: number = Infinity): void {
    const failing = this.#failing;
    for (let i = 0; i < failing.length; i++) {
      const beganMs = this.#origin === "due" ? failing.scheduledAt(i) : failing.sentAt(i);
      if (beganMs <= lostMs) this.#count(failing, i);
    }
    failing.clear();
  }

  #count(samples: SampleTable, i: number): void {
    this.add(samples, i);
    this.slices.add(samples, i, this.#origin);
  }

  /**
   * Takes in a sample that counts, but for its end.
   *
   * @param samples Where it stands.
   * @param i Which.
   */
  add(samples: SampleTable, i: number): void {
    this.goodput?.add(samples, i, samples.endedAt(i));
    if (!samples.succeeded(i)) {
      const outcome = samples.outcome(i);
      if (outcome.kind !== "failure") return;
      this.failuresByReason[outcome.reason] = (this.failuresByReason[outcome.reason] ?? 0) + 1;
      this.failed++;
      return;
    }
    this.succeeded++;
    if (isRefusedServerTime(samples, i)) this.refusedServerTimes++;
    for (const { field, read } of this.#read) {
      const value = read(samples, i, this.#origin);
      if (Number.isNaN(value)) continue;
      this.#observations(field).add(value);
      if (field !== "latencyMs") continue;
      this.slowest.add(this.#origin === "due" ? samples.scheduledAt(i) : samples.endedAt(i), value);
    }
  }

  /**
   * Adds what came after on a clock of its own: all but latencies over time.
   *
   * @param later Is not changed.
   */
  append(later: WindowFold): void {
    this.#addCounts(later);
    this.ended.append(later.ended);
    for (const [field, of] of later.metrics) {
      if (this.#isWanted(field)) this.#observations(field).append(of);
    }
  }

  /**
   * Adds what came after on the same clock. Groups take memory: those of `later` become those of this one.
   *
   * @param later Its metrics and its ends are those of both from then on.
   */
  takeOver(later: WindowFold): void {
    this.#addCounts(later);
    this.slowest.append(later.slowest, 0);
    later.ended.prepend(this.ended);
    this.ended = later.ended;
    for (const [field, of] of later.metrics) {
      const own = this.#metrics.get(field);
      if (own !== undefined) of.prepend(own);
      this.#metrics.set(field, of);
    }
  }

  #addCounts(later: WindowFold): void {
    this.succeeded += later.succeeded;
    this.failed += later.failed;
    this.refusedServerTimes += later.refusedServerTimes;
    for (const [reason, failures] of Object.entries(later.failuresByReason) as [FailureReason, number][]) {
      this.failuresByReason[reason] = (this.failuresByReason[reason] ?? 0) + failures;
    }
  }

  #observations(field: RequestField): GroupedObservations {
    let found = this.#metrics.get(field);
    if (found === undefined) {
      found = new GroupedObservations(this.#later?.metrics.get(field)?.size);
      this.#metrics.set(field, found);
    }
    return found;
  }

  #isWanted(wanted: RequestField): boolean {
    return this.#read.some(({ field }) => field === wanted);
  }
}
