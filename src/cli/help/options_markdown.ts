import { signatureOf } from "../options/option.ts";
import { OPTIONS } from "../options/options.ts";
import { meaningOf } from "./help_page.ts";

/**
 * All options as tables in Markdown, for the README.
 *
 * @returns One table with a heading for each group of options.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 *
 * assert(optionsMarkdown().includes("| `--seed N` | Seed of everything random (0 to 4294967295) | 1 |"));
 * ```
 */
export function optionsMarkdown(): string {
  const tables = [...Map.groupBy(OPTIONS, ({ group }) => group)].map(([group, options]) => {
    const rows = options.map((spec) =>
      `| \`${signatureOf(spec)}\` | ${meaningOf(spec).replaceAll("|", "\\|")} | ${spec.default ?? ""} |`
    );
    return [`### ${group}`, "", "| Option | Meaning | Default |", "| --- | --- | --- |", ...rows, ""].join("\n");
  });
  return tables.join("\n");
}
