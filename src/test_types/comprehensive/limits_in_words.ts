import type { InputSpec } from "../../core/model_input.ts";
import { MOST_GIVEN_SETS } from "../../load/requests/request_pool.ts";
import { mayBeGone } from "../../measure/control/after_signal.ts";

/**
 * That a run has taken the model from the server, for people.
 *
 * @param model Its name.
 * @param why Why it could not be loaded again.
 */
export function goneInWords(model: string, why: string): string {
  return `The model "${model}" is gone from the server: this run unloaded it and could not load it again: ${why}.`;
}

/**
 * That requests differ less than they might, for people.
 *
 * @param limits Why; `null` where they do not.
 * @returns One sentence, or none.
 */
export function limitsInWords(limits: string | null): string[] {
  return limits === null ? [] : [`Requests differ less than they might: ${limits}.`];
}

const SENT_AGAIN = /^(?:The prompt|Each of the \d+ prompts) was sent about/;

/**
 * That given prompts were sent again, for people.
 *
 * @param input What was sent.
 * @param sent How many requests reached the server.
 * @param repeat Whether they were sent as they are each time.
 * @returns One sentence, or none.
 */
export function sentAgainInWords(input: InputSpec, sent: number, repeat: boolean): string[] {
  if (input.kind !== "samples" || input.samples.some(({ kind }) => kind !== "prompt")) return [];
  const count = Math.min(input.samples.length, MOST_GIVEN_SETS);
  if (sent <= count) return [];
  const times = `${count === 1 ? "The prompt" : `Each of the ${count} prompts`} was sent about ${
    Math.round(sent / count)
  } times`;
  return [
    repeat
      ? `${times} as it is: a server that keeps what it knows of prompts answers sooner than it would others.`
      : `${times}, with other words in front each time: what stands before them may be kept by the server.`,
  ];
}

const NOT_TRIED = "Not tried, as the run was cut short before: ";

/**
 * The tests that a run which was cut short did not come to, for people.
 *
 * @param kinds Their names.
 * @returns One sentence, or none.
 */
export function notTriedInWords(kinds: readonly string[]): string[] {
  return kinds.length === 0 ? [] : [`${NOT_TRIED}${kinds.join(", ")}.`];
}

/**
 * Whether a warning is one that a run which goes on makes anew, as what it says may no longer be so.
 *
 * @param warning The warning.
 * @param model The model's name.
 */
export function isMadeAnew(warning: string, model: string): boolean {
  return warning.startsWith(NOT_TRIED) || warning.startsWith(goneInWords(model, "").slice(0, -1)) ||
    warning === mayBeGone(model) || SENT_AGAIN.test(warning);
}
