import type { Report } from "../../results/report.ts";
import { formatJunit } from "../../report/junit/format_junit.ts";
import { formatMarkdown } from "../../report/markdown/format_markdown.ts";
import { formatOpenMetrics } from "../../report/openmetrics/format_openmetrics.ts";
import type { Console } from "../terminal/console.ts";
import { writeOutput } from "../terminal/output.ts";
import { systemWords } from "../terminal/system_words.ts";
import type { OtlpSettings } from "../options/secrets/otlp_settings.ts";
import { sendMetrics } from "./otlp/send_metrics.ts";

/** Files for other programs; what is left out or `null` is not written. */
export interface MoreFiles {
  /** Checks of the run as JUnit's XML. */
  readonly junit?: string | null;
  /** Figures as OpenMetrics. */
  readonly openmetrics?: string | null;
  /** The summary of a job of GitHub Actions, which is added to. */
  readonly stepSummary?: string | null;
  /** OpenTelemetry's collector, which figures are sent to. */
  readonly otlp?: OtlpSettings | null;
}

/**
 * Writes results for other programs besides.
 *
 * @param report What was measured.
 * @param files Where to.
 * @param console Where it says what was written.
 * @returns True if each file that was asked for is there; a summary that cannot be written and a
 * collector that does not take figures fail nothing.
 */
export async function writeMore(
  report: Report,
  { junit = null, openmetrics = null, stepSummary = null, otlp = null }: MoreFiles,
  console: Console,
): Promise<boolean> {
  const wanted = [
    { path: junit, what: "The JUnit file is", format: formatJunit },
    { path: openmetrics, what: "The OpenMetrics are", format: formatOpenMetrics },
  ];
  let written = true;
  for (const { path, what, format } of wanted) {
    if (path === null) continue;
    const failure = await writeOutput(path, format(report));
    console.error(failure === null ? `${what} in ${path}.` : `Error: ${failure}`);
    written &&= failure === null;
  }
  if (stepSummary !== null) await addToSummary(stepSummary, formatMarkdown(report), console);
  if (otlp !== null) await sendMetrics(report, otlp, console);
  return written;
}

/** The summary belongs to the job: what other steps wrote stays. */
async function addToSummary(path: string, markdown: string, console: Console): Promise<void> {
  try {
    await Deno.writeTextFile(path, `${markdown}\n`, { append: true });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(`The summary of the job was not written: ${systemWords(error)}.`);
  }
}
