import { UsageError } from "../core/errors.ts";
import { ofBfloat16Bits, toBfloat16 } from "./exact/bfloat16.ts";
import type { Tensor } from "../core/model_input.ts";
import type { JsonBytes } from "./json_bytes.ts";
import { isFloat } from "./number_arrays.ts";
import { endOfText, symbolsOf } from "./text_marker.ts";

/** Numbers whose text is kept, a power of 2: images and token ids have few. */
const KEPT = 4096;
/** The longest number, -1.2345678901234567e-308, and a comma. */
const LONGEST = 25;
/** Elements for which room is made at a time. */
const STRIDE = 1024;
const COMMA = ",".charCodeAt(0);
const utf8 = new TextEncoder();

/** Writes the elements of a tensor one after another as JSON, and marks those that may be rewritten. */
export class JsonElements {
  readonly #out: JsonBytes;
  readonly #tensor: Tensor;
  readonly #numbers = new Float64Array(KEPT).fill(NaN);
  readonly #texts: Uint8Array[] = [];
  /** Elements that may be rewritten, and how long each of them is written: as the longest that may stand there. */
  readonly #places: number[] = [];
  readonly #marked: number;
  readonly #width: number = 0;
  #at = 0;

  /**
   * Writes nothing yet.
   *
   * @param out What is written to.
   * @param tensor Whose elements.
   */
  constructor(out: JsonBytes, tensor: Tensor) {
    const { datatype, data, variation } = tensor;
    this.#out = out;
    this.#tensor = tensor;
    this.#marked = datatype === "BYTES" ? 0 : variation?.places ?? 0;
    if (this.#marked === 0) return;
    this.#width = longest(textsOf(tensor, data.slice(0, this.#marked)), symbolTexts(tensor).width);
  }

  /**
   * Writes the next elements, with commas between them.
   *
   * @param count How many.
   * @throws {UsageError} If JSON cannot hold one of them.
   */
  write(count: number): void {
    const end = this.#at + count;
    const isText = this.#tensor.datatype === "BYTES";
    for (let isFirst = true; this.#at < end; isFirst = false) {
      if (!isFirst) this.#out.text(",");
      if (isText) this.#writeText();
      else if (this.#at < this.#marked) this.#writeMarked();
      else this.#writeNumbers(Math.min(end, this.#at + STRIDE));
    }
  }

  /** Without a call for each: there are many. */
  #writeNumbers(end: number): void {
    const out = this.#out, numbers = this.#numbers, texts = this.#texts;
    const data = this.#tensor.data as Float64Array;
    const bytes = out.room((end - this.#at) * LONGEST);
    let to = out.length;
    for (let at = this.#at; at < end; at++) {
      if (at > this.#at) bytes[to++] = COMMA;
      const number = Number(data[at]);
      const slot = slotOf(number);
      const text = numbers[slot] === number ? texts[slot]! : this.#textAt(at);
      for (let i = 0; i < text.length; i++) bytes[to++] = text[i]!;
    }
    out.length = to;
    this.#at = end;
  }

  #writeMarked(): void {
    this.#places.push(this.#out.length);
    this.#out.text(jsonElement(this.#tensor, this.#at++).padStart(this.#width));
    if (this.#places.length < this.#marked) return;
    const symbols = paddedSymbols(this.#tensor, this.#width);
    const divisor = this.#tensor.variation?.divisor;
    this.#out.mark({ ...symbols, places: this.#places, ...divisor !== undefined && { divisor } });
  }

  #writeText(): void {
    this.#out.text(jsonElement(this.#tensor, this.#at));
    if (this.#at++ === 0) this.#markText();
  }

  /** Of texts the end of the first. */
  #markText(): void {
    const { variation } = this.#tensor;
    if (variation === undefined) return;
    this.#out.mark(endOfText(variation, this.#out.length - '"'.length));
  }

  /** The text of a number, kept where it may be kept. */
  #textAt(at: number): Uint8Array {
    const text = utf8.encode(jsonElement(this.#tensor, at));
    const number = Number(this.#tensor.data[at]);
    // Others may be equal only as floats.
    if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) {
      this.#numbers[slotOf(number)] = number;
      this.#texts[slotOf(number)] = text;
    }
    return text;
  }
}

/** Each of the hundredths and of the small integers has a slot of its own. */
function slotOf(number: number): number {
  return (number * 100 + 0.5) & (KEPT - 1);
}

function textsOf(tensor: Tensor, data: Tensor["data"]): string[] {
  const those = { ...tensor, data };
  return Array.from({ length: data.length }, (_, at) => jsonElement(those, at));
}

function longest(texts: readonly string[], atLeast: number): number {
  return texts.reduce((width, { length }) => Math.max(width, length), atLeast);
}

interface SymbolTexts {
  readonly texts: readonly string[];
  /** Length of the longest. */
  readonly width: number;
  /** All of them at that length. */
  readonly padded: ReturnType<typeof symbolsOf>;
}

/** By the values, which all items that are made share. */
const knownSymbols = new WeakMap<Tensor["data"], SymbolTexts>();

function symbolTexts(tensor: Tensor): SymbolTexts {
  const { values } = tensor.variation!;
  let known = knownSymbols.get(values);
  if (known === undefined) {
    const texts = textsOf(tensor, values);
    const width = longest(texts, 0);
    knownSymbols.set(values, known = { texts, width, padded: padded(texts, width) });
  }
  return known;
}

function paddedSymbols(tensor: Tensor, width: number): ReturnType<typeof symbolsOf> {
  const known = symbolTexts(tensor);
  return width === known.width ? known.padded : padded(known.texts, width);
}

function padded(texts: readonly string[], width: number): ReturnType<typeof symbolsOf> {
  return symbolsOf(texts.map((text) => text.padStart(width)));
}

function jsonElement({ name, datatype, data }: Tensor, at: number): string {
  const element = data[at];
  if (typeof element === "string") return JSON.stringify(element);
  if (element instanceof Uint8Array) return JSON.stringify(utf8Text(name, element));
  if (typeof element !== "bigint" && (element === undefined || !Number.isFinite(element))) {
    throw new UsageError(`Cannot encode the input "${name}" as JSON must hold its elements: found ${element} at ${at}`);
  }
  if (datatype === "BOOL") return Number(element) === 0 ? "false" : "true";
  if (!isFloat(datatype)) return String(element);
  return floatText(typeof element === "bigint" ? String(element) : floatElement(datatype, data, element));
}

/** Without a point it would be an integer to servers that make a tensor of what they read. */
function floatText(digits: string): string {
  return /^-?\d+$/.test(digits) ? `${digits}.0` : digits;
}

function floatElement(datatype: Tensor["datatype"], data: Tensor["data"], element: number): string {
  if (datatype === "BF16") return shortest(data instanceof Uint16Array ? ofBfloat16Bits(element) : element, toBfloat16);
  if (data instanceof Float32Array) return shortest(element, Math.fround);
  return data instanceof Float16Array ? shortest(element, Math.f16round) : String(element);
}

/** The shortest decimal that reads back as the same shorter float: 0.1 rather than 0.10000000149011612. */
function shortest(element: number, round: (value: number) => number): string {
  for (const scale of [1e2, 1e4, 1e5]) {
    const few = Math.round(element * scale) / scale;
    if (round(few) === element) return String(few);
  }
  for (let digits = 3; digits < 9; digits++) {
    const short = Number(element.toPrecision(digits));
    if (round(short) === element) return String(short);
  }
  return String(Number(element.toPrecision(9)));
}

/** JSON has no bytes: those of a text are sent as the text. */
function utf8Text(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(
      `Cannot encode the input "${name}" as JSON must hold its bytes as a text: ${bytes.length} are no UTF-8, and the ` +
        "server takes no raw tensors",
      { hint: "If its model decodes base64, give that as the text: in a .txt file, or as a string in JSON." },
    );
  }
}
