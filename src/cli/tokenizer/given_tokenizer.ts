import type { ServerArguments } from "../options/command_line.ts";
import { type OpenTokenizer, openTokenizer } from "./open_tokenizer.ts";

/**
 * The tokenizer that a command gives.
 *
 * @param server What was given for the server.
 * @param signal Gives it up while it is being opened.
 * @returns `null` where none is given: nothing is fetched then.
 * @throws {UsageError} If it cannot be used.
 */
export async function givenTokenizer(
  { access }: Pick<ServerArguments, "access">,
  signal: AbortSignal,
): Promise<OpenTokenizer | null> {
  const path = access.generation?.tokenizer;
  return path === undefined ? null : await openTokenizer(path, signal);
}
