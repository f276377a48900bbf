import { UsageError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";
import type { Objective } from "../results/objective.ts";
import { LEVEL_METRICS, metricSpec } from "./metrics.ts";
import { parseObjectives } from "./parse_objectives.ts";

/**
 * Reads what a capacity is searched under. The search goes to less load where objectives are missed, so that they must be such
 * as less load keeps: times, errors, a share of goodput.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { UsageError } from "../core/errors.ts";
 *
 * assertThrows(() => parseCapacityObjectives("p99<80ms,throughput>100/s"), UsageError);
 * ```
 *
 * @param text The objectives.
 * @param goodput Limits of each request, where they were given.
 * @returns In the order of the text, at least one.
 * @throws {UsageError} If it cannot be read, if more load helps to keep one, or if one is about a goodput without limits.
 */
export function parseCapacityObjectives(text: string, goodput?: string): Objective[] {
  const objectives = parseObjectives(text, LEVEL_METRICS);
  const helped = objectives.find(isHelpedByLoad);
  if (helped !== undefined) {
    throw new UsageError(
      `Cannot search a capacity under ${helped.text} as less load must help to keep it: found that more load does`,
      {
        hint: "Search under times, errors or a share of goodput, as p99<200ms: how many requests keep them is found.",
      },
    );
  }
  checkGoodput(objectives, goodput, "search a capacity under");
  return objectives;
}

/**
 * Whether load helps to keep an objective: a rate grows with it, and the energy at rest is shared by more predictions.
 */
function isHelpedByLoad({ metric, unit }: Objective): boolean {
  return metric === "energy" || (metricSpec(metric).better === "more" && unit !== "share");
}

/**
 * Refuses an objective on goodput without limits of each request.
 *
 * @param objectives What shall hold.
 * @param goodput The limits, where they were given.
 * @param what What cannot be done.
 * @throws {UsageError} If there is one.
 */
export function checkGoodput(objectives: readonly Objective[], goodput: string | undefined, what: string): void {
  const good = goodput === undefined ? objectives.find(({ metric }) => metric === "goodput") : undefined;
  if (good === undefined) return;
  throw new UsageError(`Cannot ${what} ${good.text} as what a good request is must be given: found no limits`, {
    hint: naming`Say it with ${option("goodput", "latency<100ms")}.`,
  });
}
