import type { MarkedBytes, Marker } from "../core/marker.ts";

const utf8 = new TextEncoder();

/** What each byte becomes. */
type Table = readonly Uint8Array[];

const tableOf = (write: (byte: number) => string | null): Table =>
  Array.from({ length: 256 }, (_, byte) => {
    const text = write(byte);
    return text === null ? Uint8Array.of(byte) : utf8.encode(text);
  });

const ESCAPED = tableOf((byte) => {
  if (byte < 0x20) return `\\u${byte.toString(16).padStart(4, "0")}`;
  return byte === 0x22 || byte === 0x5c ? `\\${String.fromCharCode(byte)}` : null;
});

const PERCENT = tableOf((byte) => {
  const character = String.fromCharCode(byte);
  if (/[A-Za-z0-9*._-]/.test(character)) return null;
  return character === " " ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
});

/**
 * A text as it stands within a string of JSON.
 *
 * @param text UTF-8, and where it may be rewritten.
 */
export function escapedJson(text: MarkedBytes): MarkedBytes {
  return rewritten(text, ESCAPED);
}

/**
 * Bytes as a value of application/x-www-form-urlencoded, as the URL Standard serialises it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { urlencoded } from "./rewritten.ts";
 * const { bytes } = urlencoded({ bytes: new TextEncoder().encode("a b&é") });
 * assertEquals(new TextDecoder().decode(bytes), "a+b%26%C3%A9");
 * ```
 *
 * @param value The bytes, and where they may be rewritten.
 */
export function urlencoded(value: MarkedBytes): MarkedBytes {
  return rewritten(value, PERCENT);
}

/** Markers are lost where their symbols differ in length once they are rewritten. */
function rewritten({ bytes, markers = [] }: MarkedBytes, table: Table): MarkedBytes {
  const kept = markers.flatMap((marker) => markerByTable(bytes, marker, table) ?? []);
  return { bytes: byTable(bytes, table), ...kept.length > 0 && { markers: kept } };
}

function byTable(bytes: Uint8Array, table: Table): Uint8Array {
  const out = new Uint8Array(lengthOf(bytes, table));
  let at = 0;
  for (const byte of bytes) {
    const written = table[byte]!;
    if (written.length === 1) out[at++] = written[0]!;
    else {
      out.set(written, at);
      at += written.length;
    }
  }
  return out;
}

function lengthOf(bytes: Uint8Array, table: Table): number {
  let length = 0;
  for (const byte of bytes) length += table[byte]!.length;
  return length;
}

function markerByTable(bytes: Uint8Array, marker: Marker, table: Table): Marker | undefined {
  const { places, symbols, width } = marker;
  const widths = new Set<number>();
  for (let i = 0; i < symbols.length; i += width) widths.add(lengthOf(symbols.subarray(i, i + width), table));
  const [only, ...more] = widths;
  if (only === undefined || more.length > 0) return undefined;
  let from = 0, length = 0;
  const ascending = places.map((place, i) => [place, i] as const).sort(([a], [b]) => a - b);
  const moved = new Array<number>(places.length);
  for (const [place, i] of ascending) {
    length += lengthOf(bytes.subarray(from, place), table);
    from = place;
    moved[i] = length;
  }
  return { ...marker, places: moved, symbols: byTable(symbols, table), width: only };
}
