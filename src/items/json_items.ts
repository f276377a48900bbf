import { UsageError } from "../core/errors.ts";
import { type MarkedBytes, type Marker, shiftedMarker } from "../core/marker.ts";
import type { ModelInput, Tensor } from "../core/model_input.ts";
import { endOfText, symbolsOf } from "./text_marker.ts";

const utf8 = new TextEncoder();

/** JSON, and where it may be rewritten. */
interface MarkedText {
  readonly text: string;
  readonly marker?: Marker | undefined;
}

/**
 * One item as a JSON value in UTF-8: a text is a string, a tensor a nested list by its shape, several tensors an object by
 * their names. It begins with a comma, so that a list is its items one behind the other without the first comma.
 *
 * @param input The item.
 * @throws {UsageError} If it holds a number that JSON cannot.
 */
export function jsonItem(input: ModelInput): MarkedBytes {
  switch (input.kind) {
    case "text":
      return afterComma(textValue(input.text, input.variation));
    case "json":
      return afterComma({ text: JSON.stringify(input.value) });
    case "bytes":
      throw new UsageError(
        `Cannot encode an item as JSON as it must be a text, numbers or JSON: it is ${input.contentType} of ` +
          `${input.bytes.length} bytes`,
      );
    case "tensors": {
      const [only, ...more] = input.tensors;
      return afterComma(only !== undefined && more.length === 0 ? nestedList(only) : objectOf(input.tensors));
    }
  }
}

/**
 * The elements of a tensor as JSON, without brackets, each behind a comma; empty where there is none.
 *
 * @param tensor The tensor.
 * @throws {UsageError} If it holds a number that JSON cannot.
 */
export function jsonElements(tensor: Tensor): MarkedBytes {
  if (tensor.data.length === 0) return { bytes: new Uint8Array() };
  const textOf = elementTexts(tensor);
  const parts = new Array<string>(tensor.data.length);
  for (let i = 0; i < parts.length; i++) parts[i] = textOf(i);
  return afterComma(marked(tensor, parts.join(","), textOf));
}

function afterComma({ text, marker }: MarkedText): MarkedBytes {
  const bytes = utf8.encode(`,${text}`);
  return marker === undefined ? { bytes } : { bytes, marker: shiftedMarker(marker, 1)! };
}

function textValue(text: string, variation: Tensor["variation"]): MarkedText {
  const json = JSON.stringify(text);
  if (variation === undefined) return { text: json };
  const end = utf8.encode(json).length - '"'.length;
  return { text: json, marker: endOfText(symbolsOf(variation.values as readonly string[]), end, variation.places) };
}

function objectOf(tensors: readonly Tensor[]): MarkedText {
  let text = "{", marker: Marker | undefined;
  for (const [i, tensor] of tensors.entries()) {
    text += `${i === 0 ? "" : ","}${JSON.stringify(tensor.name)}:`;
    const list = nestedList(tensor);
    if (list.marker !== undefined) marker ??= shiftedMarker(list.marker, utf8.encode(text).length);
    text += list.text;
  }
  return { text: `${text}}`, marker };
}

/** The elements as lists within lists. */
function nestedList(tensor: Tensor): MarkedText {
  const { shape, data } = tensor;
  const textOf = elementTexts(tensor);
  let at = 0;
  const list = (dimension: number): string => {
    if (dimension === shape.length) return textOf(at++);
    const parts = new Array<string>(shape[dimension]!);
    for (let i = 0; i < parts.length; i++) parts[i] = list(dimension + 1);
    return `[${parts.join(",")}]`;
  };
  const text = list(0);
  if (at !== data.length) {
    throw new UsageError(
      `Cannot encode the input "${tensor.name}" as its shape [${shape}] must hold all its elements: found ${data.length}`,
    );
  }
  return marked(tensor, text, textOf);
}

/** The JSON of a tensor with the places of its variation: of texts at the end of the first, of numbers the first ones. */
function marked(tensor: Tensor, text: string, textOf: (at: number) => string): MarkedText {
  const { datatype, variation } = tensor;
  if (variation === undefined) return { text };
  if (datatype === "BYTES") {
    const end = text.search(/[^[]/) + utf8.encode(textOf(0)).length - '"'.length;
    return { text, marker: endOfText(symbolsOf(variation.values as readonly string[]), end, variation.places) };
  }
  const width = widthOf(tensor);
  const places: number[] = [];
  for (let at = 0; places.length < variation.places; at += width) {
    while ("[],".includes(text[at]!)) at++;
    places.push(at);
  }
  const symbols = textsOf({ ...tensor, data: variation.values }).map((symbol) => symbol.padStart(width));
  return { text, marker: { places, ...symbolsOf(symbols) } };
}

/** Different numbers that are kept as text; images and token ids have few. */
const MOST_KNOWN = 4096;

/** What gives the elements as JSON. Those that may be rewritten are as long as the longest that may stand there. */
function elementTexts(tensor: Tensor): (at: number) => string {
  const { data, variation, datatype } = tensor;
  const known = new Map<unknown, string>();
  const textOf = (at: number) => {
    const element = data[at];
    let text = known.get(element);
    if (text === undefined) {
      text = jsonElement(tensor, at);
      if (known.size < MOST_KNOWN) known.set(element, text);
    }
    return text;
  };
  if (variation === undefined || datatype === "BYTES") return textOf;
  const width = widthOf(tensor);
  return (at) => at < variation.places ? textOf(at).padStart(width) : textOf(at);
}

function widthOf(tensor: Tensor): number {
  const { places, values } = tensor.variation!;
  const firsts = tensor.data.slice(0, places);
  return Math.max(...[values, firsts].flatMap((data) => textsOf({ ...tensor, data })).map((text) => text.length));
}

function textsOf(tensor: Tensor): string[] {
  return Array.from({ length: tensor.data.length }, (_, at) => jsonElement(tensor, at));
}

function jsonElement({ name, datatype, data }: Tensor, at: number): string {
  const element = data[at];
  if (typeof element === "string") return JSON.stringify(element);
  if (typeof element === "bigint") return String(element);
  if (element === undefined || !Number.isFinite(element)) {
    throw new UsageError(`Cannot encode the input "${name}" as JSON must hold its elements: found ${element} at ${at}`);
  }
  if (datatype === "BOOL") return element === 0 ? "false" : "true";
  if (data instanceof Float32Array) return shortest(element, Math.fround);
  return data instanceof Float16Array ? shortest(element, Math.f16round) : String(element);
}

/** The shortest decimal that reads back as the same shorter float: 0.1 rather than 0.10000000149011612. */
function shortest(element: number, round: (value: number) => number): string {
  const few = Math.round(element * 1e4) / 1e4;
  if (round(few) === element) return String(few);
  for (let digits = 3; digits < 9; digits++) {
    const short = Number(element.toPrecision(digits));
    if (round(short) === element) return String(short);
  }
  return String(Number(element.toPrecision(9)));
}
