import { bert } from "./bert.ts";
import type { Graph } from "./graph.ts";
import { mobilenetV2 } from "./mobilenet_v2.ts";
import { resnet18, resnet50 } from "./resnet.ts";

/** What one item of a model looks like on the wire. */
export type ItemSpec =
  | { readonly kind: "tensor"; readonly name: string; readonly shape: readonly number[] }
  | { readonly kind: "text"; readonly name: string; readonly maxTokens: number };

/** A model that the embedded server can serve. */
export interface CatalogModel {
  /** Canonical name. */
  readonly name: string;
  /** Other names that people ask for it by. */
  readonly aliases: readonly string[];
  /** Where a real server would fetch it from. */
  readonly source: "torchvision" | "huggingface";
  /** Name there. */
  readonly modelId: string;
  /** What it does, in the words of model hubs. */
  readonly task: "image-classification" | "text-classification";
  /** One line for people. */
  readonly description: string;
  /** What its items look like. */
  readonly item: ItemSpec;
  /** Numbers that it answers for each item. */
  readonly classes: number;
  /** The network. */
  readonly graph: Graph;
}

/** Largest batch that one request may carry. */
export const MAX_BATCH_SIZE = 128;

/** Seed of the weights of every model. */
export const WEIGHTS_SEED = 1;

/** What the server says about its weights wherever it describes a model. */
export const WEIGHTS = "random (seeded)";

/** Side of the images: small, so that a forward pass takes a few ms on one core and batching has an optimum. */
const IMAGE_SIDE = 64;

function imageModel(
  name: string,
  aliases: readonly string[],
  title: string,
  network: (side: number) => Graph,
): CatalogModel {
  return {
    name,
    aliases,
    source: "torchvision",
    modelId: name,
    task: "image-classification",
    description: `${title} at ${IMAGE_SIDE}x${IMAGE_SIDE} pixels, random weights: predictions mean nothing`,
    item: { kind: "tensor", name: "input", shape: [3, IMAGE_SIDE, IMAGE_SIDE] },
    classes: 1000,
    graph: network(IMAGE_SIDE),
  };
}

/** Every model of the embedded server. */
export const CATALOG: readonly CatalogModel[] = [
  imageModel("mobilenet_v2", ["mobilenet"], "MobileNetV2", mobilenetV2),
  imageModel("resnet18", [], "ResNet-18", resnet18),
  imageModel("resnet50", ["resnet"], "ResNet-50", resnet50),
  {
    name: "bert",
    aliases: ["bert-base-uncased", "bert-mini"],
    source: "huggingface",
    modelId: "bert-base-uncased",
    task: "text-classification",
    description: "BERT encoder of size mini (4 layers, 256 wide), random weights: predictions mean nothing",
    item: { kind: "text", name: "text", maxTokens: 128 },
    classes: 2,
    graph: bert(),
  },
];

/**
 * Finds a model by its name or an alias.
 *
 * @param name What was asked for.
 * @returns The model, or `null` if there is none of that name.
 */
export function findModel(name: string): CatalogModel | null {
  return CATALOG.find((model) => model.name === name || model.aliases.includes(name)) ?? null;
}
