import type { ServerAnswer } from "./server_answer.ts";

/** What is refused to who asks, or for now, whatever became of the model. */
const NOT_OF_THE_MODEL = [401, 403, 407, 408, 429];
/** What is answered where there is no such route. */
const NO_ROUTE = [404, 405, 501];
const OF_THE_MODEL = /\b(?:model|(?:un)?loaded)\b/i;
const OF_THE_LOAD = /\b(?:overloaded|busy|capacity|queue|try again)\b/i;

/**
 * Whether the refusal of a question after one model shows that the model is not there. Where nothing is said of the model, the
 * route may be missing, or the server may be in trouble.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { refusalShowsAbsence } from "./shown_absence.ts";
 * assertEquals(refusalShowsAbsence({ status: 404, words: "Not Found" }, "/v2/models/m/ready", false), false);
 * assertEquals(refusalShowsAbsence({ status: 404, words: "no model m" }, "/v2/models/m/ready", false), true);
 * ```
 *
 * @param answer The refusal.
 * @param path What was asked for; servers repeat it.
 * @param hasRoute Whether the server is known to have a route for the question.
 */
export function refusalShowsAbsence(
  { status, words }: Pick<ServerAnswer, "status" | "words">,
  path: string,
  hasRoute: boolean,
): boolean {
  if (status < 400 || NOT_OF_THE_MODEL.includes(status)) return false;
  const said = words.replaceAll(path, "");
  if (OF_THE_MODEL.test(said) && !OF_THE_LOAD.test(said)) return true;
  return NO_ROUTE.includes(status) ? hasRoute : status < 500;
}
