import { UsageError } from "../../core/errors.ts";
import { type OptionSpec, Refused, signatureOf, type ValueOf } from "./option.ts";
import type { Arguments } from "./read_arguments.ts";

/**
 * The options of a table that were given, with their texts; a flag has none. What is read is refused where it cannot be,
 * with what is required and what was found.
 */
export class Given<Spec extends OptionSpec> {
  /** What stands beside the options, in its order. */
  readonly operands: readonly string[];
  readonly #table: readonly OptionSpec[];
  readonly #texts: ReadonlyMap<string, readonly string[]>;

  /**
   * Holds what was given.
   *
   * @param table The options that there are.
   * @param given The command line, taken apart by that table.
   */
  constructor(table: readonly OptionSpec[], { texts, operands }: Arguments) {
    this.#table = table;
    this.#texts = texts;
    this.operands = operands;
  }

  /** The options that were given, in the order of the table. */
  get specs(): readonly OptionSpec[] {
    return this.#table.filter(({ name }) => this.#texts.has(name));
  }

  /**
   * Makes sure that every value can be, also of what is used later or nowhere.
   *
   * @throws {UsageError} If one cannot.
   */
  checkValues(): void {
    for (const spec of this.specs) this.read(spec);
  }

  /** Whether an option was given. */
  has(name: Spec["name"]): boolean {
    return this.#texts.has(name);
  }

  /** The value of an option. */
  get<Name extends Spec["name"]>(name: Name): ValueOf<Spec, Name> | undefined {
    const spec = this.specs.find((option) => option.name === name);
    return spec === undefined ? undefined : this.read(spec) as ValueOf<Spec, Name> | undefined;
  }

  /** The texts of an option that may be given several times, as they were written. */
  texts(name: Spec["name"]): readonly string[] {
    return this.#texts.get(name) ?? [];
  }

  /** The value of an option, `undefined` if it was not given. */
  protected read(spec: OptionSpec): unknown {
    const { join } = spec.value;
    const texts = this.texts(spec.name);
    if (join !== undefined && texts.length > 1) {
      const value = join(texts.map((text) => this.#readOne(spec, text)));
      if (value instanceof Refused) throw refused(spec, value, value.found ?? texts.join(" "));
      return value;
    }
    const text = texts.at(-1);
    return text === undefined ? undefined : this.#readOne(spec, text);
  }

  #readOne(spec: OptionSpec, written: string): unknown {
    const text = written.trim();
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
