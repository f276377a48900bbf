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
  const ending = /\.(\w+)$/.exec(output ?? "")?.[1]?.toLowerCase();
  return OUTPUT_FORMATS.find((format) => format === ending) ?? "text";
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
