/** An option that a message names, by its key in the library. */
export interface OptionMention {
  /** Its key. */
  readonly key: string;
  /** The value that it should have, or `undefined` where the message only names it. */
  readonly value?: string | number;
}

/**
 * Words that name options. A user of the library knows an option by its key, one of the command by its flag, so the words
 * leave open which of them stands there.
 */
export type OptionWords = string | readonly (string | OptionMention)[];

/**
 * Names an option within {@linkcode naming}.
 *
 * @param key Its key in the library.
 * @param value What it should be set to, if the words say so.
 */
export function option(key: string, value?: string | number): OptionMention {
  return value === undefined ? { key } : { key, value };
}

/**
 * Words with options in them.
 *
 * @param strings The words between.
 * @param values Options, and texts that stand as they are.
 * @returns Words for {@linkcode inWords}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const words = naming`Use ${option("batchSize", 1)}.`;
 * assertEquals(inWords(words), "Use batchSize: 1.");
 * assertEquals(inWords(words, ({ value }) => `--batch-size ${value}`), "Use --batch-size 1.");
 * ```
 */
export function naming(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | OptionMention)[]
): OptionWords {
  return strings.flatMap((text, i) => {
    const value = values[i];
    return value === undefined ? [text] : [text, typeof value === "object" ? value : String(value)];
  });
}

/**
 * Words as text.
 *
 * @param words Words, with or without options in them.
 * @param nameOf How an option is called. @default {by its key, as in the source of a program}
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(inWords(naming`Give real ones with ${option("inputs")}.`), "Give real ones with inputs.");
 * ```
 */
export function inWords(words: OptionWords, nameOf: (mention: OptionMention) => string = inCode): string {
  return typeof words === "string"
    ? words
    : words.map((part) => typeof part === "string" ? part : nameOf(part)).join("");
}

function inCode({ key, value }: OptionMention): string {
  return value === undefined ? key : `${key}: ${value}`;
}
