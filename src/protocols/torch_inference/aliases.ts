/** Short names of the original server. */
const ALIASES: Readonly<Record<string, string>> = {
  resnet: "resnet50",
  mobilenet: "mobilenet_v2",
  bert: "bert-base-uncased",
  roberta: "roberta-base",
  distilbert: "distilbert-base-uncased",
};

/**
 * The canonical name of a model.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { canonicalName } from "./aliases.ts";
 * assertEquals(canonicalName("resnet"), "resnet50");
 * assertEquals(canonicalName("my-model"), "my-model");
 * ```
 *
 * @param name Name or alias.
 */
export function canonicalName(name: string): string {
  return Object.hasOwn(ALIASES, name) ? ALIASES[name]! : name;
}

/** Whether two names mean the same model. */
export function sameModel(one: string, other: string): boolean {
  return one === other || canonicalName(one) === canonicalName(other);
}
