import { encodeOptionsOf } from "../core/request/encode_options.ts";
import { UsageError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";
import type { EncodeOptions } from "../core/protocol.ts";
import type { Sequencing } from "../core/request/sequence.ts";
import type { Target } from "../core/target.ts";
import { defaultOf } from "./settings/default_of.ts";
import type { TestOptions } from "./settings/options.ts";

/** What says how the requests of a run are encoded. */
export type RequestSettings = Pick<TestOptions, "priority" | "parameters" | "sequence" | "sequenceLength">;

/** Of a server that was told to have sequences: nothing is known of them. */
const FORCED = { id: "number", idleMs: null } as const;
/** What a request of a sequence says of its step. */
const OF_SEQUENCES = ["sequence_id", "sequence_start", "sequence_end"];
/** What torchgauge says itself, so that answers can be read. */
const OWN = ["binary_data_output"];

/**
 * How the requests of a run are encoded: those of a stateful model belong to sequences.
 *
 * @param target The model; its server's description says whether it is stateful.
 * @param options What was asked for.
 * @throws {UsageError} If the protocol has no parameters, or something else says them.
 */
export function requestOptionsOf(
  { model, protocol, description }: Pick<Target, "model" | "protocol" | "description">,
  options: RequestSettings,
): EncodeOptions {
  const { priority, parameters } = options;
  const sequence = sequencingOf(description.sequence, options);
  const stated = { ...priority === undefined ? {} : { priority }, ...parameters === undefined ? {} : { parameters } };
  if (sequence !== null && !protocol.takesParameters) {
    throw new UsageError(
      `Cannot measure "${model}" as stateful (sequence) models are not supported over ${protocol.name}`,
    );
  }
  if (parameters !== undefined && !protocol.takesParameters) {
    throw new UsageError(
      naming`Cannot send "${
        option("parameters")
      }" as requests must have parameters: those of ${protocol.name} have none`,
      {
        hint: protocol.generation === undefined
          ? "Leave it out."
          : naming`Give what the model takes with ${option("generation.extraBody")}.`,
      },
    );
  }
  const taken = [...OWN, ...sequence === null ? [] : OF_SEQUENCES, ...priority === undefined ? [] : ["priority"]];
  const twice = Object.keys(parameters ?? {}).find((name) => taken.includes(name));
  if (twice !== undefined) {
    throw new UsageError(
      naming`Cannot send "${
        option("parameters")
      }" as torchgauge must write "${twice}" itself here: it was given as well`,
      { hint: "Leave it out." },
    );
  }
  return { ...encodeOptionsOf(stated), ...sequence === null ? {} : { sequence } };
}

function sequencingOf(
  told: Target["description"]["sequence"],
  { sequence: isForced = false, sequenceLength: length }: RequestSettings,
): Sequencing | null {
  const form = told ?? (isForced ? FORCED : null);
  if (form !== null) return { ...form, length: length ?? defaultOf("sequenceLength") };
  if (length === undefined) return null;
  throw new UsageError(
    naming`Cannot take "${option("sequenceLength")}" as the model must be stateful: its server does not say so`,
    { hint: naming`Add ${option("sequence")} where it is all the same, or leave it out.` },
  );
}
