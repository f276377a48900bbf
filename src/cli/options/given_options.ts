import { UsageError } from "../../core/errors.ts";
import type { SettingKey, Settings } from "../../measure/settings/setting.ts";
import { type OptionSpec, Refused } from "./option.ts";
import { type CommandOptionName, type CommandOptionValue, optionNamed, OPTIONS, signatureOf } from "./options.ts";
import { SETTING_OPTIONS } from "./setting_options.ts";

/** Settings that are files on the command line. */
const OF_FILES = ["inputs", "traceMs"] as const satisfies readonly SettingKey[];

/** Settings for the tests that were given, but for what stands in files. */
export type RunOptions = Omit<Settings, typeof OF_FILES[number]>;

/**
 * The options that were given, with their texts; a flag has none. What is read is refused where it cannot be, with what is
 * required and what was found.
 */
export class GivenOptions {
  readonly #texts: ReadonlyMap<string, readonly string[]>;

  /**
   * Holds what was given.
   *
   * @param texts What was written for each option by its name, in the order of the command line.
   */
  constructor(texts: ReadonlyMap<string, readonly string[]>) {
    this.#texts = texts;
  }

  /** The options that were given, in the order of the table. */
  get specs(): readonly OptionSpec[] {
    return OPTIONS.filter(({ name }) => this.#texts.has(name));
  }

  /**
   * Makes sure that every value can be, also of what is used later or nowhere.
   *
   * @throws {UsageError} If one cannot.
   */
  checkValues(): void {
    for (const spec of this.specs) this.#read(spec);
  }

  /** Whether an option was given. */
  has(name: CommandOptionName): boolean {
    return this.#texts.has(name);
  }

  /** The value of an option that only the command has. */
  get<Name extends CommandOptionName>(name: Name): CommandOptionValue<Name> | undefined {
    return this.#read(optionNamed(name)) as CommandOptionValue<Name> | undefined;
  }

  /** The texts of an option that may be given several times, as they were written. */
  texts(name: CommandOptionName): readonly string[] {
    return this.#texts.get(name) ?? [];
  }

  /** The settings that were given; of others there are none. */
  settings(): RunOptions {
    const found = SETTING_OPTIONS.filter(({ setting }) => !OF_FILES.some((key) => key === setting))
      .map((spec) => [spec.setting, this.#read(spec)]);
    return Object.fromEntries(found.filter(([, value]) => value !== undefined));
  }

  /** The path that was given for a setting that stands in a file. */
  pathOf(setting: typeof OF_FILES[number]): string | null {
    const spec = SETTING_OPTIONS.find((option) => option.setting === setting)!;
    return this.#read(spec) as string | undefined ?? null;
  }

  #read(spec: OptionSpec): unknown {
    const text = this.#texts.get(spec.name)?.at(-1)?.trim();
    if (text === undefined) return undefined;
    if (text === "" && spec.value.placeholder !== "") throw refused(spec, new Refused("must have a value"), undefined);
    const value = spec.value.read(text);
    if (value instanceof Refused) throw refused(spec, value, value.found ?? text);
    return value;
  }
}

/** The error for an option whose value cannot be. */
function refused(spec: OptionSpec, { required, hint }: Refused, found: string | undefined): UsageError {
  const { name, value: { example } } = spec;
  const shown = found === undefined ? "there is none" : `current value is "${found}"`;
  const usual = `Write ${example === undefined ? signatureOf(spec) : `--${name} ${example}`}.`;
  return new UsageError(`Cannot read the command line as "--${name}" ${required}: ${shown}`, { hint: hint ?? usual });
}
