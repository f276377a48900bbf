import { UsageError } from "../../core/errors.ts";
import type { Report } from "../../results/report.ts";
import { formatJson } from "../../report/json/format_json.ts";
import { resultsInPage } from "../../report/html/results_in_page.ts";
import { parseReport } from "../../report/json/parse_report.ts";
import { isSamplesFile, readSamples } from "../samples/read_samples.ts";
import { systemWords } from "../terminal/system_words.ts";
import { writeWhole } from "../terminal/write_whole.ts";

/**
 * Writes a report as a results file, the same that `--format json` writes.
 *
 * @param path Where to; an existing file is replaced, as a whole or not at all.
 * @param report The report, from `createReport`.
 */
export async function saveResult(path: string | URL, report: Report): Promise<void> {
  await writeWhole(path, formatJson(report));
}

/**
 * Reads a results file, also one that an HTML report holds, or makes the results again from a file of samples.
 *
 * @param path Where it is.
 * @returns The report.
 * @throws {UsageError} If it cannot be read, or is neither of this version.
 */
export async function loadResult(path: string | URL): Promise<Report> {
  try {
    if (await isSamplesFile(path)) return await readSamples(path);
    const text = await Deno.readTextFile(path);
    return parseReport(resultsInPage(text) ?? text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error instanceof UsageError
      ? error.message.replace(/^Cannot read the results as /, "")
      : `there must be a file that can be read: ${
        error instanceof Deno.errors.NotFound ? "there is none" : systemWords(error)
      }`;
    throw new UsageError(`Cannot read the results of "${path}" as ${why}`, {
      cause: error,
      ...(error instanceof UsageError && error.hint !== undefined ? { hint: error.hint } : {}),
    });
  }
}
