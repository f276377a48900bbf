import { TargetError } from "../../core/errors.ts";
import { naming, option } from "../../core/option_words.ts";
import type { InputSpec, PartialInput, TensorSpec } from "../../core/model_input.ts";
import type { ModelDescription } from "../../core/protocol.ts";

/** A model of which everything is known but what its items look like: somebody must give some. */
export class UnknownInputError extends TargetError {
  /** What is known. */
  readonly known: Omit<ModelDescription, "input">;
  /** What is sent to it where nobody gives any, as it takes anything; `null` where that would be a guess. */
  readonly otherwise: InputSpec | null;
  /** What is said of its inputs all the same: all of them, or none. */
  readonly told: readonly PartialInput[];

  /**
   * Tells which model it is.
   *
   * @param known What is known of it.
   * @param why What was looked at, and what was found there.
   * @param otherwise What is sent where nobody gives any.
   * @param told What is said of its inputs all the same.
   * @param lasts Whether a wait is in vain.
   */
  constructor(
    known: Omit<ModelDescription, "input">,
    why = "neither its metadata nor the model's name tells",
    otherwise: InputSpec | null = null,
    told: readonly PartialInput[] = [],
    lasts = false,
  ) {
    super(
      `Cannot make inputs for the model "${known.name}" as the server must say what it takes: ${why}`,
      {
        lasts,
        hint: told.some(({ datatype }) => datatype === null)
          ? naming`Say what is sent in its place with ${option("inputs.tensors.datatype")}.`
          : naming`Give sample inputs with ${option("inputs")}, or their shapes with ${option("inputs.tensors")}.`,
      },
    );
    this.name = "UnknownInputError";
    this.known = known;
    this.otherwise = otherwise;
    this.told = told;
  }
}

/**
 * Whether all is said of an input.
 *
 * @param input What is said of it.
 */
export function isWholeInput(input: PartialInput): input is TensorSpec {
  return input.datatype !== null && input.shape !== null;
}
