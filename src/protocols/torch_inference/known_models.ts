import { inputByName } from "../shared/model_families.ts";
import { canonicalName } from "./aliases.ts";

/** Where a model can be fetched from, and as what. */
export interface KnownModel {
  readonly source: string;
  readonly task: string;
}

/** The published names of torchvision's classifiers. */
const TORCHVISION =
  /^(alexnet|googlenet|inception_v3|maxvit_t|(wide_)?resnet\d+(_2)?|resnext\d+_\d+x\d+d|mobilenet_v(2|3_(small|large))|vgg1[1369](_bn)?|efficientnet_(b[0-7]|v2_[sml])|densenet\d{3}|squeezenet1_[01]|shufflenet_v2_x\d_\d|mnasnet\d_\d+|regnet_[xy]_\d+(m|g)f|(vit|swin|swin_v2|convnext)_[a-z]+(_\d+)?)$/;
/** Published names of the families of Hugging Face that the contract names. */
const HUGGING_FACE = /^((distil)?bert-(base|large)-(un)?cased|(distil)?roberta-(base|large))$/;

/**
 * Where a model is published, by its name alone.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { knownModel } from "./known_models.ts";
 * assertEquals(knownModel("resnet"), { source: "torchvision", task: "image-classification" });
 * assertEquals(knownModel("bert-base-uncased")?.source, "huggingface");
 * assertEquals(knownModel("resnet-of-mine"), null);
 * ```
 *
 * @param name Name or alias.
 * @returns `null` for a name that is not a published one.
 */
export function knownModel(name: string): KnownModel | null {
  const canonical = canonicalName(name);
  if (TORCHVISION.test(canonical)) return { source: "torchvision", task: "image-classification" };
  return HUGGING_FACE.test(canonical) ? { source: "huggingface", task: "text-classification" } : null;
}

/** What a model does, by the family that its name shows; `null` where it shows none. */
export function taskByName(model: string): string | null {
  const input = inputByName(model);
  if (input === null) return null;
  return input.kind === "text" ? "text-classification" : "image-classification";
}
