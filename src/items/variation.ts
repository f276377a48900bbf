import type { ModelInput, Tensor, Variation } from "../core/model_input.ts";

/** More requests than a run sends. */
const ENOUGH = 2 ** 32;
/** Most values that are looked for in a given tensor, and elements in which they are. */
const MOST_VALUES = 100;
const MOST_LOOKED_AT = 4096;
/** In a smaller tensor each element may have a meaning of its own. */
const FEWEST_ELEMENTS = 16;
const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const DIGIT_PLACES = 8;
const NUMBER: Variation = { places: DIGIT_PLACES, values: DIGITS };
/** In front of what it varies the number is written with its lowest digit first, so that beginnings differ at once. */
const FRONT_NUMBER: Variation = { ...NUMBER, atFront: true };
/** Of a text in a tensor. */
const FEWEST_WORDS = 4;
/** A text of so many digits of base64 and nothing else is bytes. */
const FEWEST_DIGITS = 64;

/**
 * As many places as tell the requests of a run apart, or as there are.
 *
 * @param values What may stand in each; at least two.
 * @param available How many places there are.
 * @returns `undefined` where nothing can differ.
 */
export function variationOf(values: Variation["values"], available: number): Variation | undefined {
  const base = values.length;
  const places = Math.min(available, base < 2 ? 0 : Math.ceil(Math.log(ENOUGH) / Math.log(base)));
  return places < 1 ? undefined : { places, values };
}

/**
 * Which of some tensors differ from request to request: the first that can tell all requests apart, else as many as do so
 * together, those first that tell most apart.
 *
 * @param tensors The tensors of an item.
 * @param variation What of a tensor may differ.
 * @returns The same tensors, some of them with their variation.
 */
export function varied(
  tensors: readonly Tensor[],
  variation: (tensor: Tensor) => Variation | undefined,
): readonly Tensor[] {
  const found: { readonly i: number; readonly own: Variation; readonly capacity: number }[] = [];
  for (const [i, tensor] of tensors.entries()) {
    const own = variation(tensor);
    if (own === undefined) continue;
    const capacity = own.values.length ** own.places;
    if (capacity >= ENOUGH) found.length = 0;
    found.push({ i, own, capacity });
    if (capacity >= ENOUGH) break;
  }
  const variations = new Map<number, Variation>();
  let divisor = 1;
  for (const { i, own, capacity } of found.toSorted((a, b) => b.capacity - a.capacity)) {
    if (divisor >= ENOUGH) break;
    variations.set(i, divisor === 1 ? own : { ...own, divisor });
    divisor *= capacity;
  }
  return tensors.map((tensor, i) => variations.has(i) ? { ...tensor, variation: variations.get(i)! } : tensor);
}

/**
 * A given item that may differ from request to request without becoming another kind of input: a text gets a number at its
 * end, in a tensor where it is the only element and has several words; in a tensor of numbers the first elements may be any
 * that it holds itself. JSON and bytes, as base64 too, stay as they are, since nobody knows what they mean.
 *
 * @param item The item; it stays as it is.
 * @param atFront Whether a text gets its number at its front. @default {false}
 */
export function variedSample(item: ModelInput, atFront = false): ModelInput {
  switch (item.kind) {
    case "text":
      if (atFront) {
        return { kind: "text", text: `${DIGITS[0]!.repeat(DIGIT_PLACES)} ${item.text}`, variation: FRONT_NUMBER };
      }
      return isBase64(item.text) ? item : { kind: "text", text: numbered(item.text), variation: NUMBER };
    case "tensors":
      return { kind: "tensors", tensors: varied(item.tensors, givenVariation).map(withNumber) };
    default:
      return item;
  }
}

function isBase64(text: string): boolean {
  const digits = text.replace(/^data:[^\s,]*;base64,/, "");
  if (digits.length < FEWEST_DIGITS || digits.length % 4 !== 0) return false;
  return !/[^\w+/-]/.test(digits.replace(/={1,2}$/, ""));
}

function numbered(text: string): string {
  return `${text} ${DIGITS[0]!.repeat(DIGIT_PLACES)}`;
}

/** Room for the number at the end of a text that may differ. */
function withNumber(tensor: Tensor): Tensor {
  const isText = tensor.datatype === "BYTES" && tensor.variation !== undefined;
  return isText ? { ...tensor, data: [numbered(String(tensor.data[0]))] } : tensor;
}

function givenVariation({ datatype, data, fixed }: Tensor): Variation | undefined {
  if (fixed === true) return undefined;
  // One word may be a key, a category or bytes as text.
  if (datatype === "BYTES") {
    return data.length === 1 && String(data[0]).split(/\s+/).length >= FEWEST_WORDS ? NUMBER : undefined;
  }
  if (data.length < FEWEST_ELEMENTS) return undefined;
  const numbers = data as Float64Array;
  const values = new Set<number>();
  for (let i = 0; i < numbers.length && i < MOST_LOOKED_AT && values.size < MOST_VALUES; i++) {
    const element = numbers[i]!;
    if (typeof element === "bigint" || Number.isFinite(element)) values.add(element);
  }
  // Of the array's own type, so that they are written as its elements are.
  const { from } = numbers.constructor as Float64ArrayConstructor;
  return variationOf(from.call(numbers.constructor, values), numbers.length);
}
