import { type MarkedBytes, shiftedMarker } from "../../core/marker.ts";
import type { ModelInput } from "../../core/model_input.ts";
import { encodedItem } from "../../items/encoded_item.ts";
import { escapedJson, urlencoded } from "../../items/rewritten.ts";
import { plainText } from "../../items/text_marker.ts";
import { JSON_ITEMS } from "../shared/json_form.ts";

/**
 * How something is written where it stands:
 *
 * - `json`: as a JSON value
 * - `json-string`: within a string of JSON
 * - `plain`: as it is
 * - `urlencoded`: as it is, percent-encoded
 */
export type Writing = "json" | "json-string" | "plain" | "urlencoded";

const utf8 = new TextEncoder();

/** Items as they are written, since every request that holds an item shares its bytes. */
const written = new WeakMap<ModelInput, Map<string, MarkedBytes>>();

function once(input: ModelInput, how: string, write: () => MarkedBytes): MarkedBytes {
  let known = written.get(input);
  if (known === undefined) written.set(input, known = new Map());
  let bytes = known.get(how);
  if (bytes === undefined) known.set(how, bytes = write());
  return bytes;
}

/** An item as a JSON value behind a comma: a text is a string, bytes are one of base64. */
export function jsonItem(input: ModelInput): MarkedBytes {
  if (input.kind !== "bytes") return encodedItem(JSON_ITEMS, input);
  return once(input, "json", () => ({ bytes: utf8.encode(`,"${input.bytes.toBase64()}"`) }));
}

/** The same within a string of JSON. */
export function jsonItemInString(input: ModelInput): MarkedBytes {
  return once(input, "json in a string", () => escapedJson(jsonItem(input)));
}

/** The same percent-encoded, without a comma. */
export function urlencodedJsonItem(input: ModelInput): MarkedBytes {
  return once(input, "urlencoded json", () => urlencoded(part(jsonItem(input), 1)));
}

/** An item as it is: bytes, a text in UTF-8, of everything else the JSON. */
export function itemItself(input: ModelInput, writing: Writing): MarkedBytes {
  if (writing === "urlencoded") return once(input, writing, () => urlencoded(itemItself(input, "plain")));
  if (input.kind === "bytes") return input;
  return once(
    input,
    "plain",
    () => input.kind === "text" ? plainText(input) : part(encodedItem(JSON_ITEMS, input), 1),
  );
}

/** An item within a string of JSON: a text, bytes as base64, of everything else the JSON. */
export function itemInString(input: ModelInput): MarkedBytes {
  if (input.kind === "bytes") return base64Item(input, "json-string");
  return once(input, "in a string", () => {
    const json = encodedItem(JSON_ITEMS, input);
    return input.kind === "text" ? part(json, 2, -1) : escapedJson(part(json, 1));
  });
}

/** An item's bytes as base64; a JSON value has quotes. */
export function base64Item(input: ModelInput, writing: Writing): MarkedBytes {
  return once(input, `base64 ${writing}`, () => {
    const base64 = itemItself(input, "plain").bytes.toBase64();
    if (writing === "urlencoded") return { bytes: utf8.encode(encodeURIComponent(base64)) };
    return { bytes: utf8.encode(writing === "json" ? `"${base64}"` : base64) };
  });
}

/** Some of the bytes; markers must stand within them. */
function part({ bytes, markers }: MarkedBytes, from: number, to?: number): MarkedBytes {
  const shifted = markers?.map((marker) => shiftedMarker(marker, -from));
  return { bytes: bytes.subarray(from, to), ...shifted !== undefined && { markers: shifted } };
}
