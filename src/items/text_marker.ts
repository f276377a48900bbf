import type { MarkedBytes, Marker } from "../core/marker.ts";
import type { Variation } from "../core/model_input.ts";

const utf8 = new TextEncoder();

/**
 * Texts of one length as the symbols of a marker.
 *
 * @param texts ASCII, all of one length.
 */
export function symbolsOf(texts: readonly string[]): Pick<Marker, "symbols" | "width"> {
  return { symbols: utf8.encode(texts.join("")), width: texts[0]?.length ?? 0 };
}

/**
 * The last places of a text.
 *
 * @param symbols What may stand there.
 * @param end Where the text ends, byte offset.
 * @param places How many they are.
 */
export function endOfText(symbols: Pick<Marker, "symbols" | "width">, end: number, places: number): Marker {
  const from = end - places * symbols.width;
  return { ...symbols, places: Array.from({ length: places }, (_, i) => from + i * symbols.width) };
}

/**
 * A text as it is, in UTF-8.
 *
 * @param item The text, and what of it may differ.
 */
export function plainText({ text, variation }: { readonly text: string; readonly variation?: Variation }): MarkedBytes {
  const bytes = utf8.encode(text);
  if (variation === undefined) return { bytes };
  return { bytes, marker: endOfText(symbolsOf(variation.values as readonly string[]), bytes.length, variation.places) };
}
