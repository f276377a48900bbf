import { objectiveHelp } from "../../objectives/metrics.ts";
import { EXIT_CODE_MEANINGS } from "../terminal/exit_code.ts";
import { TEST_NAMES } from "../../measure/settings/setting.ts";
import type { OptionSpec } from "../options/option.ts";
import { OPTIONS, signatureOf } from "../options/options.ts";

const WIDTH = 80;
/** Column in which descriptions begin. */
const INDENT = 26;

const EXAMPLES = [
  "deno task comprehensive",
  "deno task latency --url http://gpu-1:8000 --model resnet50 --cold-starts 10",
  "deno task throughput --batch-sizes 1,8,32 --format json --output sizes.json",
  "deno task basic --gate 'p99<100ms,errors<1%' --baseline main.json",
  "deno task run --list-models --url http://gpu-1:8000 --token-env TOKEN",
];

/** How objectives are written, and what they are about. */
const OBJECTIVE_RULES = [
  "METRIC<LIMIT with commas between; < <= for what must be low, > >= for throughput and peak. Each is met if its whole " +
  "95 % interval keeps the limit, missed if none of it does; else it cannot be told, which counts as missed unless " +
  "--gate-lenient.",
  "Latency, errors and throughput are those of the basic test, else of the highest rate that a load test sustained, " +
  "of a sweep's optimum, or of the latency test's warm requests: with comprehensive, --concurrency and --batch-size " +
  "fix the load that they are about. peak is the throughput of the recommended operating point.",
];

/** Variables that change what the command does, apart from the one that `--token-env` names. */
const VARIABLES: readonly (readonly [string, string])[] = [
  ["NO_COLOR", "No colours"],
  ["TORCHGAUGE_CACHE", "Folder of the embedded server's model files"],
];

/**
 * The text of `--help`.
 *
 * @returns Lines of at most 80 columns, the last one ended.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 *
 * assert(helpText().startsWith("Measures PyTorch inference servers.\n"));
 * ```
 */
export function helpText(): string {
  const groups = Map.groupBy(OPTIONS, ({ group }) => group);
  const lists = [...groups].map((
    [group, options],
  ) => [group, ...options.flatMap((spec) => row(left(spec), right(spec)))]);
  return [
    [
      "Measures PyTorch inference servers.",
      "",
      "Usage: deno task TYPE [options]",
      "       deno task run --test-type TYPE [options]",
    ],
    ...lists,
    [
      "Objectives (of --gate and --slo)",
      ...OBJECTIVE_RULES.flatMap(paragraph),
      ...objectiveHelp().flatMap(([metric, meaning]) => row(metric, meaning)),
    ],
    ["Environment", ...VARIABLES.flatMap(([name, meaning]) => row(name, meaning))],
    ["Exit codes", ...EXIT_CODE_MEANINGS.flatMap(({ code, meaning }) => row(String(code), meaning))],
    ["Examples", ...EXAMPLES.map((example) => `  ${example}`)],
  ].map((lines) => `${lines.join("\n")}\n`).join("\n");
}

/**
 * All options as tables in Markdown, for the README.
 *
 * @returns One table with a heading for each group of options.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 *
 * assert(optionsMarkdown().includes("| `--seed N` | Seed of everything random (0 to 4294967295) | 1 |"));
 * ```
 */
export function optionsMarkdown(): string {
  const tables = [...Map.groupBy(OPTIONS, ({ group }) => group)].map(([group, options]) => {
    const rows = options.map((spec) =>
      `| \`${signatureOf(spec)}\` | ${meaning(spec).replaceAll("|", "\\|")} | ${spec.default ?? ""} |`
    );
    return [`### ${group}`, "", "| Option | Meaning | Default |", "| --- | --- | --- |", ...rows, ""].join("\n");
  });
  return tables.join("\n");
}

function left(spec: OptionSpec): string {
  return (spec.short === undefined ? "" : `-${spec.short}, `) + signatureOf(spec);
}

function right(spec: OptionSpec): string {
  return meaning(spec) + (spec.default === undefined ? "" : ` [default: ${spec.default}]`);
}

/** The description with what the value is bounded by and the tests that it is for. */
function meaning({ description, value: { bounds }, tests }: OptionSpec): string {
  const others = TEST_NAMES.filter((name) => !(tests?.includes(name) ?? true));
  const of = others.length === 0 ? "" : others.length === 1 ? `; not for ${others[0]}` : `; for ${tests!.join(", ")}`;
  return `${description}${bounds === undefined ? "" : ` (${bounds})`}${of}`;
}

function paragraph(text: string): readonly string[] {
  return wrapped(text, WIDTH - 2).map(indented);
}

function indented(line: string): string {
  return `  ${line}`;
}

/** Two columns, the right one wrapped. */
function row(left: string, right: string): readonly string[] {
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
