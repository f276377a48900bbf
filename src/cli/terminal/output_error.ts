import { systemWords } from "./system_words.ts";

/** What stdout did not take. It is the disk's fault or the terminal's; the command exits with 5. */
export class OutputError extends Error {
  /**
   * Makes the error.
   *
   * @param cause What the system says.
   */
  constructor(cause: Error) {
    super(`Cannot write to stdout as it must be writable: ${systemWords(cause)}`, { cause });
    this.name = "OutputError";
  }
}
