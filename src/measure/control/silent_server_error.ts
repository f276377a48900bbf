import { TargetError } from "../../core/errors.ts";

/** A server that let a question pass its deadline, and the question for its health behind it as well: it is given up. */
export class SilentServerError extends TargetError {
  /**
   * Makes the error.
   *
   * @param found What was not answered, for people: a sentence without its full stop.
   */
  constructor(found: string) {
    super(`${found}; asked for its health, it does not answer either`);
    this.name = "SilentServerError";
  }
}
