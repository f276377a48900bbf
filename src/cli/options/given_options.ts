import { UsageError } from "../../core/errors.ts";
import { closestNames } from "./closest_name.ts";
import { type OptionName, optionNamed, OPTIONS, type OptionSpec, placeholderOf } from "./options.ts";

/** Most numbers in a list: each is a level that takes seconds. */
const MOST_IN_LIST = 64;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * The options that were given, with their texts; a flag has none. Each method reads one option and refuses a value that
 * cannot be, with what is required and what was found.
 */
export class GivenOptions {
  readonly #texts: ReadonlyMap<OptionName, readonly string[]>;

  /**
   * Holds what was given.
   *
   * @param texts What was written for each option, in the order of the command line.
   */
  constructor(texts: ReadonlyMap<OptionName, readonly string[]>) {
    this.#texts = texts;
  }

  /** Names of the options that were given, in the order of the table. */
  get names(): readonly OptionName[] {
    return OPTIONS.map(({ name }) => name).filter((name) => this.has(name));
  }

  /** Whether an option was given. */
  has(name: OptionName): boolean {
    return this.#texts.has(name);
  }

  /** The text of an option, without the blanks around it. */
  text(name: OptionName): string | undefined {
    const text = this.#texts.get(name)?.at(-1)?.trim();
    if (text === "") throw refused(name, "must have a value", undefined);
    return text;
  }

  /** The texts of an option that may be given several times. */
  texts(name: OptionName): readonly string[] {
    return this.#texts.get(name) ?? [];
  }

  /** The member of a closed list. */
  choice<Choice extends string>(name: OptionName, choices: readonly Choice[]): Choice | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    const [meant] = closestNames(text, choices);
    throw refused(name, `must be one of ${choices.join(", ")}`, text, meant && `Did you mean ${meant}?`);
  }

  /** A time that is written in seconds, in ms. */
  milliseconds(name: OptionName): number | undefined {
    const seconds = this.#number(name, this.text(name), "a number of seconds", () => true);
    return seconds === undefined ? undefined : seconds * 1000;
  }

  /** A whole number. */
  whole(name: OptionName): number | undefined {
    return this.#number(name, this.text(name), "a whole number", Number.isInteger);
  }

  /** A number. */
  number(name: OptionName): number | undefined {
    return this.#number(name, this.text(name), "a number", () => true);
  }

  /** Whole numbers with commas between them, ascending, each once. */
  list(name: OptionName): readonly number[] | undefined {
    return this.#list(name, "whole numbers, with commas between,", Number.isInteger);
  }

  /** Numbers with commas between them, ascending, each once. */
  numbers(name: OptionName): readonly number[] | undefined {
    return this.#list(name, "numbers, with commas between,", () => true);
  }

  #list(
    name: OptionName,
    required: string,
    isValid: (value: number) => boolean,
  ): readonly number[] | undefined {
    const parts = this.text(name)?.split(",").map((part) => part.trim());
    if (parts === undefined) return undefined;
    if (parts.length > MOST_IN_LIST) {
      throw refused(name, `must have at most ${MOST_IN_LIST} numbers`, `${parts.length} numbers`);
    }
    const numbers = parts.map((part) => this.#number(name, part, required, isValid));
    return [...new Set(numbers as number[])].sort((a, b) => a - b);
  }

  #number(
    name: OptionName,
    text: string | undefined,
    required: string,
    isValid: (value: number) => boolean,
  ): number | undefined {
    if (text === undefined) return undefined;
    const { value } = optionNamed(name);
    const { least, most } = value as Extract<OptionSpec["value"], { least: number }>;
    const number = NUMBER.test(text) ? Number(text) : NaN;
    if (isValid(number) && number >= least && number <= most) return number;
    const unit = value.kind === "seconds" && /\d *(?:ms|s|sec|m|min|h)$/.test(text);
    throw refused(name, `must be ${required} from ${least} to ${most}`, text, unit && "Write seconds without a unit.");
  }
}

/** The error for an option whose value cannot be. */
function refused(
  name: OptionName,
  required: string,
  found: string | undefined,
  hint?: string | false,
): UsageError {
  const shown = found === undefined ? "there is none" : `current value is "${found}"`;
  const usual = `Write --${name} ${placeholderOf(optionNamed(name).value)}.`;
  return new UsageError(`Cannot read the command line as "--${name}" ${required}: ${shown}`, { hint: hint || usual });
}
