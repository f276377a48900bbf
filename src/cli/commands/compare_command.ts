import { compare } from "../../compare/compare.ts";
import { UsageError } from "../../core/errors.ts";
import {
  formatComparison,
  formatComparisonCsv,
  formatComparisonJson,
  type LabelledComparison,
} from "../../report/format_comparison.ts";
import { formatComparisonMarkdown } from "../../report/markdown/format_markdown.ts";
import { loadResult } from "../inputs/report_file.ts";
import type { Given } from "../options/given.ts";
import type { OptionSpec } from "../options/option.ts";
import { choice, text } from "../options/option_values.ts";
import { formatFor, OUTPUT_FORMATS, outputFile } from "../options/output_format.ts";
import { type Console, pageOptionsOf } from "../terminal/console.ts";
import { EXIT_CODE, type ExitCode, FAULT_MEANING } from "../terminal/exit_code.ts";
import { checkWritable, writeOutput } from "../terminal/output.ts";
import { runTableCommand } from "./table_command.ts";

const HEAD = [
  "Compares results files: what differs beside the results, then each headline",
  "number with its effect. Each file is held against the first.",
  "",
  "Usage: deno task compare FIRST.json SECOND.json [MORE.json ...] [options]",
];

const OPTIONS = [
  {
    group: "Options",
    name: "format",
    value: choice("FORMAT", OUTPUT_FORMATS),
    description: "How the comparison is written",
    default: "by the ending of --output, else text",
  },
  {
    group: "Options",
    name: "output",
    short: "o",
    value: text("FILE"),
    description: "Where it is written",
    default: "stdout",
  },
] as const satisfies readonly OptionSpec[];

const EXIT_CODES = [
  {
    code: EXIT_CODE.done,
    meaning: "compared, whatever came out; to fail on a regression, use --baseline of a test",
  },
  { code: EXIT_CODE.usage, meaning: "wrong usage, or no results file" },
  { code: EXIT_CODE.fault, meaning: FAULT_MEANING },
];

/**
 * Compares results files and writes what came out; every failure is one message and an exit code.
 *
 * @param argv Arguments without the program's name.
 * @param console Where it prints.
 * @returns The exit code; 0 whatever the comparison says.
 */
export function compareCommand(argv: readonly string[], console: Console): Promise<ExitCode> {
  const command = { head: HEAD, options: OPTIONS, takesOperands: true, exitCodes: EXIT_CODES, run } as const;
  return runTableCommand(command, argv, console);
}

async function run(given: Given<typeof OPTIONS[number]>, console: Console): Promise<ExitCode> {
  const files = given.operands;
  if (files.length < 2) {
    throw new UsageError(
      `Cannot compare as there must be at least two results files: found ${files.length === 0 ? "none" : "one"}`,
      { hint: "Write deno task compare before.json after.json; --format json --output before.json makes one." },
    );
  }
  const output = outputFile(given.get("output"));
  const format = given.get("format") ?? formatFor(output);
  if (output !== null) await checkWritable(output, files);
  const reports = [];
  for (const path of files) reports.push({ path, report: await loadResult(path) });
  const [first, ...others] = reports;
  const comparisons = others.map(({ path, report }): LabelledComparison => ({
    a: first!.path,
    b: path,
    comparison: compare(first!.report, report, { comparisons: others.length }),
  }));
  const written = format === "json"
    ? formatComparisonJson(comparisons)
    : format === "csv"
    ? formatComparisonCsv(comparisons)
    : format === "md"
    ? formatComparisonMarkdown(comparisons)
    : comparisons.map(({ a, b, comparison }) =>
      formatComparison(comparison, { labels: { a, b }, ...pageOptionsOf(console, output) })
    ).join("\n");
  if (output === null) {
    await console.write(written);
    return EXIT_CODE.done;
  }
  const failure = await writeOutput(output, written);
  console.error(failure === null ? `The comparison is in ${output}.` : `Error: ${failure}`);
  return failure === null ? EXIT_CODE.done : EXIT_CODE.fault;
}
