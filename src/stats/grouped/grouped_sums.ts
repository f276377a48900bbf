import type { BatchSource } from "./batch_source.ts";

/** When there are so many groups, neighbours are joined. Batch means begin with half as many. */
export const MOST_GROUPS = 256;

/**
 * Sums of groups of neighbours in time, a power of two in each and fewer than 256 groups, however many observations there
 * are. A group holds at most 1/128 of them, so that batch means of groups are those of the observations themselves.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { GroupedSums } from "./grouped_sums.ts";
 * const sums = new GroupedSums();
 * for (let i = 0; i < 4096; i++) sums.add(i);
 * assertEquals([sums.n, sums.mean, ...sums.means(2048)], [4096, 2047.5, 1023.5, 3071.5]);
 * ```
 */
export class GroupedSums implements BatchSource {
  /** Number of observations. */
  n = 0;
  /** Their sum. */
  sum = 0;
  /** Observations in a full group. */
  size: number;
  /** Full groups. */
  groups = 0;
  readonly #sums: Float64Array = new Float64Array(MOST_GROUPS + 1);
  #inLast = 0;

  /** @param size Observations in a full group to begin with, a power of two. @default {1} */
  constructor(size: number = 1) {
    this.size = size;
  }

  /**
   * Groups whose sums are known.
   *
   * @param sums Of each full group.
   * @param size Observations in each.
   */
  static of(sums: Float64Array, size: number): GroupedSums {
    const grouped = new GroupedSums(size);
    grouped.#sums.set(sums);
    grouped.n = sums.length * size;
    grouped.sum = sums.reduce((total, sum) => total + sum, 0);
    grouped.groups = sums.length;
    return grouped;
  }

  /** Mean of all, those in no full group among them. */
  get mean(): number {
    return this.sum / this.n;
  }

  /**
   * Adds the observation that comes next in time.
   *
   * @param value Any number.
   */
  add(value: number): void {
    this.n++;
    this.sum += value;
    this.#sums[this.groups]! += value;
    if (++this.#inLast < this.size) return;
    this.#inLast = 0;
    if (++this.groups === MOST_GROUPS) this.join();
  }

  /** Joins each group with its neighbour. */
  join(): void {
    const sums = this.#sums;
    const odd = this.groups % 2 === 1;
    for (let g = 0; g <= MOST_GROUPS; g += 2) sums[g >> 1] = sums[g]! + (sums[g + 1] ?? 0);
    sums.fill(0, (MOST_GROUPS >> 1) + 1);
    if (odd) this.#inLast += this.size;
    this.groups >>= 1;
    this.size *= 2;
  }

  /**
   * Adds what came after. Observations at the seam that fill no group count in the mean, but in no group any more.
   *
   * @param after Is not changed.
   * @param joins What {@linkcode makeRoom} gave.
   */
  append(after: GroupedSums, joins: number): void {
    this.n += after.n;
    this.sum += after.sum;
    this.#sums.fill(0, this.groups);
    for (let g = 0; g <= after.groups; g++) this.#sums[this.groups + (g >> joins)]! += after.#sums[g]!;
    this.groups += after.groups >> joins;
    this.#inLast = after.#inLast + after.groups % 2 ** joins * after.size;
  }

  /**
   * Adds what came before. Its observations that fill no group of this size count in the mean, but in no group any more.
   *
   * @param before Is not changed.
   * @param joins What {@linkcode makeRoom} gave for this one and that.
   */
  prepend(before: GroupedSums, joins: number): void {
    const sums = this.#sums;
    const groups = before.groups >> joins;
    sums.copyWithin(groups, 0, this.groups + 1).fill(0, 0, groups);
    for (let g = 0; g < groups << joins; g++) sums[g >> joins]! += before.#sums[g]!;
    this.n += before.n;
    this.sum += before.sum;
    this.groups += groups;
  }

  /** Part of {@linkcode BatchSource}: `size` must be at least that of a group. */
  means(size: number): Float64Array {
    const joined = size / this.size;
    const means = new Float64Array(Math.floor(this.groups / joined));
    for (let b = 0; b < means.length; b++) {
      for (let g = b * joined; g < (b + 1) * joined; g++) means[b]! += this.#sums[g]! / size;
    }
    return means;
  }
}

/** Something in groups. */
interface Grouped {
  readonly size: number;
  readonly groups: number;
  join(): void;
}

/**
 * Joins groups until those of another one find room before or behind them, in groups of the same size.
 *
 * @param these Are changed.
 * @param others Are not changed.
 * @returns How often groups of `others` must be joined with their neighbours to be of that size.
 */
export function makeRoom(these: Grouped, others: Pick<Grouped, "size" | "groups">): number {
  while (these.size < others.size) these.join();
  while (these.groups + others.groups * others.size / these.size >= MOST_GROUPS) these.join();
  return Math.log2(these.size / others.size);
}
