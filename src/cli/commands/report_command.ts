import { UsageError } from "../../core/errors.ts";
import { formatCsv } from "../../report/csv/format_csv.ts";
import { formatHtml } from "../../report/html/format_html.ts";
import { formatJson } from "../../report/json/format_json.ts";
import { formatMarkdown } from "../../report/markdown/format_markdown.ts";
import { formatText } from "../../report/text/format_text.ts";
import type { PageOptions } from "../../report/text/page_text.ts";
import type { Report } from "../../results/report.ts";
import { loadResult } from "../inputs/report_file.ts";
import type { Given } from "../options/given.ts";
import type { OptionSpec } from "../options/option.ts";
import { choice, FLAG, text } from "../options/option_values.ts";
import { outputFile } from "../options/output_format.ts";
import { openPage } from "../outputs/open_page.ts";
import { type Console, pageOptionsOf } from "../terminal/console.ts";
import { EXIT_CODE, type ExitCode, FAULT_MEANING } from "../terminal/exit_code.ts";
import { checkWritable, writeOutput } from "../terminal/output.ts";
import { runTableCommand } from "./table_command.ts";

const HEAD = [
  "Makes the HTML report of a results file, one file that needs no network, or",
  "its Markdown, CSV, text or JSON. RESULTS.json is what --format json --output",
  "RESULTS.json wrote; what --samples SAMPLES.csv wrote serves as well, and so",
  "does an HTML report, which holds the results.",
  "",
  "Usage: deno task report RESULTS.json [-o REPORT.html] [--open]",
];

/** How a report is written, with the ending of its file. */
const ENDINGS = { html: "html", md: "md", csv: "csv", text: "txt", json: "json" } as const;

type ReportFormat = keyof typeof ENDINGS;

const FORMATS = Object.keys(ENDINGS) as readonly ReportFormat[];

const OPTIONS = [
  {
    group: "Options",
    name: "format",
    value: choice("FORMAT", FORMATS),
    description: "How the report is written",
    default: "by the ending of --output, else html",
  },
  {
    group: "Options",
    name: "output",
    short: "o",
    value: text("FILE"),
    description: "Where the report is written, - is stdout",
    default: "RESULTS.html, .md, .csv, .txt or .json, beside the results",
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
 * Writes the report of a results file; every failure is one message and an exit code.
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
  const asked = given.get("output");
  const format = given.get("format") ?? formatFor(asked ?? "");
  const output = outputFile(asked ?? `${results.replace(/\.(?:json|csv|html?)$/i, "")}.${ENDINGS[format]}`);
  const written = write(report, format, pageOptionsOf(console, output));
  const isOpened = given.get("open") ?? false;
  if (isOpened && (output === null || format !== "html")) {
    const found = output === null ? "it goes to stdout" : `it is ${format}`;
    throw new UsageError(`Cannot open the report as it must be an HTML file: ${found}`, {
      hint: "Leave out --open, or name a file that ends in .html.",
    });
  }
  if (output === null) {
    await console.write(written);
    return EXIT_CODE.done;
  }
  await checkWritable(output, [results]);
  const failure = await writeOutput(output, written);
  console.error(failure === null ? `The report is in ${output}.` : `Error: ${failure}`);
  if (failure === null && isOpened) await openPage(output, console);
  return failure === null ? EXIT_CODE.done : EXIT_CODE.fault;
}

/** By the ending of a file; one without an ending is a page. */
function formatFor(output: string): ReportFormat {
  const ending = /\.(\w+)$/.exec(output)?.[1]?.toLowerCase() ?? "html";
  const format = FORMATS.find((format) => ENDINGS[format] === ending || format === "html" && ending === "htm");
  if (format !== undefined) return format;
  throw new UsageError(
    `Cannot make the report as its file must end in .html, .md, .csv, .txt or .json: current value is "${output}"`,
    { hint: "Say by --format how another file is written. A browser prints the page as PDF." },
  );
}

function write(report: Report, format: ReportFormat, page: PageOptions): string {
  switch (format) {
    case "html":
      return formatHtml(report);
    case "md":
      return formatMarkdown(report);
    case "csv":
      return formatCsv(report);
    case "text":
      return formatText(report, page);
    case "json":
      return formatJson(report);
  }
}
