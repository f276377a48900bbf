import { MEASURE_OPTIONS } from "./measure_options.ts";
import type { OptionSpec, OptionValue } from "./option_spec.ts";
import { RESULT_OPTIONS } from "./result_options.ts";
import { SERVER_OPTIONS } from "./server_options.ts";

export { ARRIVALS } from "./measure_options.ts";
export { type OptionSpec, type OptionValue, TEST_TYPES, type TestType } from "./option_spec.ts";
export { OUTPUT_FORMATS, type OutputFormat } from "./result_options.ts";
export { PROTOCOL_NAMES } from "./server_options.ts";

/** Every option: what is read, what the help shows and what the README lists come from here. */
export const OPTIONS = [...MEASURE_OPTIONS, ...SERVER_OPTIONS, ...RESULT_OPTIONS] as const;

/** Name of one option. */
export type OptionName = typeof OPTIONS[number]["name"];

/**
 * The option of a name.
 *
 * @param name Its name without the dashes.
 */
export function optionNamed(name: OptionName): OptionSpec {
  return OPTIONS.find((option) => option.name === name)!;
}

/**
 * What stands for an option's value in help and messages.
 *
 * @param value What the option takes.
 * @returns `""` for a flag.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(placeholderOf({ kind: "list", least: 1, most: 8 }), "N,N,...");
 * ```
 */
export function placeholderOf(value: OptionValue): string {
  switch (value.kind) {
    case "flag":
      return "";
    case "text":
    case "choice":
      return value.placeholder;
    case "seconds":
      return "SECONDS";
    case "whole":
    case "number":
      return "N";
    case "list":
    case "numbers":
      return "N,N,...";
  }
}
