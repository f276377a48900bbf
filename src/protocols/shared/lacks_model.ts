import { TargetError } from "../../core/errors.ts";
import type { Absence } from "../../core/protocol.ts";
import { naming, option } from "../../core/option_words.ts";

/**
 * The error for a model that a server does not have.
 *
 * @param model What was asked for.
 * @param has Names of what it has, `null` if it does not say.
 * @param offers Names of what it could fetch.
 */
export function lacksModel(
  model: string,
  has: readonly string[] | null,
  offers: readonly string[] = [],
): TargetError {
  const found = has === null ? "it does not know it" : `it has ${listOf(has)}`;
  const more = offers.length === 0 ? "" : ` and could download ${listOf(offers)}`;
  return new TargetError(`Cannot use the model "${model}" as the server must have it: ${found}${more}`, {
    hint: naming`See ${option("listModels")} and ${option("listDownloadable")}.`,
  });
}

/**
 * Whether a list of models lacks one.
 *
 * @param model The model.
 * @param names What is listed; `null` where the list cannot be read, which shows nothing.
 * @param where What was asked for.
 */
export function listedAbsence(model: string, names: readonly string[] | null, where: string): Absence {
  if (names === null) return { absent: false, evidence: `${where} lists nothing that can be read` };
  const absent = !names.includes(model);
  return { absent, evidence: absent ? `${where} lists ${listOf(names)}` : `${where} lists it` };
}

/** So many names are shown. */
const MOST_NAMES = 20;

/** Names in a row, the first of many, or `none`. */
export function listOf(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const more = names.length - MOST_NAMES;
  return more <= 1 ? names.join(", ") : `${names.slice(0, MOST_NAMES).join(", ")} and ${more} more`;
}
