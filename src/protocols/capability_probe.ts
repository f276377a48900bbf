import { isRecord, type ServerAnswer, succeeded } from "./server_answer.ts";

/** A name that no server has: unloading it changes nothing, so that a server can be asked whether it unloads at all. */
export const NO_SUCH_MODEL = "torchgauge-no-such-model";

/**
 * Whether the answer to a request about {@linkcode NO_SUCH_MODEL} comes from a server that has the capability: it
 * succeeds, or it complains about that very model. A server that lacks it has no such path, or says that it is off.
 *
 * @param answer What the server said.
 */
export function showsCapability(answer: ServerAnswer): boolean {
  if (answer.status === 501 || answer.status === 503) return false;
  if (succeeded(answer)) return answer.value === undefined ? answer.words === "" : isRecord(answer.value);
  return answer.words.includes(NO_SUCH_MODEL) && !/not (allowed|supported|enabled)/i.test(answer.words);
}
