import { compare } from "../../compare/compare.ts";
import { UsageError } from "../../core/errors.ts";
import {
  formatComparison,
  formatComparisonCsv,
  formatComparisonJson,
  type LabelledComparison,
} from "../../report/format_comparison.ts";
import { formatComparisonMarkdown } from "../../report/markdown/format_markdown.ts";
import type { LabelledRun } from "../../report/html/format_comparison_html.ts";
import { loadResult } from "../inputs/report_file.ts";
import type { Given } from "../options/given.ts";
import type { OptionSpec } from "../options/option.ts";
import { choice, HTML_FILE, text } from "../options/option_values.ts";
import { formatFor, OUTPUT_FORMATS, outputFile, type OutputFormat } from "../options/output_format.ts";
import { type Console, pageOptionsOf } from "../terminal/console.ts";
import { EXIT_CODE, type ExitCode, FAULT_MEANING } from "../terminal/exit_code.ts";
import { checkWritable, writeOutput } from "../terminal/output.ts";
import { runTableCommand } from "./table_command.ts";

const HEAD = [
  "Compares results files, or the HTML reports that hold them: what differs",
  "beside the results, then each headline number with its effect. Each file is",
  "held against the first.",
  "",
  "Usage: deno task compare FIRST.json SECOND.json [MORE.json ...] [options]",
];

const OPTIONS = [
  {
    group: "Options",
    name: "format",
    value: choice("FORMAT", [...OUTPUT_FORMATS, "html"] as const),
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
  {
    group: "Options",
    name: "report",
    value: HTML_FILE,
    description: "Where a page with charts of the differences is written besides",
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
  const page = given.get("report") ?? null;
  if (page !== null && page === output) {
    throw new UsageError(`Cannot write to "${page}" as --output and --report must be two files: they are one`);
  }
  const format = given.get("format") ?? (/\.html?$/i.test(output ?? "") ? "html" : formatFor(output));
  for (const path of [output, page]) if (path !== null) await checkWritable(path, files);
  const runs: LabelledRun[] = [];
  for (const label of files) runs.push({ label, report: await loadResult(label) });
  const [first, ...others] = runs;
  const comparisons = others.map(({ label, report }): LabelledComparison => ({
    a: first!.label,
    b: label,
    comparison: compare(first!.report, report, { comparisons: others.length }),
  }));
  const results = await writeTo(output, await write(format, runs, comparisons, console, output), "comparison", console);
  if (page === null) return results;
  const { formatComparisonHtml } = await import("../../report/html/format_comparison_html.ts");
  const shown = await writeTo(page, formatComparisonHtml(runs, comparisons), "report", console);
  return results === EXIT_CODE.done ? shown : results;
}

async function write(
  format: OutputFormat | "html",
  runs: readonly LabelledRun[],
  comparisons: readonly LabelledComparison[],
  console: Console,
  output: string | null,
): Promise<string> {
  switch (format) {
    case "json":
      return formatComparisonJson(comparisons);
    case "csv":
      return formatComparisonCsv(comparisons);
    case "md":
      return formatComparisonMarkdown(comparisons);
    case "html":
      return (await import("../../report/html/format_comparison_html.ts")).formatComparisonHtml(runs, comparisons);
    case "text":
      return comparisons.map(({ a, b, comparison }) =>
        formatComparison(comparison, { labels: { a, b }, ...pageOptionsOf(console, output) })
      ).join("\n");
  }
}

async function writeTo(path: string | null, text: string, what: string, console: Console): Promise<ExitCode> {
  if (path === null) {
    await console.write(text);
    return EXIT_CODE.done;
  }
  const failure = await writeOutput(path, text);
  console.error(failure === null ? `The ${what} is in ${path}.` : `Error: ${failure}`);
  return failure === null ? EXIT_CODE.done : EXIT_CODE.fault;
}
