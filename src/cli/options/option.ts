import type { SettingKey, TestName } from "../../measure/settings/setting.ts";

/** What cannot be a value of an option. */
export class Refused {
  /**
   * Says why.
   *
   * @param required What the option's value must do, for example `must be a number`.
   * @param found What was found, where that is not all that was written.
   * @param hint What to do about it, where that is not to write it as the help does.
   */
  constructor(readonly required: string, readonly found?: string, readonly hint?: string) {}
}

/** What may stand behind an option, and how it is read. */
export interface OptionValue<Value = unknown> {
  /** What stands for it in help and messages; `""` for a flag, which has none. */
  readonly placeholder: string;
  /** What it is bounded by, for people. */
  readonly bounds?: string;
  /** All that can be, where those are few words. */
  readonly choices?: readonly string[];
  /** One that can be, where the placeholder does not show how to write it. */
  readonly example?: string;
  /** Reads it, without the blanks around it. */
  readonly read: (text: string) => Value | Refused;
  /** Puts together what was read of an option that may be given several times. @default {the last counts} */
  join?(values: readonly Value[]): Value | Refused;
}

/** Headings of the help, in its order. */
export type OptionGroup =
  | "What to measure"
  | "What to send"
  | "Language models"
  | "The server"
  | "Results"
  | "Instead of a test"
  | "Options";

/** One option of the command line. */
export interface OptionSpec {
  /** Name without the dashes. */
  readonly name: string;
  /** One letter that means the same. */
  readonly short?: string;
  /** Heading below which the help lists it. */
  readonly group: OptionGroup;
  /** What stands behind it. */
  readonly value: OptionValue;
  /** What it is, for people. */
  readonly description: string;
  /** What holds without it, for people. */
  readonly default?: string;
  /** The same in one test, where it differs from test to test. */
  readonly defaultIn?: (test: TestName) => string;
  /** The tests that it applies to. @default {all} */
  readonly tests?: readonly TestName[];
  /** Whether it may be given several times. @default {false} */
  readonly repeatable?: true;
  /** Whether what is asked for instead of a test takes it. @default {false} */
  readonly withCommands?: true;
  /** Whether it has no meaning for the embedded server. @default {false} */
  readonly needsUrl?: true;
  /** An option that must be there as well. */
  readonly needs?: string;
  /** An option that cannot be there as well, or several. */
  readonly not?: string | readonly string[];
  /** The option that stands for it in tests that do not take it. */
  readonly counterpart?: string;
  /** Its key in the library, by which messages from there name it. */
  readonly key?: string;
  /** What hints write for that key. @default {the name with its placeholder} */
  readonly hint?: string;
  /** The setting of the tests that it gives. */
  readonly setting?: SettingKey;
  /** Its value with what is secret in it masked. */
  readonly masked?: (value: string) => string;
}

/** What the value of an option of a table is read as. */
export type ValueOf<Spec extends OptionSpec, Name extends Spec["name"]> = Extract<Spec, { readonly name: Name }> extends
  { readonly value: OptionValue<infer Value> } ? Value : never;

/**
 * How an option is written.
 *
 * @param option The option.
 * @returns Its name with what stands behind it: `--duration SECONDS`.
 */
export function signatureOf({ name, value }: Pick<OptionSpec, "name" | "value">): string {
  return `--${name} ${value.placeholder}`.trim();
}
