import { UsageError } from "../../core/errors.ts";
import { formatHtml } from "../../report/html/format_html.ts";
import { loadResult } from "../inputs/report_file.ts";
import type { Given } from "../options/given.ts";
import type { OptionSpec } from "../options/option.ts";
import { FLAG, text } from "../options/option_values.ts";
import { outputFile } from "../options/output_format.ts";
import { openPage } from "../outputs/open_page.ts";
import type { Console } from "../terminal/console.ts";
import { EXIT_CODE, type ExitCode, FAULT_MEANING } from "../terminal/exit_code.ts";
import { checkWritable, writeOutput } from "../terminal/output.ts";
import { runTableCommand } from "./table_command.ts";

const HEAD = [
  "Makes the HTML report of a results file: one file that needs no script and no",
  "network. RESULTS.json is what --format json --output RESULTS.json wrote; what",
  "--samples SAMPLES.csv wrote serves as well.",
  "",
  "Usage: deno task report RESULTS.json [-o REPORT.html] [--open]",
];

const OPTIONS = [
  {
    group: "Options",
    name: "output",
    short: "o",
    value: text("FILE"),
    description: "Where the report is written",
    default: "RESULTS.html, beside the results",
  },
  {
    group: "Options",
    name: "open",
    value: FLAG,
    description: "Open it in the browser when it is written",
  },
] as const satisfies readonly OptionSpec[];

const EXIT_CODES = [
  { code: EXIT_CODE.done, meaning: "done" },
  { code: EXIT_CODE.usage, meaning: "wrong usage, or no results file" },
  { code: EXIT_CODE.fault, meaning: FAULT_MEANING },
];

/**
 * Makes the HTML report of a results file; every failure is one message and an exit code.
 *
 * @param argv Arguments without the program's name.
 * @param console Where it prints.
 * @returns The exit code.
 */
export function reportCommand(argv: readonly string[], console: Console): Promise<ExitCode> {
  const command = { head: HEAD, options: OPTIONS, takesOperands: true, exitCodes: EXIT_CODES, run } as const;
  return runTableCommand(command, argv, console);
}

async function run(given: Given<typeof OPTIONS[number]>, console: Console): Promise<ExitCode> {
  const [results, ...others] = given.operands;
  if (results === undefined || others.length > 0) {
    const found = given.operands.length;
    throw new UsageError(`Cannot make the report as there must be one results file: found ${found}`, {
      hint: "deno task report results.json",
    });
  }
  const report = await loadResult(results);
  const output = outputFile(given.get("output") ?? `${results.replace(/\.(?:json|csv)$/i, "")}.html`);
  const isOpened = given.get("open") ?? false;
  if (output === null && isOpened) {
    throw new UsageError("Cannot open the report as it must be a file: it goes to stdout", {
      hint: "Leave out --open, or name the file.",
    });
  }
  if (output === null) {
    await console.write(formatHtml(report));
    return EXIT_CODE.done;
  }
  await checkWritable(output, [results]);
  const failure = await writeOutput(output, formatHtml(report));
  console.error(failure === null ? `The report is in ${output}.` : `Error: ${failure}`);
  if (failure === null && isOpened) await openPage(output, console);
  return failure === null ? EXIT_CODE.done : EXIT_CODE.fault;
}
