import type { Environment } from "../results/report.ts";
import type { PairedResult } from "../results/ab.ts";
import { VERSION } from "../core/version.ts";
import { ASCII_GLYPHS, UNICODE_GLYPHS } from "./text/glyphs.ts";
import { renderBlocks } from "./text/render_blocks.ts";
import { abSection } from "./sections/ab.ts";
import type { TextOptions } from "./text/format_text.ts";

/** What stands around the result of an A/B test in its file. */
export interface AbDocumentOptions {
  /** The command line that gives this run again. @default {"made through mod.ts"} */
  readonly command?: string;
  /** The machine that measured; left out where it is not known. */
  readonly environment?: Environment;
}

/**
 * An A/B test for people: the verdict first, then each figure with its effect.
 *
 * @param result From `runAbTest`.
 * @param options How the text looks.
 * @returns Lines no wider than `options.width`, each ended by a newline.
 */
export function formatAb(
  result: PairedResult,
  { ascii = false, color = false, width = 100 }: Pick<TextOptions, "ascii" | "color" | "width"> = {},
): string {
  const lines = renderBlocks(abSection(result), { glyphs: ascii ? ASCII_GLYPHS : UNICODE_GLYPHS, color, width });
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * An A/B test as one JSON document, which says by `kind` that it is no results file.
 *
 * @param result From `runAbTest`.
 * @param options What stands around it.
 * @returns JSON text that ends with a newline.
 */
export function formatAbJson(
  result: PairedResult,
  { command = "made through mod.ts", environment }: AbDocumentOptions = {},
): string {
  const tool = { name: "torchgauge", version: VERSION };
  const { kind, ...own } = result;
  return JSON.stringify(
    { schemaVersion: 1, kind, tool, command, ...(environment && { environment }), ...own },
    null,
    2,
  ) +
    "\n";
}
