/**
 * Places within bytes at which a number can be written without changing their length or what kind of input they are: as digits,
 * the lowest first, in the base of the number of symbols. That is what makes one request differ from every other.
 */
export interface Marker {
  /** Where each digit stands, byte offsets. */
  readonly places: readonly number[];
  /** What stands for the digits 0, 1, 2, ...: the bytes of all of them behind one another, each as long as the others. */
  readonly symbols: Uint8Array;
  /** Length of one symbol, bytes. */
  readonly width: number;
  /** What the number is divided by first: what other markers of the same item hold of it. @default {1} */
  readonly divisor?: number;
}

/** A marker within a body that has several parts and items. */
export interface PlacedMarker {
  /** Index of the part of the body; of a body in one piece 0. */
  readonly part: number;
  /** Where within the part. */
  readonly marker: Marker;
  /** Index of the item that it tells apart: all markers of one item are given one number. */
  readonly item: number;
}

/** Bytes of which some may be rewritten. */
export interface MarkedBytes {
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** Where they may be rewritten, all with one number; left out where nowhere. */
  readonly markers?: readonly Marker[];
}

/**
 * How many different numbers a marker can hold.
 *
 * @param marker The marker; without one there is nothing to tell apart.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(markerCapacity({ places: [0, 1, 2], symbols: Uint8Array.of(48, 49), width: 1 }), 8);
 * assertEquals(markerCapacity(undefined), 1);
 * ```
 */
export function markerCapacity(marker: Marker | undefined): number {
  return marker === undefined ? 1 : (marker.symbols.length / marker.width) ** marker.places.length;
}

/**
 * Writes a number; one that is too large begins again at 0.
 *
 * @param bytes What holds the marker.
 * @param marker Where and how.
 * @param number A whole number from 0.
 * @param before What was written there last: digits that are the same are left. @default {nothing}
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const bytes = new TextEncoder().encode("[0,0]");
 * writeMarker(bytes, { places: [1, 3], symbols: new TextEncoder().encode("012"), width: 1 }, 5);
 * assertEquals(new TextDecoder().decode(bytes), "[2,1]");
 * ```
 */
export function writeMarker(
  bytes: Uint8Array,
  { places, symbols, width, divisor = 1 }: Marker,
  number: number,
  before = NaN,
): void {
  const base = symbols.length / width;
  let rest = Math.floor(number / divisor), stood = Math.floor(before / divisor);
  for (let i = 0; i < places.length && rest !== stood; i++) {
    const higher = Math.floor(rest / base);
    const from = (rest - higher * base) * width, to = places[i]!;
    // Symbols are a few bytes: copying them so is faster than by `set`.
    for (let k = 0; k < width; k++) bytes[to + k] = symbols[from + k]!;
    rest = higher;
    stood = Math.floor(stood / base);
  }
}

/**
 * The same places, counted from elsewhere.
 *
 * @param marker The marker.
 * @param by How many bytes stand in front of what it was counted in; below 0 where some were cut off.
 */
export function shiftedMarker(marker: Marker, by: number): Marker {
  return by === 0 ? marker : { ...marker, places: marker.places.map((place) => place + by) };
}
