/** What `--format` takes. */
export const OUTPUT_FORMATS = ["text", "json", "csv"] as const;

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
