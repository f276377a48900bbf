import { parseArgs } from "../../../compat/std-cli/parse_args.ts";
import { UsageError } from "../../core/errors.ts";
import { TEST_NAMES } from "../../measure/settings/setting.ts";
import { closestNames } from "./meant/closest_name.ts";
import { FOREIGN_TESTS, hintForForeign } from "./meant/foreign_names.ts";
import { type OptionSpec, signatureOf } from "./option.ts";
import { withoutPassword } from "./option_values.ts";

/** A command line, taken apart. */
export interface Arguments {
  /** What was written for each option by its name, in the order of the command line. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** What stands beside the options. */
  readonly operands: readonly string[];
}

/** Options where a word that belongs to none is a part of what must not be shown. */
const SECRET = [
  "header",
  "header-env",
  "header-file",
  "query",
  "query-env",
  "token-env",
  "token-file",
  "management-token-env",
  "management-token-file",
  "proxy",
  "proxy-env",
  "start-command",
  "gpu-metrics-url",
];

const isFlag = ({ value }: OptionSpec) => value.placeholder === "";

/**
 * Whether the help is wanted: it wins over everything, mistakes included.
 *
 * @param argv Arguments without the program's name.
 */
export function asksForHelp(argv: readonly string[]): boolean {
  return asksFor(argv, "--help") || asksFor(argv, "-h");
}

/**
 * Whether a flag is set that counts whatever else is said.
 *
 * @param argv Arguments without the program's name.
 * @param flag With its dashes.
 */
export function asksFor(argv: readonly string[], flag: string): boolean {
  return argv.some((word) => word === flag || word === `${flag}=true`);
}

/**
 * Takes a command line apart.
 *
 * @param argv Arguments without the program's name.
 * @param table The options that there are.
 * @param takesOperands Whether something may stand beside the options. @default {false}
 * @returns The options that were given; their values are yet to be read.
 * @throws {UsageError} If an argument is no option, or one is given more often than it may be.
 */
export function readArguments(
  argv: readonly string[],
  table: readonly OptionSpec[],
  takesOperands: boolean = false,
): Arguments {
  const parsed: Readonly<Record<string, unknown>> = parseArgs(withJoinedValues(argv, table), {
    boolean: table.filter(isFlag).map(({ name }) => name),
    string: ["_", ...table.filter((spec) => !isFlag(spec)).map(({ name }) => name)],
    collect: table.map(({ name }) => name),
    unknown: (arg, name) => {
      if (name !== undefined) throw unknownOption(arg, name, table);
      if (!takesOperands) throw strayArgument(arg, table);
    },
  });
  const texts = new Map<string, readonly string[]>();
  for (const { name, repeatable } of table) {
    const found = (parsed[name] as readonly (string | boolean)[]).filter((value) => value !== false);
    if (found.length > 1 && !repeatable) throw repeated(name);
    if (found.length > 0) texts.set(name, found.map((value) => value === true ? "" : String(value)));
  }
  return { texts, operands: (parsed["_"] as readonly unknown[]).map(String) };
}

/**
 * Arguments for which `parseArgs` does what people expect: it would take `-5` for an option of its own and `-` for
 * no value, the next word where one is empty, `--flag=text` for a flag that is set, and not know `--no-flag=true`.
 */
function withJoinedValues(argv: readonly string[], table: readonly OptionSpec[]): string[] {
  const joined: string[] = [];
  for (const written of argv) {
    const arg = inFull(written, table);
    if (arg === "--") throw strayArgument(arg, table);
    const flag = table.find((spec) => isFlag(spec) && arg.startsWith(`--${spec.name}=`));
    const setTo = flag && arg.slice(arg.indexOf("=") + 1);
    if (flag !== undefined && setTo !== "true" && setTo !== "false") throw flagWithValue(flag.name, arg);
    const before = joined.at(-1);
    const unquoted = arg.startsWith("-")
      ? undefined
      : SECRET.find((name) => joined.at(-2) === `--${name}` || before?.startsWith(`--${name}=`));
    if (unquoted !== undefined && table.some(({ name }) => name === unquoted)) throw unquotedSecret(unquoted);
    const awaiting = table.find((spec) => !isFlag(spec) && before === `--${spec.name}`);
    if (awaiting !== undefined && (arg === "" || setTo === "false")) throw withoutValue(awaiting);
    if (awaiting !== undefined && /^-(?:\.?\d|$)/.test(arg)) joined[joined.length - 1] = `${before}=${arg}`;
    else if (setTo !== "false") joined.push(flag === undefined ? arg : `--${flag.name}`);
  }
  return joined;
}

