/**
 * What torchgauge calls of `jsr:@std/cli@1/parse-args`, for networks that do not reach JSR: the same names, signatures
 * and results for long options, single short options and groups of them. Left out, because nothing here calls it:
 * dotted names, `boolean: true`, `stopEarly` and values glued to a short option (`-n5`). `links` in deno.json puts it
 * in the place of the real package.
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
  /** Options without a value; false where not given. */
  boolean?: Names<TBooleans>;
  /** Values of options that were not given. */
  default?: TDefault;
  /** Options with a value; without `string` a value that looks like a number becomes one. */
  string?: Names<TStrings>;
  /** Options that may be given several times; the last of the others counts. */
  collect?: Names<TCollectable>;
  /** Options that `--no-name` sets to false. */
  negatable?: Names<string>;
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
  const parser = new Parser(options);
  const end = args.indexOf("--");
  const flags = end === -1 ? args : args.slice(0, end);
  for (let i = 0; i < flags.length;) i += parser.take(flags[i]!, flags[i + 1]);
  return parser.finish(end === -1 ? [] : args.slice(end + 1)) as Args<TBooleans, TStrings, TCollectable, TDefault>;
}

class Parser {
  readonly #options: ParseOptions;
  readonly #aliases = new Map<string, string[]>();
  readonly #booleans: ReadonlySet<string>;
  readonly #strings: ReadonlySet<string>;
  readonly #collected: ReadonlySet<string>;
  readonly #negatable: ReadonlySet<string>;
  readonly #values = new Map<string, unknown>();
  readonly #positional: Array<string | number> = [];

  constructor(options: ParseOptions) {
    this.#options = options;
    for (const [name, others] of Object.entries(options.alias ?? {})) {
      const group = [name, ...[others].flat()];
      for (const one of group) this.#aliases.set(one, group);
    }
    this.#booleans = this.#withAliases(options.boolean);
    this.#strings = this.#withAliases(options.string);
    this.#collected = this.#withAliases(options.collect);
    this.#negatable = this.#withAliases(options.negatable);
  }

  /** Reads one argument; answers how many were used, 2 if `next` was its value. */
  take(arg: string, next: string | undefined): 1 | 2 {
    const { dashes, flag = "", value } = /^(?<dashes>--?)(?<flag>.+?)(?:=(?<value>.+))?$/s.exec(arg)?.groups ?? {};
    if (dashes === undefined) {
      if (this.#options.unknown?.(arg) !== false) this.#positional.push(this.#converted("_", arg) as string | number);
      return 1;
    }
    const letters = dashes === "-" ? flag.split("") : [];
    const name = letters.pop() ?? flag;
    for (const letter of letters) this.#set(letter, this.#bare(letter), arg);
    return this.#takeNamed(arg, name, value, dashes === "--", next);
  }

  /** The result; defaults and the values of options that were not given are filled in. */
  finish(rest: string[]): Record<string, unknown> {
    for (const [name, value] of Object.entries(this.#options.default ?? {})) this.#fill(name, value);
    for (const name of this.#booleans) this.#fill(name, this.#collected.has(name) ? [] : false);
    for (const name of this.#strings) if (this.#collected.has(name)) this.#fill(name, []);
    return this.#options["--"]
      ? { ...Object.fromEntries(this.#values), _: this.#positional, "--": rest }
      : { ...Object.fromEntries(this.#values), _: [...this.#positional, ...rest] };
  }

  #takeNamed(arg: string, name: string, value: string | undefined, long: boolean, next: string | undefined): 1 | 2 {
    if (value !== undefined) {
      this.#set(name, long && this.#booleans.has(name) ? value !== "false" : value, arg);
      return 1;
    }
    const negated = long && name.startsWith("no-") ? name.slice(3) : undefined;
    if (negated !== undefined && this.#negatable.has(negated)) {
      for (const one of this.#group(negated)) this.#values.set(one, false);
      return 1;
    }
    const isBoolean = this.#booleans.has(name);
    if (next && !isBoolean && !(long ? next.startsWith("-") : /^--?[^-]/.test(next))) {
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

  #set(name: string, value: string | boolean, arg: string): void {
    const known = this.#booleans.has(name) || this.#strings.has(name) || this.#aliases.has(name);
    if (!known && this.#options.unknown?.(arg, name, value) === false) return;
    for (const one of this.#group(name)) {
      const earlier = this.#values.get(one);
      const converted = this.#converted(name, value);
      const list = Array.isArray(earlier) ? [...earlier, converted] : [converted];
      this.#values.set(one, this.#collected.has(name) ? list : converted);
    }
  }

  #fill(name: string, value: unknown): void {
    if (this.#values.has(name)) return;
    for (const one of this.#group(name)) this.#values.set(one, value);
  }

  /** The value of an option that was given without one. */
  #bare(name: string): string | boolean {
    return this.#strings.has(name) ? "" : true;
  }

  #converted(name: string, value: string | boolean): string | number | boolean {
    const isNumber = typeof value === "string" && /\S/.test(value) && Number.isFinite(Number(value));
    return isNumber && !this.#strings.has(name) ? Number(value) : value;
  }

  #group(name: string): readonly string[] {
    return this.#aliases.get(name) ?? [name];
  }

  #withAliases(names: Names<string> | undefined): ReadonlySet<string> {
    return new Set([names ?? []].flat().flatMap((name) => this.#group(name)));
  }
}
