/**
 * `jsr:@std/cli@1/parse-args` for networks that do not reach JSR: what the function does is what the package's own tests
 * ask for. Left out is what those ask of types alone: names of dotted, negatable and aliased options in the type of the
 * result, `any` for those of a call without options, and type arguments given by hand. An option named `__proto__` is an
 * option like others here. `links` in deno.json puts it in the place of the real package.
 *
 * @module
 */

/** One name or several. */
type Names<Name extends string> = Name | ReadonlyArray<Name>;

/** Options for {@linkcode parseArgs}. */
export interface ParseOptions<
  TBooleans extends string = string,
  TStrings extends string = string,
  TCollectable extends string = string,
  TDefault extends Record<string, unknown> = Record<string, unknown>,
> {
  /** Whether what stands after `--` goes to the result `--`; else it goes to `_`. @default {false} */
  "--"?: boolean;
  /** Other names of an option. */
  alias?: Record<string, string | ReadonlyArray<string>>;
  /** Options without a value; false where not given. With `true` all with two dashes and no `=` are such. */
  boolean?: Names<TBooleans> | boolean;
  /** Values of options that were not given. */
  default?: TDefault;
  /** Options with a value; without `string` a value that looks like a number becomes one. */
  string?: Names<TStrings>;
  /** Options that may be given several times; the last of the others counts. */
  collect?: Names<TCollectable>;
  /** Options that `--no-name` sets to false. */
  negatable?: Names<string>;
  /** Whether what stands behind the first argument that belongs to no option is read no more. @default {false} */
  stopEarly?: boolean;
  /** Is told of an argument that no option speaks of, positional ones too; where it returns false, it is dropped. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The value returned from {@linkcode parseArgs}. */
export type Args<
  TBooleans extends string = string,
  TStrings extends string = string,
  TCollectable extends string = string,
  TDefault extends Record<string, unknown> = Record<never, never>,
> =
  & { [name: string]: unknown }
  & { [Name in Exclude<TBooleans, TCollectable | keyof TDefault>]: boolean }
  & { [Name in Exclude<TStrings, TCollectable | keyof TDefault>]?: string | undefined }
  & { [Name in Extract<TBooleans, TCollectable>]: boolean[] }
  & { [Name in Extract<TStrings, TCollectable>]: string[] }
  & {
    [Name in keyof TDefault]: Name extends TBooleans ? boolean | TDefault[Name]
      : Name extends TStrings ? string | TDefault[Name]
      : unknown;
  }
  & {
    /** The arguments that belong to no option. */
    _: Array<string | number>;
  };

/**
 * Reads command line arguments.
 *
 * @param args Arguments, for example `Deno.args`.
 * @param options Which options there are.
 * @returns The options by name and alias; what belongs to none in `_`.
 *
 * @example
 * ```ts
 * import { parseArgs } from "@std/cli/parse-args";
 * import { assertEquals } from "@std/assert";
 *
 * const args = parseArgs(["--verbose", "--level=3", "--model", "bert", "file"], { boolean: ["verbose"] });
 * assertEquals(args, { verbose: true, level: 3, model: "bert", _: ["file"] });
 * ```
 */
export function parseArgs<
  TBooleans extends string = never,
  TStrings extends string = never,
  TCollectable extends string = never,
  TDefault extends Record<string, unknown> = Record<never, never>,
>(
  args: string[],
  options: ParseOptions<TBooleans, TStrings, TCollectable, TDefault> = {},
): Args<TBooleans, TStrings, TCollectable, TDefault> {
  return new Parser(options).parse(args) as Args<TBooleans, TStrings, TCollectable, TDefault>;
}

/** Values by name; a dotted name stands in objects within. */
type Values = { [name: string]: unknown };

/** `--name`, `--name=value`, `--no-name`, `-abc`. */
const OPTION = /^-(?:(?<long>-)(?<no>no-)?)?(?<name>.+?)(?:=(?<value>.+))?$/s;

class Parser {
  readonly #options: ParseOptions;
  readonly #aliases = new Map<string, string[]>();
  readonly #booleans: ReadonlySet<string>;
  readonly #strings: ReadonlySet<string>;
  readonly #collected: ReadonlySet<string>;
  readonly #negatable: ReadonlySet<string>;
  readonly #allBooleans: boolean;
  readonly #values: Values = {};
  readonly #positional: Array<string | number> = [];

  constructor(options: ParseOptions) {
    this.#options = options;
    for (const [name, others] of Object.entries(options.alias ?? {})) {
      if (others === undefined) throw new TypeError("Alias value must be defined");
      const group = [name, ...[others].flat()];
      for (const one of group) this.#aliases.set(one, [one, ...group.filter((other) => other !== one)]);
    }
    this.#allBooleans = options.boolean === true;
    this.#booleans = this.#withAliases(typeof options.boolean === "boolean" ? undefined : options.boolean);
    this.#strings = this.#withAliases(options.string);
    this.#collected = this.#withAliases(options.collect);
    this.#negatable = this.#withAliases(options.negatable);
  }

  parse(args: readonly string[]): Values {
    const end = args.indexOf("--");
    const read = end === -1 ? args : args.slice(0, end);
    const unread = end === -1 ? [] : args.slice(end + 1);
    for (let i = 0; i < read.length;) {
      const arg = read[i]!, next = read[i + 1] || undefined;
      const option = OPTION.exec(arg)?.groups;
      if (option !== undefined) {
        i += option["long"] === undefined ? this.#takeShort(arg, next) : this.#takeLong(arg, option, next);
        continue;
      }
      i++;
      if (this.#options.unknown?.(arg) !== false) {
        this.#positional.push(this.#strings.has("_") || !isNumber(arg) ? arg : Number(arg));
      }
      if (this.#options.stopEarly) {
        this.#positional.push(...read.slice(i));
        break;
      }
    }
    this.#fillDefaults();
    const apart = this.#options["--"] ?? false;
    return {
      ...this.#values,
      _: apart ? this.#positional : [...this.#positional, ...unread],
      ...(apart ? { "--": unread } : {}),
    };
  }

  /** Reads an option with two dashes; answers how many arguments were used, 2 if `next` was its value. */
  #takeLong(arg: string, option: Readonly<Record<string, string | undefined>>, next: string | undefined): 1 | 2 {
    const { no, value } = option;
    let name = option["name"]!;
    if (value !== undefined) {
      this.#set(name, this.#booleans.has(name) ? value !== "false" : value, arg);
      return 1;
    }
    if (no !== undefined) {
      if (this.#negatable.has(name)) {
        this.#set(name, false, arg, false);
        return 1;
      }
      name = `no-${name}`;
    }
    return this.#takeNext(arg, name, next, !this.#allBooleans && next?.startsWith("-") === false);
  }

  /** Reads options with one dash; answers as above. */
  #takeShort(arg: string, next: string | undefined): 1 | 2 {
    const letters = [...arg.slice(1, -1).split("").entries()];
    for (const [i, letter] of letters) {
      const rest = arg.slice(i + 2);
      const isLetter = /[A-Za-z]/.test(letter);
      const value = isLetter ? /=(.+)/.exec(rest)?.[1] : undefined;
      const isGlued = isLetter && /\d(?:\.\d*)?(?:e-?\d+)?$/.test(rest) || /\W/.test(letters[i + 1]?.[1] ?? "");
      if (value !== undefined || isGlued) {
        this.#set(letter, value ?? rest, arg);
        return 1;
      }
      this.#set(letter, rest === "-" ? rest : this.#bare(letter), arg);
    }
    const last = arg.slice(-1);
    return last === "-" ? 1 : this.#takeNext(arg, last, next, next !== undefined && !/^--?[^-]/.test(next));
  }

  /** Gives an option the next argument where that is its value. */
  #takeNext(arg: string, name: string, next: string | undefined, isValue: boolean): 1 | 2 {
    if (next !== undefined && isValue && !this.#booleans.has(name)) {
      this.#set(name, next, arg);
      return 2;
    }
    if (next === "true" || next === "false") {
      this.#set(name, next === "true", arg);
      return 2;
    }
    this.#set(name, this.#bare(name), arg);
    return 1;
  }

  #set(name: string, value: string | boolean, arg: string, collects = true): void {
    const isKnown = this.#booleans.has(name) || this.#strings.has(name) || this.#aliases.has(name) ||
      this.#allBooleans && /^--[^=]+$/.test(arg);
    if (!isKnown && this.#options.unknown?.(arg, name, value) === false) return;
    const converted = typeof value === "string" && !this.#strings.has(name) && isNumber(value) ? Number(value) : value;
    const isCollected = collects && this.#collected.has(name);
    for (const one of this.#group(name)) put(this.#values, one, converted, isCollected);
  }

  /** Options that were not given. */
  #fillDefaults(): void {
    for (const [name, value] of Object.entries(this.#options.default ?? {})) {
      if (!isThere(this.#values, name)) { for (const one of this.#group(name)) put(this.#values, one, value); }
    }
    for (const name of this.#booleans) {
      if (!isThere(this.#values, name)) put(this.#values, name, this.#collected.has(name) ? [] : false);
    }
    for (const name of this.#strings) {
      if (!isThere(this.#values, name) && this.#collected.has(name)) put(this.#values, name, []);
    }
  }

  /** The value of an option that was given without one. */
  #bare(name: string): string | boolean {
    return this.#strings.has(name) ? "" : true;
  }

  /** The name and its others. */
  #group(name: string): readonly string[] {
    return this.#aliases.get(name) ?? [name];
  }

  #withAliases(names: Names<string> | undefined): ReadonlySet<string> {
    return new Set([names ?? []].flat().filter((name) => name !== "").flatMap((name) => this.#group(name)));
  }
}

function isNumber(text: string): boolean {
  return /\S/.test(text) && Number.isFinite(Number(text));
}

/** Sets a value, or with `collects` adds it to a list. */
function put(values: Values, dotted: string, value: unknown, collects = false): void {
  const [name = "", ...within] = dotted.split(".");
  const before = Object.hasOwn(values, name) ? values[name] : undefined;
  if (within.length > 0) {
    const inner = (before ?? {}) as Values;
    put(inner, within.join("."), value, collects);
    define(values, name, inner);
  } else if (!collects) define(values, name, value);
  else if (Array.isArray(before)) before.push(value);
  else define(values, name, before ? [before, value] : [value]);
}

/** As an own property, whatever the name. */
function define(values: Values, name: string, value: unknown): void {
  Object.defineProperty(values, name, { value, writable: true, enumerable: true, configurable: true });
}

function isThere(values: Values, dotted: string): boolean {
  const [name = "", ...within] = dotted.split(".");
  if (!Object.hasOwn(values, name)) return false;
  if (within.length === 0) return true;
  const inner = values[name];
  return Boolean(inner) && isThere(inner as Values, within.join("."));
}
