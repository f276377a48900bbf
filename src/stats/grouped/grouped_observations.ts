import type { BatchSource } from "./batch_source.ts";
import { GroupedSums, makeRoom, MOST_GROUPS } from "./grouped_sums.ts";
import { bucketOf, lowestOf, ValueHistogram } from "./value_histogram.ts";

/** Bits of the mantissa that tell apart what the groups hold: buckets of 0.8 % of a value. */
const GROUP_BITS = 7;
const PAGE_SIZE = 2 ** GROUP_BITS;
/** Positive numbers have so many exponents. */
const PAGES = 2048;

/**
 * Observations in time order in memory that does not grow with their number: their count, sum and extremes exactly, how
 * often each size was seen within 0.1 %, and for groups of neighbours their sums and, within 0.8 %, how often each size
 * was seen in them. That is enough for the distribution with the intervals that the observations themselves would give:
 * {@linkcode distribution} takes either.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { distribution } from "../estimates/distribution.ts";
 * import { GroupedObservations } from "./grouped_observations.ts";
 * const latencies = new GroupedObservations();
 * for (let i = 0; i < 100_000; i++) latencies.add(5 + (i * 7919) % 1000 / 100);
 * const { n, min, max, p50 } = distribution(latencies)!;
 * assertEquals([n, min, max, Math.round(p50.value)], [100_000, 5, 14.99, 10]);
 * ```
 */
export class GroupedObservations {
  /** Sums of groups of neighbours. */
  readonly sums: GroupedSums;
  /** Smallest observation; infinite where there is none. */
  min: number = Infinity;
  /** Largest observation; negatively infinite where there is none. */
  max: number = -Infinity;
  #squares = 0;
  readonly #all = new ValueHistogram();
  /** By octave, then by group, how often each size was seen. */
  readonly #pages: (Uint32Array | undefined)[] = new Array(PAGES);

  /** @param size Observations in a full group to begin with, a power of two. @default {1} */
  constructor(size: number = 1) {
    this.sums = new GroupedSums(size);
  }

  /** Number of observations. */
  get n(): number {
    return this.sums.n;
  }

