import type { Environment } from "../results/report.ts";
import type { PairedResult } from "../results/ab.ts";
import { VERSION } from "../core/version.ts";
import { abSection } from "./sections/ab.ts";
import { type PageOptions, pageText } from "./text/page_text.ts";

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
export function formatAb(result: PairedResult, options: PageOptions = {}): string {
  return pageText(abSection(result), options);
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
