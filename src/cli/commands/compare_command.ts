import { parseArgs } from "@std/cli/parse-args";
import { compare } from "../../compare/compare.ts";
import { UsageError } from "../../core/errors.ts";
import {
  formatComparison,
  formatComparisonCsv,
  formatComparisonJson,
  type LabelledComparison,
} from "../../report/format_comparison.ts";
import { type Console, pageOptionsOf } from "../terminal/console.ts";
import { describeError } from "../terminal/describe_error.ts";
import { EXIT_CODE, type ExitCode, exitCodeOf } from "../terminal/exit_code.ts";
import { formatFor, OUTPUT_FORMATS, type OutputFormat } from "../options/output_format.ts";
import { checkWritable, writeOutput } from "../terminal/output.ts";
import { loadResult } from "../inputs/report_file.ts";

const USAGE = `Compares results files: what differs beside the results, then each headline number with its effect.

Usage: deno task compare FIRST.json SECOND.json [MORE.json ...] [options]

Each file is held against the first.

  --format FORMAT         text, json, csv [default: by the ending of --output, else text]
  --output FILE           Where the comparison is written [default: stdout]
  -h, --help              Show this help

Exit codes: 0 compared, whatever came out; 2 wrong usage. To fail on a regression, use --baseline of a test.
`;

/** What the command line asks for. */
interface CompareArguments {
  readonly files: readonly string[];
  readonly format: OutputFormat;
  readonly output: string | null;
}

/**
 * Compares results files and writes what came out; every failure is one message and an exit code.
 *
 * @param argv Arguments without the program's name.
 * @param console Where it prints.
 * @returns The exit code; 0 whatever the comparison says.
 */
export async function compareCommand(argv: readonly string[], console: Console): Promise<ExitCode> {
  try {
    if (argv.includes("--help") || argv.includes("-h")) {
      await console.write(USAGE);
      return EXIT_CODE.done;
    }
    return await run(readArguments(argv), console);
  } catch (error) {
    console.error(describeError(error, false));
    return exitCodeOf(error);
  }
}

async function run({ files, format, output }: CompareArguments, console: Console): Promise<ExitCode> {
  if (output !== null) await checkWritable(output, files);
  const reports = [];
  for (const path of files) reports.push({ path, report: await loadResult(path) });
  const [first, ...others] = reports;
  const comparisons = others.map(({ path, report }): LabelledComparison => ({
    a: first!.path,
    b: path,
    comparison: compare(first!.report, report, { comparisons: others.length }),
  }));
  const text = format === "json"
    ? formatComparisonJson(comparisons)
    : format === "csv"
    ? formatComparisonCsv(comparisons)
    : comparisons.map(({ a, b, comparison }) =>
      formatComparison(comparison, { labels: { a, b }, ...pageOptionsOf(console, output) })
    ).join("\n");
  if (output === null) {
    await console.write(text);
    return EXIT_CODE.done;
  }
  const failure = await writeOutput(output, text);
  console.error(failure === null ? `The comparison is in ${output}.` : `Error: ${failure}`);
  return failure === null ? EXIT_CODE.done : EXIT_CODE.fault;
}

function readArguments(argv: readonly string[]): CompareArguments {
  const parsed = parseArgs([...argv], {
    string: ["format", "output", "_"],
    unknown: (arg, name) => {
      if (name === undefined) return true;
      throw refused(`"${arg.split("=")[0]}" is no option`, "It takes --format and --output.");
    },
  });
  const files = parsed._.map(String);
  if (files.length < 2) {
    throw refused(
      `there must be at least two results files: found ${files.length === 0 ? "none" : "one"}`,
      "Write deno task compare before.json after.json; --format json --output before.json makes one.",
    );
  }
  const [output, format] = [single("output", parsed.output), single("format", parsed.format)];
  const chosen = OUTPUT_FORMATS.find((known) => known === (format ?? formatFor(output ?? null)));
  if (chosen !== undefined) return { files, format: chosen, output: output ?? null };
  throw refused(`"--format" must be one of ${OUTPUT_FORMATS.join(", ")}: current value is "${format}"`);
}

function single(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && value.trim() !== "") return value;
  throw refused(`"--${name}" must have one value`, `Write --${name} once, with a value.`);
}

function refused(why: string, hint?: string): UsageError {
  return new UsageError(`Cannot compare as ${why}`, hint === undefined ? {} : { hint });
}
