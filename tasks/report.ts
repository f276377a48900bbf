/**
 * Makes the HTML report of a results file: `deno task report results.json [-o report.html]`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Console, systemConsole } from "../src/cli/terminal/console.ts";
import { describeError } from "../src/cli/terminal/describe_error.ts";
import { EXIT_CODE, type ExitCode, exitCodeOf } from "../src/cli/terminal/exit_code.ts";
import { checkWritable, writeOutput } from "../src/cli/terminal/output.ts";
import { loadResult } from "../src/cli/inputs/report_file.ts";
import { UsageError } from "../src/core/errors.ts";
import { formatHtml } from "../src/report/html/format_html.ts";

const HELP = `Makes the HTML report of a results file: one file that needs no script and no network.

Usage: deno task report RESULTS.json [-o REPORT.html]

  -o, --output FILE  where the report goes (RESULTS.html, beside the results)
  -h, --help         this text

RESULTS.json is what --format json --output RESULTS.json wrote.

Exit codes: 0 done, 2 wrong usage or no results file, 5 a fault of torchgauge.
`;

/** What is asked for. */
interface Command {
  readonly results: string;
  readonly output: string;
}

function readCommand(args: readonly string[]): Command | "help" {
  const parsed = parseArgs([...args], {
    boolean: ["help"],
    string: ["output", "_"],
    alias: { output: "o", help: "h" },
    unknown: (arg) => {
      if (!arg.startsWith("-")) return;
      throw new UsageError(`Cannot make the report as there is no such option: found "${arg}"`, {
        hint: "--help lists them.",
      });
    },
  });
  if (parsed.help) return "help";
  const [results, ...others] = parsed._.map(String);
  if (results === undefined || others.length > 0) {
    throw new UsageError(`Cannot make the report as there must be one results file: found ${parsed._.length}`, {
      hint: "deno task report results.json",
    });
  }
  const { output = `${results.replace(/\.json$/i, "")}.html` } = parsed;
  if (output === "") throw new UsageError('Cannot make the report as --output must be a file: found ""');
  return { results, output };
}

async function main(args: readonly string[], console: Console): Promise<ExitCode> {
  try {
    const command = readCommand(args);
    if (command === "help") {
      await console.write(HELP);
      return EXIT_CODE.done;
    }
    const report = await loadResult(command.results);
    await checkWritable(command.output, [command.results]);
    const failure = await writeOutput(command.output, formatHtml(report));
    console.error(failure === null ? `The report is in ${command.output}.` : `Error: ${failure}`);
    return failure === null ? EXIT_CODE.done : EXIT_CODE.fault;
  } catch (error) {
    console.error(describeError(error, true));
    return exitCodeOf(error);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args, systemConsole()));
