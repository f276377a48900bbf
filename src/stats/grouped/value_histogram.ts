/** Which part of a double's upper word numbers its bucket: the exponent, and ten bits of the mantissa. */
const PAGE_BITS = 10;
const PAGE_SIZE = 2 ** PAGE_BITS;
/** Positive numbers have so many exponents. */
const PAGES = 2048;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
/** Where the upper word of a double stands. */
const UPPER = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0;

/**
 * The leading bits of a number of 0 or more, as a bucket of numbers that are alike: ascending with the number.
 *
 * @param value Any number; one below 0 counts as 0.
 * @param bits Bits of the mantissa that tell buckets apart, at most 20: a bucket is 2^-`bits` of its number wide.
 */
export function bucketOf(value: number, bits: number): number {
  double[0] = value > 0 ? value : 0;
  return words[UPPER]! >>> (20 - bits);
}

/**
 * The lowest number of a bucket; that of the next one is its end.
 *
 * @param bucket From {@linkcode bucketOf}.
 * @param bits The same.
 */
export function lowestOf(bucket: number, bits: number): number {
  words[1 - UPPER] = 0;
  words[UPPER] = bucket << (20 - bits);
  return double[0]!;
}

/**
 * How often values of each size were seen, in buckets of 0.1 % of the value: three significant digits, whatever the
 * range, as in HdrHistogram (G. Tene). A bucket is the leading bits of the double itself, so that to count one takes
 * some 10 ns, where the JavaScript port of that library takes 100 to 350; memory grows with the octaves seen.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ValueHistogram } from "./value_histogram.ts";
 * const histogram = new ValueHistogram();
 * for (let ms = 1; ms <= 1000; ms++) histogram.add(ms);
 * const { low, high } = histogram.bucketAt(499);
 * assertEquals([histogram.n, low <= 500 && 500 < high, high - low <= 0.5], [1000, true, true]);
 * ```
 */
export class ValueHistogram {
  /** Number of values. */
  n = 0;
  readonly #pages: (Uint32Array | undefined)[] = new Array(PAGES);

  /**
   * Counts a value.
   *
   * @param value At least 0; one below counts as 0.
   */
  add(value: number): void {
    const bucket = bucketOf(value, PAGE_BITS);
    const page = this.#pages[bucket >>> PAGE_BITS] ??= new Uint32Array(PAGE_SIZE);
    page[bucket & (PAGE_SIZE - 1)]!++;
    this.n++;
  }

  /** Adds what another one counted. */
  append(other: ValueHistogram): void {
    other.#pages.forEach((theirs, i) => {
      const page = this.#pages[i] ??= new Uint32Array(PAGE_SIZE);
      for (let k = 0; k < PAGE_SIZE; k++) page[k]! += theirs![k]!;
    });
    this.n += other.n;
  }

  /**
   * The bucket that holds the value of a rank.
   *
   * @param rank From 0 for the lowest to `n` - 1.
   * @returns Its ends; the upper one belongs to the next, but that what is 0 is known exactly.
   * @throws {RangeError} If there is no such rank.
   */
  bucketAt(rank: number): { readonly low: number; readonly high: number } {
    let below = 0;
    for (let i = 0; i < PAGES; i++) {
      const page = this.#pages[i];
      if (page === undefined) continue;
      for (let k = 0; k < PAGE_SIZE; k++) {
        below += page[k]!;
        if (rank >= below) continue;
        const bucket = i * PAGE_SIZE + k;
        return { low: lowestOf(bucket, PAGE_BITS), high: bucket === 0 ? 0 : lowestOf(bucket + 1, PAGE_BITS) };
      }
    }
    throw new RangeError(`Cannot find a value as its rank must be below ${this.n}: current value is ${rank}`);
  }
}
