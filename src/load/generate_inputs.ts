import { UsageError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";
import type { InputSpec, ModelInput, Tensor, TensorData, TensorSpec } from "../core/model_input.ts";
import type { Random } from "../core/random.ts";

/** Size given to a dimension that may have any. */
const VARIABLE_DIMENSION = 16;

const WORDS =
  ("time year people way day man thing woman life child world school state family student group country problem hand " +
    "part place case week company system program question work government number night point home water room mother " +
    "area money story fact month lot right study book eye job word business issue side kind head house service friend " +
    "father power hour game line end member law car city community name president team minute idea body information " +
    "back parent face others level office door health person art war history party result change morning reason " +
    "research girl guy moment air teacher force education").split(" ");

/**
 * Makes different items from a model's description.
 *
 * @param spec What the items look like.
 * @param count How many to make.
 * @param random Source of numbers in [0, 1).
 * @returns `count` items. Tensor values are uniform: floats in [0, 1) with two decimals, integers in [0, 100).
 * @throws {UsageError} If `spec` is of kind `samples` and has none, or a tensor is too large to be meant.
 */
export function generateInputs(spec: InputSpec, count: number, random: Random): ModelInput[] {
  if (spec.kind === "samples") {
    if (spec.samples.length === 0) throw new UsageError("Cannot make inputs as at least one sample is required: got 0");
    return Array.from({ length: count }, (_, i) => spec.samples[i % spec.samples.length]!);
  }
  if (spec.kind === "text") {
    return Array.from({ length: count }, () => ({ kind: "text", text: makeText(spec.words, random) }));
  }
  return Array.from({ length: count }, () => ({
    kind: "tensors",
    tensors: spec.tensors.map((tensor) => makeTensor(tensor, random)),
  }));
}

function makeText(words: number, random: Random): string {
  return Array.from({ length: words }, () => WORDS[Math.floor(random() * WORDS.length)]!).join(" ");
}

function makeTensor(spec: TensorSpec, random: Random): Tensor {
  const shape = spec.shape.map((dimension) => dimension < 0 ? VARIABLE_DIMENSION : dimension);
  const elements = shape.reduce((product, dimension) => product * dimension, 1);
  if (elements > 2 ** 28) {
    throw new UsageError(
      `Cannot make inputs as a tensor must have at most 2^28 elements: input "${spec.name}" has shape [${shape}]`,
      { hint: naming`Give real ones with ${option("inputs")}.` },
    );
  }
  return { name: spec.name, datatype: spec.datatype, shape, data: makeData(spec, elements, random) };
}

function makeData(spec: TensorSpec, elements: number, random: Random): TensorData {
  switch (spec.datatype) {
    case "FP16":
    case "FP32":
    case "FP64":
      return Float64Array.from({ length: elements }, () => Math.floor(random() * 100) / 100);
    case "BOOL":
      return Array.from({ length: elements }, () => Math.floor(random() * 2));
    case "BYTES":
      return Array.from({ length: elements }, () => makeText(8, random));
    default:
      return Int32Array.from({ length: elements }, () => Math.floor(random() * 100));
  }
}
