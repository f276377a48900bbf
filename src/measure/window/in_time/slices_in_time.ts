import type { SampleTable } from "../../../core/sample.ts";
import { type LatencyOrigin, requestMetricsOf } from "../../../results/window/request_metrics.ts";
import type { VisitSlices } from "../../../results/window/visit_slices.ts";
import { bucketOf, lowestOf } from "../../../stats/grouped/value_histogram.ts";

/** Length that slices begin with, ms: it divides a second, and so does each power of two of it or the other way round. */
const FIRST_MS = 125;
/** Where a run has more, neighbours are joined. */
const MOST = 128;
/** Neighbours are joined until a slice has so many requests on average: fewer show nothing but chance. */
const LEAST_REQUESTS = 8;
/** Bits of the mantissa by which latencies are told apart: sizes of 0.8 %, of which the middle is taken. */
const SIZE_BITS = 7;
const SIZES = 2 ** SIZE_BITS;

const LATENCY = requestMetricsOf("sent").find(({ field }) => field === "latencyMs")!;

/** Charts show no more digits, and files stay small. */
const rounded = (durationMs: number) => Math.round(1000 * durationMs) / 1000;

/**
 * What happened in a run over time, in slices of one length from its beginning on, in memory that does not grow with its
 * length: when they are too many, neighbours are joined. Latencies are known within 0.4 %, the longest exactly.
 */
export class SlicesInTime {
  #lengthMs = FIRST_MS;
  readonly #succeeded = new Float64Array(MOST);
  readonly #failed = new Float64Array(MOST);
  readonly #maxMs = new Float64Array(MOST).fill(-1);
  /** By octave, then by slice, how often each size of a latency was seen. */
  readonly #pages = new Map<number, Uint32Array>();

  /**
   * Counts a success.
   *
   * @param atMs When it ended, ms since the run began.
   */
  succeeded(atMs: number): void {
    this.#succeeded[this.#at(atMs)]!++;
  }

  /**
   * Takes in the failure, or the latency of the success, of a request that counts.
   *
   * @param samples Where it stands.
   * @param i Which.
   * @param origin Where its latency begins.
   */
  add(samples: SampleTable, i: number, origin: LatencyOrigin): void {
    const slice = this.#at(origin === "due" ? samples.scheduledAt(i) : samples.endedAt(i));
    if (!samples.succeeded(i)) {
      if (samples.outcome(i).kind === "failure") this.#failed[slice]!++;
      return;
    }
    const latencyMs = LATENCY.read(samples, i, origin);
    if (latencyMs > this.#maxMs[slice]!) this.#maxMs[slice] = latencyMs;
    const size = bucketOf(latencyMs, SIZE_BITS);
    this.#page(size >>> SIZE_BITS)[slice * SIZES + (size & (SIZES - 1))]!++;
  }

  /**
   * Adds what another one took in of the same run.
   *
   * @param other Is not changed.
   */
  append(other: SlicesInTime): void {
    while (this.#lengthMs < other.#lengthMs) this.#join();
    const each = this.#lengthMs / other.#lengthMs;
    this.#take(other, (k) => Math.floor(k / each));
  }

  /**
   * The slices of a part of the run, which holds all that was taken in. What is less than half of one at either end belongs to
   * its neighbour.
   *
   * @param fromMs Where it begins, ms since the run began.
   * @param toMs Where it ends.
   * @param most Slices at most.
   * @param offsetMs What is added to moments.
   */
  between(fromMs: number, toMs: number, most: number, offsetMs: number): VisitSlices {
    const all = new SlicesInTime();
    all.append(this);
    while (all.#isFine(fromMs, toMs, most)) all.#join();
    const length = all.#lengthMs;
    const first = Math.floor(fromMs / length + 0.5), last = Math.max(first, Math.ceil(toMs / length - 0.5) - 1);
    const inside = new SlicesInTime();
    inside.#take(all, (k) => Math.min(last, Math.max(first, k)) - first);
    const each = <T>(of: (k: number) => T) => Array.from({ length: last - first + 1 }, (_, k) => of(k));
    return {
      startMs: rounded(offsetMs + fromMs),
      endsMs: each((k) => rounded(offsetMs + (k === last - first ? toMs : (first + k + 1) * length))),
      succeeded: each((k) => inside.#succeeded[k]!),
      failed: each((k) => inside.#failed[k]!),
      p50Ms: each((k) => inside.#quantileMs(k, 0.5)),
      p95Ms: each((k) => inside.#quantileMs(k, 0.95)),
      maxMs: each((k) => inside.#maxMs[k]! < 0 ? null : rounded(inside.#maxMs[k]!)),
    };
  }

  /** Whether the slices of a part are too many, or show too little each. */
  #isFine(fromMs: number, toMs: number, most: number): boolean {
    const count = (toMs - fromMs) / this.#lengthMs;
    const requests = this.#succeeded.reduce((sum, n) => sum + n, 0) + this.#failed.reduce((sum, n) => sum + n, 0);
    return count > 1 && (count > most || requests < LEAST_REQUESTS * count);
  }

  #quantileMs(slice: number, p: number): number | null {
    const octaves = [...this.#pages].sort(([a], [b]) => a - b)
      .map(([octave, page]) => ({ octave, times: page.subarray(slice * SIZES, (slice + 1) * SIZES) }));
    const seen = octaves.reduce((sum, { times }) => sum + times.reduce((total, n) => total + n, 0), 0);
    let left = Math.round((seen - 1) * p);
    for (const { octave, times } of octaves) {
      for (let k = 0; k < SIZES; k++) {
        left -= times[k]!;
        if (left >= 0) continue;
        const size = octave * SIZES + k;
        const middle = (lowestOf(size, SIZE_BITS) + lowestOf(size + 1, SIZE_BITS)) / 2;
        return rounded(Math.min(this.#maxMs[slice]!, middle));
      }
    }
    return null;
  }

  #at(atMs: number): number {
    while (atMs >= MOST * this.#lengthMs) this.#join();
    return Math.max(0, Math.floor(atMs / this.#lengthMs));
  }

  #page(octave: number): Uint32Array {
    const known = this.#pages.get(octave);
    if (known !== undefined) return known;
    const page = new Uint32Array(MOST * SIZES);
    this.#pages.set(octave, page);
    return page;
  }

  #join(): void {
    const before = new SlicesInTime();
    before.#take(this, (k) => k);
    for (const column of [this.#succeeded, this.#failed, ...this.#pages.values()]) column.fill(0);
    this.#maxMs.fill(-1);
    this.#take(before, (k) => k >> 1);
    this.#lengthMs *= 2;
  }

  /** Adds each slice of another one to that of ours which `to` gives. */
  #take(other: SlicesInTime, to: (slice: number) => number): void {
    for (let k = 0; k < MOST; k++) {
      if (other.#succeeded[k] === 0 && other.#failed[k] === 0 && other.#maxMs[k]! < 0) continue;
      const slice = to(k);
      this.#succeeded[slice]! += other.#succeeded[k]!;
      this.#failed[slice]! += other.#failed[k]!;
      this.#maxMs[slice] = Math.max(this.#maxMs[slice]!, other.#maxMs[k]!);
      for (const [octave, theirs] of other.#pages) {
        const page = this.#page(octave), from = k * SIZES, at = slice * SIZES;
        for (let i = 0; i < SIZES; i++) page[at + i]! += theirs[from + i]!;
      }
    }
  }
}
