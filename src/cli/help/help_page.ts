import { TEST_NAMES, type TestName } from "../../measure/settings/setting.ts";
import { type OptionSpec, signatureOf } from "../options/option.ts";

const WIDTH = 80;
/** Column in which descriptions begin. */
const INDENT = 26;

/** A part of the help under a heading. */
export interface HelpSection {
  /** Its heading. */
  readonly title: string;
  /** Its lines, of at most 80 columns. */
  readonly lines: readonly string[];
}

/**
 * The text of `--help` of a command.
 *
 * @param head What it does and how it is called, line by line.
 * @param sections What follows; those without lines are left out.
 * @returns Lines, the last one ended.
 */
export function helpPage(head: readonly string[], sections: readonly HelpSection[]): string {
  return [head, ...sections.filter(({ lines }) => lines.length > 0).map(({ title, lines }) => [title, ...lines])]
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

/**
 * The options of a table, under the headings of their groups.
 *
 * @param options The table.
 */
export function optionSections(options: readonly OptionSpec[]): HelpSection[] {
  return [...Map.groupBy(options, ({ group }) => group)].map(([title, specs]) => ({
    title,
    lines: specs.flatMap((spec) => optionRow(spec)),
  }));
}

/**
 * An option: how it is written, what it is and what holds without it.
 *
 * @param spec The option.
 * @param test The test that the help is of: others are not spoken of. @default {all}
 */
export function optionRow(spec: OptionSpec, test?: TestName): readonly string[] {
  const { short, description, value: { bounds } } = spec;
  const usual = test === undefined ? spec.default : spec.defaultIn?.(test) ?? spec.default;
  const meaning = test === undefined ? meaningOf(spec) : clausesFor(test, description) + inBrackets(bounds);
  return row(
    (short === undefined ? "" : `-${short}, `) + signatureOf(spec),
    meaning + (usual === undefined ? "" : ` [default: ${test === undefined ? usual : defaultFor(test, usual)}]`),
  );
}

/** What holds in a test: the clause that begins with its name, else those that begin with no other's. */
function defaultFor(test: TestName, text: string): string {
  const own = text.split("; ").find((clause) => clause.startsWith(`${test} `));
  return own?.slice(test.length + 1) ?? clausesFor(test, text);
}

/** A text without its clauses that speak of another test: "; for ab twice", "; ab half a second". */
function clausesFor(test: TestName, text: string): string {
  const speaksOf = (clause: string) => TEST_NAMES.find((name) => new RegExp(`^(for )?${name}\\b`).test(clause));
  return text.split("; ").filter((clause) => (speaksOf(clause) ?? test) === test).join("; ");
}

/**
 * The exit codes of a command.
 *
 * @param codes Those that it may end with, and what each means.
 */
export function exitCodeSection(codes: readonly { readonly code: number; readonly meaning: string }[]): HelpSection {
  return { title: "Exit codes", lines: codes.flatMap(({ code, meaning }) => row(String(code), meaning)) };
}

/** The description of an option with what the value is bounded by and the tests that it is for. */
export function meaningOf({ description, value: { bounds }, tests }: OptionSpec): string {
  const others = TEST_NAMES.filter((name) => !(tests?.includes(name) ?? true));
  const of = others.length === 0 ? "" : others.length === 1 ? `; not for ${others[0]}` : `; for ${tests!.join(", ")}`;
  return description + inBrackets(bounds) + of;
}

const inBrackets = (bounds: string | undefined) => bounds === undefined ? "" : ` (${bounds})`;

/** A text, wrapped and indented. */
export function paragraph(text: string): readonly string[] {
  return wrapped(text, WIDTH - 2).map((line) => `  ${line}`);
}

/** Two columns, the right one wrapped. */
export function row(left: string, right: string): readonly string[] {
  const lines = wrapped(right, WIDTH - INDENT);
  const starts = left.length + 4 > INDENT ? [`  ${left}`] : [];
  const first = starts.length > 0 ? "" : `  ${left}`;
  return [...starts, ...lines.map((line, index) => `${(index === 0 ? first : "").padEnd(INDENT)}${line}`)];
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