  /** Their variance. */
  get variance(): number {
    return Math.max(0, this.#squares / this.n - this.sums.mean ** 2);
  }

  /** Observations in a full group. */
  get size(): number {
    return this.sums.size;
  }

  /** Full groups. */
  get groups(): number {
    return this.sums.groups;
  }

  /**
   * Adds the observation that comes next in time.
   *
   * @param value At least 0; where one below may come, quantiles take it for 0.
   */
  add(value: number): void {
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    this.#squares += value * value;
    this.#all.add(value);
    const bucket = bucketOf(value, GROUP_BITS);
    const page = this.#pages[bucket >>> GROUP_BITS] ??= new Uint32Array((MOST_GROUPS + 1) * PAGE_SIZE);
    page[this.sums.groups * PAGE_SIZE + (bucket & (PAGE_SIZE - 1))]!++;
    const { groups } = this.sums;
    this.sums.add(value);
    // The sums were joined: so must be what was seen.
    if (this.sums.groups < groups) this.#joinPages();
  }

  /** Joins each group with its neighbour. */
  join(): void {
    this.sums.join();
    this.#joinPages();
  }

  /**
   * Adds what came after. Observations at the seam that fill no group count in everything but the intervals.
   *
   * @param later Is not changed.
   */
  append(later: GroupedObservations): void {
    const joins = makeRoom(this, later);
    const { groups } = this;
    this.#addWhole(later);
    this.sums.append(later.sums, joins);
    // Behind the full groups stands one that is not; memory that holds nothing is left untouched.
    this.#pages.forEach((page) => page!.fill(0, groups * PAGE_SIZE, (groups + 1) * PAGE_SIZE));
    later.#pages.forEach((theirs, i) => {
      const page = this.#pages[i] ??= new Uint32Array((MOST_GROUPS + 1) * PAGE_SIZE);
      for (let g = 0; g <= later.groups; g++) {
        const from = g * PAGE_SIZE, to = (groups + (g >> joins)) * PAGE_SIZE;
        for (let k = 0; k < PAGE_SIZE; k++) if (theirs![from + k]! > 0) page[to + k]! += theirs![from + k]!;
      }
    });
  }

  /**
   * Adds what came before, without a second copy of what came after. Its observations that fill no group count in
   * everything but the intervals.
   *
   * @param earlier Is not changed.
   */
  prepend(earlier: GroupedObservations): void {
    const joins = makeRoom(this, earlier);
    const { groups } = this;
    const before = earlier.groups >> joins;
    this.#addWhole(earlier);
    this.sums.prepend(earlier.sums, joins);
    // Memory that holds nothing is left untouched.
    this.#pages.forEach((page) => {
      for (let k = (groups + 1) * PAGE_SIZE - 1, by = before * PAGE_SIZE; by > 0 && k >= 0; k--) {
        if (page![k] !== page![k + by]) page![k + by] = page![k]!;
      }
      page!.fill(0, 0, before * PAGE_SIZE);
    });
    earlier.#pages.forEach((theirs, i) => {
      const page = this.#pages[i] ??= new Uint32Array((MOST_GROUPS + 1) * PAGE_SIZE);
      for (let k = 0; k < (before << joins) * PAGE_SIZE; k++) {
        if (theirs![k]! > 0) page[(k >> GROUP_BITS >> joins) * PAGE_SIZE + k % PAGE_SIZE]! += theirs![k]!;
      }
    });
  }

  #addWhole(other: GroupedObservations): void {
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    this.#squares += other.#squares;
    this.#all.append(other.#all);
  }

  #joinPages(): void {
    this.#pages.forEach((page) => {
      for (let g = 1; g <= MOST_GROUPS; g++) {
        const from = g * PAGE_SIZE, to = (g >> 1) * PAGE_SIZE;
        for (let k = 0; k < PAGE_SIZE; k++) {
          const seen = page![from + k]!;
          if (seen === 0) continue;
          page![from + k] = 0;
          page![to + k]! += seen;
        }
      }
    });
  }

  /**
   * The ends between which the observation of a rank lies.
   *
   * @param rank From 0 for the smallest to `n` - 1.
   * @returns Ends 0.1 % apart, at most.
   */
  at(rank: number): { readonly low: number; readonly high: number } {
    const { low, high } = this.#all.bucketAt(rank);
    return { low: Math.max(low, this.min), high: Math.min(high, this.max) };
  }

  /**
   * The value below which a share `p` of the observations lies.
   *
   * @param p Share, 0 to 1.
   * @returns Within 0.05 %; the extremes exactly.
   */
  quantile(p: number): number {
    if (p === 0) return this.min;
    if (p === 1) return this.max;
    const { low, high } = this.at(Math.round((this.n - 1) * p));
    return (low + high) / 2;
  }

  /**
   * The ends of the range around a value within which the groups cannot tell sizes apart.
   *
   * @param value In the unit of the observations.
   * @returns Ends 0.8 % apart.
   */
  toldApart(value: number): { readonly low: number; readonly high: number } {
    const bucket = bucketOf(value, GROUP_BITS);
    return { low: lowestOf(bucket, GROUP_BITS), high: lowestOf(bucket + 1, GROUP_BITS) };
  }

  /**
   * How many observations of each group lie below a value: their shares, as batches want them.
   *
   * @param value One that the groups tell apart: an end of {@linkcode toldApart}.
   */
  below(value: number): BatchSource {
    const end = bucketOf(value, GROUP_BITS);
    const counts = new Float64Array(this.groups);
    this.#pages.forEach((page, i) => {
      const buckets = Math.min(PAGE_SIZE, end - i * PAGE_SIZE);
      for (let g = 0; g < counts.length; g++) {
        for (let k = 0; k < buckets; k++) counts[g]! += page![g * PAGE_SIZE + k]!;
      }
    });
    const sums = GroupedSums.of(counts, this.size);
    return { n: this.n, mean: sums.mean, means: (size) => sums.means(size) };
  }
}
