import { UsageError } from "../../core/errors.ts";
import { FOREIGN_FORMATS } from "./meant/foreign_names.ts";

/** What `--format` takes. */
export const OUTPUT_FORMATS = ["text", "json", "csv", "md"] as const;

/** One member of {@linkcode OUTPUT_FORMATS}. */
export type OutputFormat = typeof OUTPUT_FORMATS[number];

/**
 * How results are written where nobody says it.
 *
 * @param output The file that they go to, or `null` for stdout.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([formatFor("r.JSON"), formatFor("r.log"), formatFor(null)], ["json", "text", "text"]);
 * ```
 */
export function formatFor(output: string | null): OutputFormat {
  const ending = endingOf(output);
  return OUTPUT_FORMATS.find((format) => format === ending) ?? "text";
}

const endingOf = (output: string | null) => /\.(\w+)$/.exec(output ?? "")?.[1]?.toLowerCase();

/** Endings of files in which nobody looks for text. */
const FOREIGN_ENDINGS: readonly string[] = ["html", "htm", "pdf", "xml", "jsonl", "ndjson", "tsv", "markdown"];

/**
 * How the results of a test are written where nobody says it.
 *
 * @param output The file that they go to, or `null` for stdout.
 * @throws {UsageError} If its ending is that of a format that they are not written in.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals([formatOfResults("r.md"), formatOfResults("r.log")], ["md", "text"]);
 * assertThrows(() => formatOfResults("r.html"));
 * ```
 */
export function formatOfResults(output: string | null): OutputFormat {
  const ending = endingOf(output);
  if (ending === undefined || !FOREIGN_ENDINGS.includes(ending)) return formatFor(output);
  throw new UsageError(
    `Cannot read the command line as "--output" must end in .json, .csv, .md or what is no other format, or there must be "--format": current value is "${output}"`,
    { hint: FOREIGN_FORMATS[ending] ?? "Give --format." },
  );
}

/** Other names of stdout. To open it by one of them would begin it anew where it is a file. */
const STDOUT: ReadonlySet<string> = new Set(["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]);

/**
 * The file that is named, or `null` where that is stdout.
 *
 * @param path What was given, if anything.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([outputFile("r.json"), outputFile("-"), outputFile(undefined)], ["r.json", null, null]);
 * ```
 */
export function outputFile(path: string | undefined): string | null {
  return path === undefined || STDOUT.has(path) ? null : path;
}
