import type { PartialReason } from "../results/result_base.ts";

/**
 * Why results hold less than was asked for, as a clause.
 *
 * @param partial The reason.
 */
export function cutInWords(partial: PartialReason): string {
  switch (partial) {
    case "interrupted":
      return "interrupted";
    case "target-lost":
      return "the server stopped answering";
    case "model-lost":
      return "the model was unloaded and could not be loaded again";
  }
}
