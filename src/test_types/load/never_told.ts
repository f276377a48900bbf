import { isAbsent } from "../../results/measured.ts";
import type { Objective } from "../../results/objective.ts";
import type { Window } from "../../results/window/window.ts";
import { figureOf } from "./trial_time.ts";

/**
 * Why no trial, however long, tells an objective: its figure is not in the answers of the server, as where that counts no
 * tokens.
 *
 * @param objectives What must hold.
 * @param answered What was measured of the server, with answers.
 * @returns `null` where each can be told.
 */
export function whyNeverTold(objectives: readonly Objective[], answered: Window): string | null {
  for (const objective of objectives) {
    const measured = figureOf(objective)?.read(answered);
    if (measured !== undefined && isAbsent(measured)) return `${objective.text} cannot be told: ${measured.detail}`;
  }
  return null;
}
