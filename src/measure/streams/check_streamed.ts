import { UsageError } from "../../core/errors.ts";
import { naming, option } from "../../core/option_words.ts";
import type { Target } from "../../core/target.ts";
import { isOfStreams } from "../../objectives/metrics.ts";
import { parseObjectives, parseRequestLimits } from "../../objectives/parse_objectives.ts";

/**
 * Refuses limits of what only streamed answers have, where answers are not streamed: nothing could ever tell.
 *
 * @param target What is measured.
 * @param options The limits of goodput and the objectives of a capacity.
 * @throws {UsageError} If one is of streams and the target's answers are none.
 */
export function checkStreamed(
  { model, protocol }: Pick<Target, "model"> & { readonly protocol: Pick<Target["protocol"], "name" | "openStream"> },
  { goodput, objectives }: { readonly goodput?: string; readonly objectives?: string },
): void {
  if (protocol.openStream !== undefined) return;
  const limited = {
    goodput: goodput === undefined ? [] : parseRequestLimits(goodput),
    objectives: objectives === undefined ? [] : parseObjectives(objectives),
  };
  for (const [name, limits] of Object.entries(limited)) {
    const limit = limits.find(({ metric }) => isOfStreams(metric));
    if (limit === undefined) continue;
    throw new UsageError(
      `Cannot hold "${model}" to ${limit.text} as its answers must be streamed: those of ${protocol.name} are not`,
      { hint: naming`Leave it out of ${option(name)}, or name a language model.` },
    );
  }
}