/** `-o` as `--output`. */
function inFull(arg: string, table: readonly OptionSpec[]): string {
  return arg.replace(/^-([a-z])(?==|$)/, (written, letter) => {
    const spec = table.find(({ short }) => short === letter);
    return spec === undefined ? written : `--${spec.name}`;
  });
}

/** What stands there is a part of the value and may be secret. */
function unquotedSecret(name: string): UsageError {
  return new UsageError(
    `Cannot read the command line as "--${name}" must have one value: found another word behind it`,
    { hint: name === "header" ? "Quote it: --header 'Name: value'." : "Quote it." },
  );
}

function flagWithValue(name: string, arg: string): UsageError {
  return new UsageError(`Cannot read the command line as "--${name}" takes no value: found "${arg}"`, {
    hint: `Write --${name}, or leave it out.`,
  });
}

function withoutValue(spec: OptionSpec): UsageError {
  return new UsageError(`Cannot read the command line as "--${spec.name}" must have a value: there is none`, {
    hint: `Write ${signatureOf(spec)}.`,
  });
}

function unknownOption(arg: string, name: string, table: readonly OptionSpec[]): UsageError {
  const spec = table.find((option) => arg === `--${option.name}=`);
  if (spec !== undefined) return withoutValue(spec);
  const word = arg.split("=")[0]!.replace(/^-+/, "");
  // Behind a single letter may stand its value, and that may be secret.
  const isWhole = arg.startsWith("--") || table.some((option) => option.name === word);
  return new UsageError(`Cannot read the command line as "${isWhole ? arg.split("=")[0] : `-${name}`}" is no option`, {
    hint: hintFor(isWhole ? word : name, table) ?? `See ${helpIn(table)} for all options.`,
  });
}

/** What may have been meant by an option that there is not, or `null`. */
function hintFor(written: string, table: readonly OptionSpec[]): string | null {
  const names = table.map(({ name }) => name);
  const [exact] = closestNames(written, names);
  if (exact === written) return `Write --${exact}.`;
  const foreign = hintForForeign(written, names);
  if (foreign !== null) return foreign;
  const meant = closestNames(written, names).map((name) => `--${name}`);
  return meant.length === 0 ? null : `Did you mean ${meant.join(" or ")}?`;
}

function strayArgument(arg: string, table: readonly OptionSpec[]): UsageError {
  return new UsageError(
    `Cannot read the command line as everything must belong to an option: found "${withoutPassword(arg)}"`,
    { hint: hintForStray(arg, table) },
  );
}

function hintForStray(arg: string, table: readonly OptionSpec[]): string {
  if (arg === "--") return "deno task passes options on without it.";
  const takes = (name: string) => table.some((spec) => spec.name === name);
  if (/^https?:\/\//.test(arg) && takes("url")) return `Write --url ${withoutPassword(arg)}.`;
  const [test] = [FOREIGN_TESTS[arg.toLowerCase()] ?? [], closestNames(arg, TEST_NAMES)].flat();
  if (test !== undefined && takes("test-type")) {
    const meant = test === arg ? "" : `Did you mean ${test}? `;
    return `${meant}Write --test-type ${test}, or deno task ${test}.`;
  }
  const commands = table.filter(({ group }) => group === "Instead of a test").map(({ name }) => name);
  if (commands.includes(arg)) return `Write --${arg}.`;
  const foreign = hintForForeign(arg, commands);
  if (foreign !== null) return foreign;
  return `Quote a value with blanks in it; see ${helpIn(table)} for all options.`;
}

/** What lists every option of a table. */
const helpIn = (table: readonly OptionSpec[]) => table.some(({ name }) => name === "all") ? "--help --all" : "--help";

function repeated(name: string): UsageError {
  return new UsageError(`Cannot read the command line as "--${name}" must be given once: it is there several times`, {
    hint: name === "test-type"
      ? "deno task latency and the like give it already: use deno task run."
      : "Leave all but one out.",
  });
}
