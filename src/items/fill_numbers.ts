import type { NumberArray } from "./number_arrays.ts";

/** Arrays that move elements of 1, 2, 4 and 8 bytes without looking at them. */
type Cells = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * Fills an array with values drawn from others, uniformly, by the generator of `seededRandom` (mulberry32); two elements from
 * each of its numbers. No call is made for an element: 150,000 of them take a fraction of a millisecond.
 *
 * @param out What is filled.
 * @param values What is drawn from, at most 2^16, of the same type.
 * @param seed Any integer; its low 32 bits are used.
 */
export function fillNumbers(out: NumberArray, values: NumberArray, seed: number): void {
  const cells = cellsOf(out), table = cellsOf(values);
  const count = table.length, even = cells.length & ~1;
  let state = seed >>> 0;
  for (let i = 0; i < cells.length; i += 2) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    const drawn = t ^ (t >>> 14);
    cells[i] = table[((drawn & 0xffff) * count) >>> 16]!;
    if (i < even) cells[i + 1] = table[((drawn >>> 16) * count) >>> 16]!;
  }
}

function cellsOf({ buffer, byteOffset, length, BYTES_PER_ELEMENT }: NumberArray): Cells {
  switch (BYTES_PER_ELEMENT) {
    case 1:
      return new Uint8Array(buffer, byteOffset, length);
    case 2:
      return new Uint16Array(buffer, byteOffset, length);
    case 4:
      return new Uint32Array(buffer, byteOffset, length);
    default:
      return new Float64Array(buffer, byteOffset, length);
  }
}
