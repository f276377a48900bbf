/**
 * Writes the parts of pages that come from elsewhere: the table of options of README.md, and with `--run` the output of a
 * real run, whole in src/report/EXAMPLE.md and its answer in README.md; with `--bench` the figures of the last
 * `deno task dev:bench`; with `--faults` the totals of the last `deno task dev:faults`.
 * `deno task dev:readme [--run] [--bench] [--faults]`. A test fails where the table is out of date.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { readMatrix, totalsMarkdown } from "../tests/faults/matrix/matrix_results.ts";
import { optionsMarkdown } from "../src/cli/help/options_markdown.ts";
import { readResults } from "./bench/results.ts";
import { markdownTable } from "./bench/table.ts";

/** Path of README.md. */
export const README: string = fileURLToPath(new URL("../README.md", import.meta.url));

/** Path of the page that shows a whole run. */
export const EXAMPLE: string = fileURLToPath(new URL("../src/report/EXAMPLE.md", import.meta.url));

/**
 * A text with what stands between two markers replaced.
 *
 * @param text Holds `<!-- NAME:begin -->` and `<!-- NAME:end -->`.
 * @param name The markers' name.
 * @param content What shall stand between them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   withPart("<!-- a:begin -->old<!-- a:end -->", "a", "new"),
 *   "<!-- a:begin -->\n\nnew\n\n<!-- a:end -->",
 * );
 * ```
 */
export function withPart(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const from = text.indexOf(begin), to = text.indexOf(end);
  if (from < 0 || to < from) throw new TypeError(`Cannot fill in "${name}" as the text must hold ${begin} and ${end}`);
  return `${text.slice(0, from)}${begin}\n\n${content.trim()}\n\n${text.slice(to)}`;
}

async function exampleRun(): Promise<string> {
  const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", main, "--test-type", "comprehensive", "--quick"],
    env: { NO_COLOR: "1", LANG: "C.UTF-8" },
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("Cannot show a run as it must succeed: it failed");
  return new TextDecoder().decode(stdout).trim();
}

function asBlock(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

if (import.meta.main) {
  let text = withPart(await Deno.readTextFile(README), "options", optionsMarkdown());
  if (Deno.args.includes("--run")) {
    const run = await exampleRun();
    // README.md shows the answer alone, which begins with this sign.
    text = withPart(text, "answer", asBlock(run.slice(run.indexOf("🎯"))));
    await Deno.writeTextFile(EXAMPLE, withPart(await Deno.readTextFile(EXAMPLE), "run", asBlock(run)));
  }
  if (Deno.args.includes("--bench")) text = withPart(text, "bench", markdownTable(await readResults()));
  if (Deno.args.includes("--faults")) text = withPart(text, "faults", totalsMarkdown(await readMatrix()));
  await Deno.writeTextFile(README, text);
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", README, EXAMPLE] }).output();
}
