import { UsageError } from "../core/errors.ts";
import type { Report } from "../core/report.ts";
import { formatJson } from "../report/format_json.ts";
import { parseReport } from "../report/parse_report.ts";

/**
 * Writes a report as a results file, the same that `--format json` writes.
 *
 * @param path Where to; an existing file is replaced.
 * @param report The report, from `createReport`.
 */
export async function saveResult(path: string | URL, report: Report): Promise<void> {
  await Deno.writeTextFile(path, formatJson(report));
}

/**
 * Reads a results file.
 *
 * @param path Where it is.
 * @returns The report.
 * @throws {UsageError} If there is no such file, or it is no results file of this version.
 */
export async function loadResult(path: string | URL): Promise<Report> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory)) throw error;
    throw new UsageError(`Cannot read the results as there must be a file: found none at "${path}"`, { cause: error });
  }
  return parseReport(text);
}
