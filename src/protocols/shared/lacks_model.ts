import { TargetError } from "../../core/errors.ts";
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

/** Names in a row, or `none`. */
export function listOf(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}
