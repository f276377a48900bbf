import { TargetError } from "../../core/errors.ts";
import type { Call, CallOptions, WireRequest } from "../../core/transport.ts";
import { ask, isRecord, jsonRequest, objectOf, type ServerAnswer, succeeded } from "./server_answer.ts";
import { isOfNoRoute, showsNoRoute } from "./shown_absence.ts";

/** A name that no server has: unloading it changes nothing, so that a server can be asked whether it unloads at all. */
export const NO_SUCH_MODEL = "torchgauge-no-such-model";

/** Something that a server was asked for and does not do for any model. */
export class NotOfferedError extends TargetError {
  /** What was seen, for people. */
  readonly found: string;

  /**
   * Tells what it was.
   *
   * @param what What it was for, as in "load the model": the beginning of the message.
   * @param found What was seen.
   */
  constructor(what: string, found: string) {
    super(`Cannot ${what} as the server must offer that: ${found}`);
    this.name = "NotOfferedError";
    this.found = found;
  }
}

/**
 * Sends a request that must be answered with status 2xx and a JSON object, over a route that a gateway may hide.
 *
 * @throws {NotOfferedError} If there is no such route.
 * @throws {TargetError} If it is answered otherwise or not at all.
 */
export async function askIfOffered(
  call: Call,
  request: WireRequest,
  what: string,
  options?: CallOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await ask(call, request, what, options);
  if (isOfNoRoute(answer)) throw new NotOfferedError(what, seen(request, answer));
  return objectOf(answer, request, what);
}

/**
 * Why the answer to a request about {@linkcode NO_SUCH_MODEL} shows that the server lacks the capability, or `null` if
 * it has it: then the request succeeds, or the complaint is about that very model. A server that lacks it has no such
 * path, or says that it is off.
 *
 * @param request What was asked.
 * @param answer What the server said.
 */
export function capabilityLack(request: WireRequest, answer: ServerAnswer): string | null {
  return showsCapability(answer) ? null : seen(request, answer);
}

/** What was seen, for people. */
export function seen(request: WireRequest, { status, words }: ServerAnswer): string {
  const path = request.path.split("?")[0];
  return `${request.method} ${path} answers status ${status}${words === "" ? "" : `: ${words}`}`;
}

function showsCapability(answer: ServerAnswer): boolean {
  if (answer.status === 501 || answer.status === 503) return false;
  if (succeeded(answer)) return answer.value === undefined ? answer.words === "" : isRecord(answer.value);
  return answer.words.includes(NO_SUCH_MODEL) && !/not (allowed|supported|enabled)/i.test(answer.words);
}

/** Where predictions of a model are asked for. */
export interface PredictionRoute {
  readonly path: string;
  readonly model: string;
}

/**
 * Whether there is a route for predictions: whatever is said of a request without any input, but that there is none.
 *
 * @param call Carries the request.
 * @param route The route.
 */
export async function hasRoute(call: Call, { path, model }: PredictionRoute, options?: CallOptions): Promise<boolean> {
  const answer = await ask(
    call,
    jsonRequest("POST", path, {}),
    `find out whether it has the model "${model}"`,
    options,
  );
  return !showsNoRoute(answer, { path, model, hasRoute: false });
}

/**
 * The models of a server, `null` where a gateway lets through no more than the requests for predictions.
 *
 * @param call Carries the request.
 * @param list Lists them.
 * @param route The route that tells a gateway from another server.
 * @throws {TargetError} If they are not listed, and there is no such route either.
 */
export async function unlessHidden<T>(
  call: Call,
  list: Promise<readonly T[]>,
  route: PredictionRoute,
  options?: CallOptions,
): Promise<readonly T[] | null> {
  try {
    return await list;
  } catch (error) {
    if (error instanceof NotOfferedError && await hasRoute(call, route, options)) return null;
    throw error;
  }
}
