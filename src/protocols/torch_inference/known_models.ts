import { inputByName } from "../shared/model_families.ts";
import { canonicalName } from "./aliases.ts";

/** Where a model can be fetched from, and as what. */
export interface KnownModel {
  readonly source: string;
  readonly task: string;
}

/** The published names of torchvision's classifiers. */
const TORCHVISION = new RegExp(
  `^(${
    [
      "alexnet|googlenet|inception_v3|maxvit_t",
      "resnet(18|34|50|101|152)|wide_resnet(50|101)_2|resnext(50_32x4d|101_32x8d|101_64x4d)",
      "mobilenet_v(2|3_small|3_large)|mnasnet(0_5|0_75|1_0|1_3)|shufflenet_v2_x(0_5|1_0|1_5|2_0)|squeezenet1_[01]",
      "vgg1[1369](_bn)?|densenet(121|161|169|201)|efficientnet_(b[0-7]|v2_[sml])",
      "regnet_(x|y)_(400mf|800mf|1_6gf|3_2gf|8gf|16gf|32gf)|regnet_y_128gf",
      "vit_(b_16|b_32|l_16|l_32|h_14)|swin(_v2)?_[tsb]|convnext_(tiny|small|base|large)",
    ].join("|")
  })$`,
);
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
