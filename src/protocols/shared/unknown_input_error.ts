import { TargetError } from "../../core/errors.ts";
import type { ModelDescription } from "../../core/protocol.ts";

/** A model of which everything is known but what its items look like: somebody must give some. */
export class UnknownInputError extends TargetError {
  /** What is known. */
  readonly known: Omit<ModelDescription, "input">;

  /**
   * Tells which model it is.
   *
   * @param known What is known of it.
   */
  constructor(known: Omit<ModelDescription, "input">) {
    super(
      `Cannot make inputs for the model "${known.name}" as the server must say what it takes: neither its metadata ` +
        `nor the model's name tells`,
      { hint: "Give sample inputs with --input-data FILE, or the shape with --input-shape NAME:N,N,..." },
    );
    this.name = "UnknownInputError";
    this.known = known;
  }
}
