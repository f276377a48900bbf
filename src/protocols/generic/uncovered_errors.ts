import { isError, isRecord, shortened } from "../shared/server_answer.ts";
import type { GenericSpec } from "./spec.ts";

/** By what servers tell an error at the top of an answer. */
const NAMES = ["error", "errors", "detail"] as const;
const LONGEST = 80;

/** What looks like an error at the top of answers that count as successes, since no pointer of the description leads there. */
export class UncoveredErrors {
  readonly #names: readonly string[];
  readonly #seen = new Map<string, string>();

  /** @param spec The description. */
  constructor({ predictions, error }: Pick<GenericSpec, "predictions" | "error">) {
    // Where the whole answer is the prediction, its `error` is one of a prediction, which is judged.
    const judged = predictions === "" ? "/error" : predictions;
    this.#names = NAMES.filter((name) =>
      ![judged, error].some((pointer) => pointer === `/${name}` || pointer?.startsWith(`/${name}/`))
    );
  }

  /**
   * Looks at an answer.
   *
   * @param answer The JSON that it holds.
   * @param status Its HTTP status.
   */
  look(answer: unknown, status: number): void {
    if (!isRecord(answer)) return;
    for (const name of this.#names) {
      const told = answer[name];
      if (!isError(told) || this.#seen.has(name)) continue;
      const text = shortened(typeof told === "string" ? told : JSON.stringify(told));
      const words = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
      this.#seen.set(
        name,
        `An answer of status ${status} has "${name}": ${words}. No pointer of the description leads there, so it is no ` +
          `failure; with "error": "/${name}" it is one.`,
      );
    }
  }

  /** What was seen, one sentence for each name. */
  notes(): string[] {
    return [...this.#seen.values()];
  }
}
