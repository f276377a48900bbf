import { mayBeGone } from "../../measure/control/after_signal.ts";
import type { Report } from "../../results/report.ts";
import { isUnanswered, resultsOf } from "../../results/kinds.ts";
import { windowsOf } from "../../results/windows.ts";
import { formatCsv } from "../../report/csv/format_csv.ts";
import { formatJson } from "../../report/json/format_json.ts";
import { totalOf } from "../../report/sections/shared.ts";
import { formatMarkdown } from "../../report/markdown/format_markdown.ts";
import { formatText } from "../../report/text/format_text.ts";
import { lostInWords } from "../../words/cut_in_words.ts";
import type { RunCommand } from "../options/command_line.ts";
import { type Console, pageOptionsOf } from "../terminal/console.ts";
import { EXIT_CODE, type ExitCode } from "../terminal/exit_code.ts";
import { writeOutput } from "../terminal/output.ts";
import { OutputError } from "../terminal/output_error.ts";
import { failuresInWords, requestUnanswered } from "../../words/words.ts";
import { keepResults } from "./keep_results.ts";
import { openPage } from "../outputs/open_page.ts";
import { type MoreFiles, writeMore } from "../outputs/write_more.ts";

/** Where the results of a run go. */
export type ReportFiles = Pick<RunCommand, "format" | "output" | "report"> & MoreFiles & {
  /** Whether to open the report once it is written. @default {false} */
  readonly open?: boolean;
};

/**
 * Writes the results of a run: to a file or to stdout, and as a page besides where one is wanted.
 *
 * @param report What was measured.
 * @param files Where it goes.
 * @param console Where it prints.
 * @returns True if everything reached its place; results that did not went to stdout, or where that did not take them
 * either to another file, so that they are not lost.
 */
export async function writeReport(report: Report, files: ReportFiles, console: Console): Promise<boolean> {
  const written = await writeResults(report, files, console);
  const shown = files.report === null || await writePage(report, files.report, console);
  const more = await writeMore(report, files, console);
  const cut = cutInWords(report);
  if (cut !== null) console.error(cut);
  const maybeGone = mayBeGone(report.target.model);
  if (report.warnings.includes(maybeGone)) console.error(maybeGone);
  const elsewhere = elsewhereInWords(report);
  if (elsewhere !== null) console.error(elsewhere);
  const hint = warmUpHint(report);
  if (hint !== null) console.error(hint);
  if (files.open === true && files.report !== null && shown) await openPage(files.report, console);
  return shown && more && written;
}

/** Why a run measured less than was asked for, for those who do not read the results; `null` if it did not. */
function cutInWords(report: Report): string | null {
  if (report.partial === "model-lost") {
    const { model } = report.target;
    return `The model "${model}" is GONE from the server: torchgauge unloaded it and could not load it again. ` +
      "Load it by hand, or restart the server. The results hold what was measured until then.";
  }
  if (report.partial === "target-lost") {
    const [lost] = resultsOf(report.tests).flatMap(({ result }) => result.lost ?? []);
    return `The server was lost${lostInWords(lost)}: the results hold what was measured until then.`;
  }
  if (report.partial === "interrupted") {
    return isUnanswered(report.tests)
      ? `Interrupted before a ${requestUnanswered(report.tests)} succeeded.`
      : "Interrupted: the results hold what was measured until then.";
  }
  if (!isUnanswered(report.tests)) return null;
  // What is sent to learn how long a request takes may have succeeded, and is none of the results.
  if (windowsOf(report.tests).length === 0) return "Nothing was measured: the results say why.";
  return `No ${requestUnanswered(report.tests)} succeeded: ${reasonsOf(report)}.`;
}

/** Why requests failed, with an example each. */
function reasonsOf({ tests }: Report): string {
  const windows = windowsOf(tests).map(({ window }) => window).filter(({ succeeded }) => succeeded === 0);
  if (windows.length > 0 && windows.every(({ due }) => due === 0)) {
    return "none was due in so short a time, see --duration";
  }
  const { failuresByReason, failureExamples } = totalOf(windows);
  return failuresInWords(failuresByReason, failureExamples) || "the results say why";
}

/** How to measure the memory of those who do the work, where they were seen; `null` where they are measured. */
function elsewhereInWords({ tests: { memory } }: Report): string | null {
  const { elsewhere = [] } = memory?.work ?? {};
  if (memory === undefined || elsewhere.length === 0) return null;
  const pids = [...(memory.scope?.processes ?? []), ...elsewhere].map(({ pid }) => `--pid ${pid}`);
  return `The memory is not that of all who work for the requests: measure it with ${pids.join(" ")}.`;
}

/** How to leave out the requests of a server that was still warming up; `null` where none count. */
function warmUpHint({ findings }: Report): string | null {
  const found = findings.find(({ code }) => code === "warming-up");
  return found?.code === "warming-up" && found.evidence.within.length > 0
    ? `Hint: the server was still warming up; --warmup ${found.evidence.warmUpRequests} leaves its slow requests out.`
    : null;
}

const FORMATS = { json: formatJson, csv: formatCsv, md: formatMarkdown } as const;

async function writeResults(report: Report, { format, output }: ReportFiles, console: Console): Promise<boolean> {
  const text = format === "text" ? formatText(report, pageOptionsOf(console, output)) : FORMATS[format](report);
  const failure = output === null ? null : await writeOutput(output, text);
  if (output !== null && failure === null) {
    console.error(`Results are in ${output}.`);
    return true;
  }
  if (failure !== null) console.error(`Error: ${failure} The results follow on stdout.`);
  try {
    await console.write(text);
    return failure === null;
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    console.error(`Error: ${error.message}. ${await keepResults(report)}`);
    return false;
  }
}

/** True if the page reached its file. What draws it is loaded only now, so that it disturbs no measurement. */
async function writePage(report: Report, path: string, console: Console): Promise<boolean> {
  const { formatHtml } = await import("../../report/html/format_html.ts");
  const failure = await writeOutput(path, formatHtml(report));
  console.error(failure === null ? `The report is in ${path}.` : `Error: ${failure}`);
  return failure === null;
}

/**
 * How a run ended.
 *
 * @param report What was measured.
 */
export function exitCodeOfRun(report: Report): ExitCode {
  if (report.partial === "model-lost") return EXIT_CODE.modelLost;
  if (report.partial === "interrupted") return EXIT_CODE.interrupted;
  if (report.partial === "target-lost" || isUnanswered(report.tests)) return EXIT_CODE.target;
  return report.gate?.passed === false || report.baseline?.passed === false ? EXIT_CODE.gateFailed : EXIT_CODE.done;
}
