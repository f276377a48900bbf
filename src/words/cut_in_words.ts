import type { PartialReason } from "../results/result_base.ts";
import type { LostServer } from "../results/window/lost_server.ts";
import { lostInWords } from "./lost_in_words.ts";

/**
 * Why results hold less than was asked for, as a clause.
 *
 * @param partial The reason.
 * @param lost When and how the server was lost, where that is known.
 */
export function cutInWords(partial: PartialReason, lost?: LostServer): string {
  switch (partial) {
    case "interrupted":
      return "interrupted";
    case "target-lost":
      return `the server was lost${lostInWords(lost)}`;
    case "model-lost":
      return "the model was unloaded and could not be loaded again";
  }
}
