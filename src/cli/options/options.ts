import type { OptionMention } from "../../core/option_words.ts";
import { COMMAND_OPTIONS } from "./command_options.ts";
import { type OptionSpec, signatureOf } from "./option.ts";
import { SETTING_OPTIONS } from "./setting_options.ts";

/** An option that only the command has. */
export type CommandOption = typeof COMMAND_OPTIONS[number];

/** Name of an option that only the command has. */
export type CommandOptionName = CommandOption["name"];

/** Every option: what is read, what the help shows and what the README lists come from here. */
export const OPTIONS: readonly OptionSpec[] = [...COMMAND_OPTIONS, ...SETTING_OPTIONS];

/**
 * The option of a name.
 *
 * @param name Its name without the dashes.
 * @throws {TypeError} If there is none.
 */
export function optionNamed(name: string): OptionSpec {
  const found = OPTIONS.find((option) => option.name === name);
  if (found === undefined) {
    throw new TypeError(`Cannot find the option "${name}" as it must be in the table: it is not`);
  }
  return found;
}

/**
 * The flag of an option that the library's words name by its key.
 *
 * @param mention The option.
 * @returns The key as it is, where there is no such option.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(flagOf({ key: "durationMs" }), "--duration");
 * assertEquals(flagOf({ key: "batchSize", value: 1 }), "--batch-size 1");
 * ```
 */
export function flagOf({ key, value }: OptionMention): string {
  const found = OPTIONS.find((option) => option.key === key);
  if (found === undefined) return key;
  return value === undefined ? `--${found.name}` : `--${found.name} ${value}`;
}

/**
 * What a hint writes for such an option, with what stands behind it.
 *
 * @param mention The option.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(flagInHint({ key: "inputs" }), "--input-data PATH");
 * ```
 */
export function flagInHint(mention: OptionMention): string {
  const found = OPTIONS.find((option) => option.key === mention.key);
  if (found === undefined || mention.value !== undefined) return flagOf(mention);
  return found.hint ?? signatureOf(found);
}
