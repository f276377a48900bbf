import { UsageError } from "../../core/errors.ts";
import type { Report } from "../../results/report.ts";
import { formatJson } from "../../report/json/format_json.ts";
import { isPage, resultsInPage } from "../../report/html/results_in_page.ts";
import { parseReport } from "../../report/json/parse_report.ts";
import { readSamples } from "../samples/read_samples.ts";
import { FIRST_LINE } from "../samples/sample_format.ts";
import { systemWords } from "../terminal/system_words.ts";
import { writeWhole } from "../terminal/write_whole.ts";

/**
 * Writes a report as a results file, the same that `--format json` writes.
 *
 * @param path Where to; an existing file is replaced, as a whole or not at all.
 * @param report The report, from `createReport`.
 * @throws {UsageError} If they are the wrong way round, or the second is none; a kernel of notebooks checks no types.
 */
export async function saveResult(path: string | URL, report: Report): Promise<void> {
  checkArguments(path, report);
  await writeWhole(path, formatJson(report));
}

function checkArguments(path: unknown, report: unknown): void {
  const isPath = typeof path === "string" || path instanceof URL;
  const cannot = "Cannot save the results as";
  if (!isPath) {
    const found = isReport(path) ? "found the report first" : `found ${nameOf(path)}`;
    throw new UsageError(`${cannot} the first argument must be a path: ${found}`, { hint: SAVE_HINT });
  }
  if (isReport(report)) return;
  throw new UsageError(`${cannot} the second argument must be a report: found ${nameOf(report)}`, { hint: SAVE_HINT });
}

const SAVE_HINT = 'Write saveResult("results.json", createReport(measurements)).';

function isReport(value: unknown): boolean {
  return typeof value === "object" && value !== null && "schemaVersion" in value && "tests" in value;
}

function nameOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return value === undefined ? "nothing" : JSON.stringify(value);
  return "tests" in value ? "measurements that createReport() has not seen" : "another object";
}

/**
 * Reads a results file, also one that an HTML report holds, or makes the results again from a file of samples.
 *
 * @param path Where it is.
 * @returns The report.
 * @throws {UsageError} If it cannot be read, or is neither of this version.
 */
export function loadResult(path: string | URL): Promise<Report> {
  return readAt(path, readSamples, (text) => parseReport(resultsInPage(text) ?? text));
}

/**
 * Reads a results file that a run goes on with, and may write to: an HTML report or samples would be replaced by it.
 *
 * @param path Where it is.
 * @returns The report.
 * @throws {UsageError} If it cannot be read, or is something else.
 */
export function loadResultsFile(path: string): Promise<Report> {
  return readAt(path, () => Promise.reject(otherFile("a file of samples")), (text) => {
    if (isPage(text)) throw otherFile("an HTML page");
    return parseReport(text);
  });
}

function otherFile(found: string): UsageError {
  return new UsageError(`Cannot read the results as they must be the JSON of a results file: found ${found}`, {
    hint: "Give the file that --output FILE.json of that run wrote.",
  });
}

/** Reads results by how their file begins, and names it where that fails. It is read once: a pipe tells nothing twice. */
async function readAt(
  path: string | URL,
  ofSamples: (pieces: AsyncIterable<string>) => Promise<Report>,
  ofText: (text: string) => Report,
): Promise<Report> {
  const pieces = piecesIn(path);
  try {
    const head = await headOf(pieces);
    if (head.startsWith(FIRST_LINE)) return await ofSamples(behind(head, pieces));
    return ofText((await Array.fromAsync(behind(head, pieces))).join(""));
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
  } finally {
    await pieces.return();
  }
}

async function* piecesIn(path: string | URL): AsyncGenerator<string, void> {
  const file = await Deno.open(path);
  yield* file.readable.pipeThrough(new TextDecoderStream());
}

/** The first pieces, as many as tell what the file is. */
async function headOf(pieces: AsyncGenerator<string, void>): Promise<string> {
  let head = "";
  while (head.length < FIRST_LINE.length) {
    const { done, value } = await pieces.next();
    if (done) break;
    head += value;
  }
  return head;
}

async function* behind(head: string, pieces: AsyncIterable<string>): AsyncGenerator<string> {
  yield head;
  yield* pieces;
}
