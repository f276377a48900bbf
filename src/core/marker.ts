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
}

/** Bytes of which some may be rewritten. */
export interface MarkedBytes {
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** Where they may be rewritten; left out where nowhere. */
  readonly marker?: Marker;
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
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const bytes = new TextEncoder().encode("[0,0]");
 * writeMarker(bytes, { places: [1, 3], symbols: new TextEncoder().encode("012"), width: 1 }, 5);
 * assertEquals(new TextDecoder().decode(bytes), "[2,1]");
 * ```
 */
export function writeMarker(bytes: Uint8Array, { places, symbols, width }: Marker, number: number): void {
  const base = symbols.length / width;
  let rest = number;
  for (let i = 0; i < places.length; i++) {
    const higher = Math.floor(rest / base);
    const from = (rest - higher * base) * width, to = places[i]!;
    // Symbols are a few bytes: copying them so is faster than by `set`.
    for (let k = 0; k < width; k++) bytes[to + k] = symbols[from + k]!;
    rest = higher;
  }
}

/**
 * The same places, counted from elsewhere.
 *
 * @param marker The marker, or `undefined` for none.
 * @param by How many bytes stand in front of what it was counted in; below 0 where some were cut off.
 */
export function shiftedMarker(marker: Marker | undefined, by: number): Marker | undefined {
  return marker === undefined ? undefined : { ...marker, places: marker.places.map((place) => place + by) };
}
