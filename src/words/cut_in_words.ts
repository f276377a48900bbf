import type { PartialReason } from "../results/result_base.ts";
import type { LostServer, Outage } from "../results/window/lost_server.ts";
import { formatTime } from "./quantity.ts";
import { shortened } from "./words.ts";

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

/**
 * When and how a server was lost, as the end of a clause: ` 3.2 s into the run (connection refused)`.
 *
 * @param lost What is known of it; `undefined` where nothing is.
 */
export function lostInWords(lost: LostServer | undefined): string {
  return lost === undefined ? "" : ` ${formatTime(lost.atMs)} into the run (${shortened(lost.reason)})`;
}

/**
 * A time in which the server did not answer, as a sentence.
 *
 * @param outage When, and what failed meanwhile.
 */
export function outageInWords({ fromMs, toMs, failed }: Outage): string {
  return `The server did not answer from ${formatTime(fromMs)} to ${formatTime(toMs)} of the run: ` +
    `${failed} ${failed === 1 ? "request" : "requests"} failed.`;
}
