import type { ModelDescription } from "../core/protocol.ts";

/**
 * Why given items cannot stand in one batch, in words; `null` where they can, or none were given.
 *
 * @param description What the model takes.
 */
export function unlikeItems({ input }: Pick<ModelDescription, "input">): string | null {
  return input.kind === "samples" ? input.unlike ?? null : null;
}
