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
