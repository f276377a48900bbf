import { UsageError } from "../../core/errors.ts";
import { naming, option, type OptionWords } from "../../core/option_words.ts";
import type { Target } from "../../core/target.ts";
import type { Objective } from "../../results/objective.ts";
import { isBetweenTokens, isOfStreams } from "../../objectives/metrics.ts";
import { parseObjectives, parseRequestLimits } from "../../objectives/parse_objectives.ts";
import { generationAsked } from "./generation_asked.ts";

type Measured = Pick<Target, "model"> & {
  readonly protocol: Pick<Target["protocol"], "name" | "openStream" | "generation">;
};

/**
 * Refuses limits of what only streamed answers have, where answers are not streamed, and of what lies between tokens, where
 * answers of one token are asked for: nothing could ever tell.
 *
 * @param target What is measured.
 * @param options The limits of goodput and the objectives of a capacity.
 * @throws {UsageError} If one is of streams and the target's answers are none.
 */
export function checkStreamed(
  target: Measured,
  { goodput, objectives }: { readonly goodput?: string; readonly objectives?: string },
): void {
  const limited = {
    goodput: goodput === undefined ? [] : parseRequestLimits(goodput),
    objectives: objectives === undefined ? [] : parseObjectives(objectives),
  };
  for (const [name, limits] of Object.entries(limited)) refuseOfStreams(target, limits, naming`${option(name)}`);
}

/**
 * The same of what a run must keep.
 *
 * @param target What is measured.
 * @param gate The objectives of the gate, if there is one.
 * @throws {UsageError} If one is of streams and the target's answers are none.
 */
export function checkStreamedGate(target: Measured, gate: { readonly objectives: readonly Objective[] } | null): void {
  refuseOfStreams(target, gate?.objectives ?? [], "the gate");
}

function refuseOfStreams({ model, protocol }: Measured, limits: readonly Objective[], from: OptionWords): void {
  if (protocol.openStream !== undefined) return refuseBetweenTokens({ model, protocol }, limits, from);
  const limit = limits.find(({ metric }) => isOfStreams(metric));
  if (limit === undefined) return;
  throw new UsageError(
    `Cannot hold "${model}" to ${limit.text} as its answers must be streamed: those of ${protocol.name} are not`,
    { hint: leaveOut(from, naming`name a language model`) },
  );
}

function refuseBetweenTokens({ model, protocol }: Measured, limits: readonly Objective[], from: OptionWords): void {
  const { generation } = protocol;
  if (generation === undefined || generationAsked(generation).outputTokens.most !== 1) return;
  const limit = limits.find(({ metric }) => isBetweenTokens(metric));
  if (limit === undefined) return;
  throw new UsageError(
    `Cannot hold "${model}" to ${limit.text} as its answers must have several tokens: one is asked for`,
    { hint: leaveOut(from, naming`ask for more with ${option("generation.outputTokens")}`) },
  );
}

function leaveOut(from: OptionWords, other: OptionWords): OptionWords {
  const parts = (words: OptionWords) => typeof words === "string" ? [words] : words;
  return ["Leave it out of ", ...parts(from), ", or ", ...parts(other), "."];
}
