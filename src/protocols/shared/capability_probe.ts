import { TargetError } from "../../core/errors.ts";
import type { WireRequest } from "../../core/transport.ts";
import { isRecord, type ServerAnswer, succeeded } from "./server_answer.ts";

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
