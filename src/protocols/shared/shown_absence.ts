import type { ServerAnswer } from "./server_answer.ts";

/** What is refused to who asks, or for now, whatever became of the model. */
const NOT_OF_THE_MODEL = [401, 403, 407, 408, 429];
/** What is answered where there is no such route, or, by Python's http.server, no such method. */
const NO_ROUTE = [404, 405, 501];
const OF_A_MODEL = /\b(?:model|(?:un)?loaded)\b/i;
const OF_THE_LOAD = /\b(?:overloaded|busy|capacity|queue|try again)\b/i;

/** Whether an answer speaks of the load that the server is under, not of what it was asked for. */
export function isOfTheLoad({ words }: Pick<ServerAnswer, "words">): boolean {
  return OF_THE_LOAD.test(words);
}

/** A question after one model. */
export interface ModelQuestion {
  /** What was asked for; servers repeat it. */
  readonly path: string;
  /** Name of the model. */
  readonly model: string;
  /** Whether the server is known to have a route for the question. */
  readonly hasRoute: boolean;
}

/**
 * Whether a refusal shows that the model is not there. Where nothing is said of the model, the route may be missing, or the
 * server may be in trouble.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { refusalShowsAbsence } from "./shown_absence.ts";
 * const asked = { path: "/v2/models/m/ready", model: "m", hasRoute: false };
 * assertEquals(refusalShowsAbsence({ status: 404, words: "Not Found" }, asked), false);
 * assertEquals(refusalShowsAbsence({ status: 404, words: "no model m" }, asked), true);
 * ```
 *
 * @param answer The refusal.
 * @param asked What was asked.
 */
export function refusalShowsAbsence(answer: Pick<ServerAnswer, "status" | "words">, asked: ModelQuestion): boolean {
  const { status } = answer;
  if (status < 400 || NOT_OF_THE_MODEL.includes(status)) return false;
  if (isOfModel(answer, asked)) return true;
  return isOfNoRoute(answer) ? asked.hasRoute : status < 500;
}

/** Whether a status is that of a route that there may not be. */
export function isOfNoRoute({ status }: Pick<ServerAnswer, "status">): boolean {
  return NO_ROUTE.includes(status);
}

/** Whether a refusal says no more than that there is no such route. */
export function showsNoRoute(answer: Pick<ServerAnswer, "status" | "words">, asked: ModelQuestion): boolean {
  return isOfNoRoute(answer) && !asked.hasRoute && !isOfModel(answer, asked);
}

function isOfModel({ words }: Pick<ServerAnswer, "words">, { path, model }: ModelQuestion): boolean {
  const said = words.replaceAll(path, "");
  if (isOfTheLoad({ words: said })) return false;
  return OF_A_MODEL.test(said) || said.split(/[\s'":;,()]+/).includes(model);
}
