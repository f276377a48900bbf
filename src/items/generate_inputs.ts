import { UsageError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";
import type { InputSpec, ModelInput, Tensor, TensorSpec, Variation } from "../core/model_input.ts";
import { type Random, seededRandom } from "../core/random.ts";
import { fillNumbers } from "./fill_numbers.ts";
import { EVEN_WORDS, FRONT_WORDS, MADE_WORDS, madeValues, varyingValues } from "./made_values.ts";
import { arrayOf, type NumberArray } from "./number_arrays.ts";
import { makePrompt, withOutputTokens } from "./prompts/make_prompts.ts";
import { variedPrompt } from "./prompts/prompt_front.ts";
import { variationOf, varied, variedSample } from "./variation.ts";

/** Size given to a dimension that may have any. */
const VARIABLE_DIMENSION = 16;
/** Words of one text of a BYTES tensor. */
const WORDS_OF_BYTES = 8;

/** Which items are wanted. */
export interface WantedItems {
  /** What they look like. */
  readonly spec: InputSpec;
  /** Number of the first, from 0. */
  readonly from: number;
  /** Number behind the last. */
  readonly to: number;
  /** Of the values; an item depends on this and its own number alone. */
  readonly seed: number;
  /** Whether a part of each may differ from request to request. */
  readonly varies: boolean;
}

/**
 * Makes different items from a model's description.
 *
 * Tensor values are uniform: floats in [0, 1) with two decimals, integers in [0, 100). They stand in arrays of the element type,
 * those of consecutive items behind one another in memory.
 *
 * @param wanted Which.
 * @throws {UsageError} If they cannot be made.
 */
export function generateInputs({ spec, from, to, seed, varies }: WantedItems): ModelInput[] {
  checkInputs(spec);
  const count = to - from;
  const randomOf = (i: number) => seededRandom(seedOf(seed, from + i, 0));
  if (spec.kind === "samples") {
    const { samples, variesAtFront, outputTokens, vocabulary } = spec;
    return samples.slice(from, to).map((item, i) => {
      if (item.kind !== "prompt") return varies ? variedSample(item, variesAtFront) : item;
      const prompt = withOutputTokens(item, outputTokens, randomOf(i));
      return varies ? variedPrompt(prompt, vocabulary) : prompt;
    });
  }
  if (spec.kind === "prompts") return Array.from({ length: count }, (_, i) => makePrompt(spec, randomOf(i), varies));
  if (spec.kind === "text") {
    const made = spec.variesAtFront ? madePrompt : madeItem;
    return Array.from({ length: count }, (_, i) => made(spec.words, randomOf(i), varies));
  }
  const columns = spec.tensors.map((tensor, column) => makeColumn(tensor, { from, count, seed, column, varies }));
  return Array.from({ length: count }, (_, i) => {
    const tensors = columns.map((column) => column[i]!);
    return { kind: "tensors", tensors: varies ? varied(tensors, madeVariation) : tensors };
  });
}

/**
 * Whether items can be made from a description.
 *
 * @param spec The description.
 * @throws {UsageError} If it is of kind `samples` and has none, or a tensor is too large to be meant.
 */
export function checkInputs(spec: InputSpec): void {
  if (spec.kind === "samples" && spec.samples.length === 0) {
    throw new UsageError("Cannot make inputs as at least one sample is required: got 0");
  }
  if (spec.kind !== "tensors") return;
  for (const tensor of spec.tensors) {
    const { shape, elements } = madeShape(tensor);
    if (elements <= 2 ** 28) continue;
    throw new UsageError(
      `Cannot make inputs as a tensor must have at most 2^28 elements: input "${tensor.name}" has shape [${shape}]`,
      { hint: naming`Give real ones with ${option("inputs")}.` },
    );
  }
}

/**
 * The shape of a tensor that is made. A dimension of any size is 16, one that may be the model's own batch 1.
 *
 * @param spec What it looks like.
 * @returns Its dimensions, and how many elements it has.
 */
export function madeShape(spec: TensorSpec): { readonly shape: readonly number[]; readonly elements: number } {
  const shape = spec.shape.map((dimension, i) =>
    dimension >= 0 ? dimension : i === 0 && spec.ownBatch ? 1 : VARIABLE_DIMENSION
  );
  return { shape, elements: shape.reduce((product, dimension) => product * dimension, 1) };
}

/** Mixed by odd constants (of xxHash), so that neighbours have nothing in common. */
function seedOf(seed: number, item: number, column: number): number {
  return seed + Math.imul(item + 1, 0x9e3779b1) + Math.imul(column, 0x85ebca77);
}

/** A text; those that vary end in words of which each may be any of its kind. */
function madeItem(words: number, random: Random, varies: boolean): ModelInput & { readonly kind: "text" } {
  const variation = varies ? variationOf(EVEN_WORDS, words - 1) : undefined;
  const { places } = variation ?? { places: 0 };
  const text = wordsOf(MADE_WORDS, words - places, random).join(" ") + wordsOf(EVEN_WORDS, places, random).join("");
  return variation === undefined ? { kind: "text", text } : { kind: "text", text, variation };
}

/** A text that begins with words of which each may be any of its kind. */
function madePrompt(words: number, random: Random, varies: boolean): ModelInput & { readonly kind: "text" } {
  const found = varies ? variationOf(FRONT_WORDS, words - 1) : undefined;
  if (found === undefined) return madeItem(words, random, false);
  const text = wordsOf(FRONT_WORDS, found.places, random).join("") +
    wordsOf(MADE_WORDS, words - found.places, random).join(" ");
  return { kind: "text", text, variation: { ...found, atFront: true } };
}

function wordsOf(words: readonly string[], count: number, random: Random): string[] {
  return Array.from({ length: count }, () => words[Math.floor(random() * words.length)]!);
}

interface Column {
  readonly from: number;
  readonly count: number;
  readonly seed: number;
  readonly column: number;
  readonly varies: boolean;
}

/** One tensor of several items. */
function makeColumn(spec: TensorSpec, { from, count, seed, column, varies }: Column): Tensor[] {
  const { shape, elements } = madeShape(spec);
  const { name, datatype } = spec;
  if (datatype === "BYTES") {
    return Array.from({ length: count }, (_, i) => {
      const random = seededRandom(seedOf(seed, from + i, column));
      const texts = Array.from({ length: elements }, () => madeItem(WORDS_OF_BYTES, random, varies).text);
      return { name, datatype, shape, data: texts };
    });
  }
  const all = arrayOf(datatype, elements * count);
  const values = madeValues(datatype);
  return Array.from({ length: count }, (_, i) => {
    const data = all.subarray(i * elements, (i + 1) * elements) as NumberArray;
    fillNumbers(data, values, seedOf(seed, from + i, column));
    return { name, datatype, shape, data };
  });
}

function madeVariation({ datatype, data }: Tensor): Variation | undefined {
  if (datatype !== "BYTES") return variationOf(varyingValues(datatype, data.length), data.length);
  return data.length === 0 ? undefined : variationOf(EVEN_WORDS, WORDS_OF_BYTES - 1);
}
