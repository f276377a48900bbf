import type { InputSpec } from "../../core/model_input.ts";

/** Words of a made text where the server does not say how long texts may be. */
export const DEFAULT_WORDS = 32;

const TEXT = /bert|gpt|(^|[-_/])t5|bart|electra|xlnet|xlm|opt-|llama|bloom|sentence-transformers|minilm/i;
const IMAGE =
  /resnet|resnext|mobilenet|vgg|efficientnet|densenet|googlenet|shufflenet|squeezenet|mnasnet|regnet|convnext|(^|[-_/])vit|swin|maxvit|alexnet|deit/i;
/** Inception v3 was made for larger images than the rest. */
const LARGE_IMAGE = /inception/i;

/** The input of image classifiers, where nobody says how large their images are: one RGB image. */
export function guessedImage(side = 224): InputSpec {
  return { kind: "tensors", tensors: [{ name: "input", datatype: "FP32", shape: [3, side, side] }], guessed: true };
}

/** The input of text models. */
export function textInput(words: number = DEFAULT_WORDS): InputSpec {
  return { kind: "text", words };
}

/**
 * What a model takes, guessed from its name by the published architectures of torchvision and Hugging Face.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inputByName } from "./model_families.ts";
 * assertEquals(inputByName("distilbert-base-uncased"), { kind: "text", words: 32 });
 * assertEquals(inputByName("my-model"), null);
 * ```
 *
 * @param model Canonical name.
 * @returns `null` if the name says nothing.
 */
export function inputByName(model: string): InputSpec | null {
  if (TEXT.test(model)) return textInput();
  if (LARGE_IMAGE.test(model)) return guessedImage(299);
  return IMAGE.test(model) ? guessedImage() : null;
}
