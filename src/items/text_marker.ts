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
 * @param variation What may stand there, and how many they are.
 * @param end Where the text ends, byte offset.
 */
export function endOfText(variation: Variation, end: number): Marker {
  const width = (variation.values[0] as string).length;
  return markerFrom(variation, end - variation.places * width);
}

/**
 * The places of a text that may differ: its last ones, or its first.
 *
 * @param variation What may stand there, and how many they are.
 * @param start Where the text begins, byte offset.
 * @param end Where it ends.
 */
export function placesOfText(variation: Variation, start: number, end: number): Marker {
  return variation.atFront ? markerFrom(variation, start) : endOfText(variation, end);
}

function markerFrom({ values, places, divisor }: Variation, from: number): Marker {
  const symbols = symbolsOf(values as readonly string[]);
  return {
    ...symbols,
    places: Array.from({ length: places }, (_, i) => from + i * symbols.width),
    ...divisor !== undefined && { divisor },
  };
}

/**
 * A text as it is, in UTF-8.
 *
 * @param item The text, and what of it may differ.
 */
export function plainText({ text, variation }: { readonly text: string; readonly variation?: Variation }): MarkedBytes {
  const bytes = utf8.encode(text);
  if (variation === undefined) return { bytes };
  return { bytes, markers: [placesOfText(variation, 0, bytes.length)] };
}
