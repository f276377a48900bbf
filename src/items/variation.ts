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
 * Which one of some tensors differs from request to request: the first that can tell all requests apart, else the one that
 * can tell most apart.
 *
 * @param tensors The tensors of an item.
 * @param variation What of a tensor may differ.
 * @returns The same tensors, one of them with its variation.
 */
export function varied(
  tensors: readonly Tensor[],
  variation: (tensor: Tensor) => Variation | undefined,
): readonly Tensor[] {
  let chosen = -1, most = 1, found: Variation | undefined;
  for (const [i, tensor] of tensors.entries()) {
    const own = variation(tensor);
    if (own === undefined || own.values.length ** own.places <= most) continue;
    [chosen, most, found] = [i, own.values.length ** own.places, own];
    if (most >= ENOUGH) break;
  }
  return tensors.map((tensor, i) => i === chosen ? { ...tensor, variation: found! } : tensor);
}

/**
 * A given item that may differ from request to request without becoming another kind of input: a text gets a number at its
 * end; in a tensor of numbers the first elements may be any that it holds itself. JSON and bytes stay as they are, since
 * nobody knows what they mean.
 *
 * @param item The item; it stays as it is.
 */
export function variedSample(item: ModelInput): ModelInput {
  switch (item.kind) {
    case "text":
      return {
        kind: "text",
        text: `${item.text} ${DIGITS[0]!.repeat(DIGIT_PLACES)}`,
        variation: { places: DIGIT_PLACES, values: DIGITS },
      };
    case "tensors":
      return { kind: "tensors", tensors: varied(item.tensors, givenVariation) };
    default:
      return item;
  }
}

function givenVariation({ datatype, data, fixed }: Tensor): Variation | undefined {
  if (fixed === true || datatype === "BYTES" || data.length < FEWEST_ELEMENTS) return undefined;
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
