import type { Comparison } from "../results/comparison.ts";
import type { Gate } from "../results/gate.ts";
import type { BaselineCheck } from "../results/comparison.ts";
import { VERSION } from "../core/version.ts";
import { SCHEMA_VERSION } from "../results/report.ts";
import type { Block } from "./sections/block.ts";
import { csvText } from "./csv/csv_text.ts";
import { ASCII_GLYPHS, UNICODE_GLYPHS } from "./text/glyphs.ts";
import type { TextOptions } from "./text/format_text.ts";
import { renderBlocks } from "./text/render_blocks.ts";
import { baselineSection, type ComparisonLabels, comparisonSection } from "./sections/comparison.ts";
import { gateSection } from "./sections/gate.ts";

/** How a comparison is written. */
export interface ComparisonTextOptions extends Pick<TextOptions, "ascii" | "color" | "width"> {
  /** What the runs are called. @default {first and second} */
  readonly labels?: ComparisonLabels;
}

/** A comparison with what its runs are called. */
export interface LabelledComparison extends ComparisonLabels {
  /** Effects and verdicts. */
  readonly comparison: Comparison;
}

/**
 * A comparison for people: first in what the runs differ beside their results, then each number with its effect, and
 * last what the verdicts mean.
 *
 * @param comparison From `compare`.
 * @param options How the text looks.
 * @returns Lines no wider than `options.width`, each ended by a newline.
 */
export function formatComparison(comparison: Comparison, options: ComparisonTextOptions = {}): string {
  const { labels = { a: "the first", b: "the second" } } = options;
  return textOf(comparisonSection(comparison, labels), options);
}

/**
 * Comparisons as one JSON document, which says by `kind` that it is no results file.
 *
 * @param comparisons From `compare`, with what their runs are called.
 * @returns JSON text that ends with a newline.
 */
export function formatComparisonJson(comparisons: readonly LabelledComparison[]): string {
  const documents = comparisons.map(({ a, b, comparison }) => ({
    ...comparison,
    a: { label: a, ...comparison.a },
    b: { label: b, ...comparison.b },
  }));
  const tool = { name: "torchgauge", version: VERSION };
  return JSON.stringify({ schemaVersion: SCHEMA_VERSION, kind: "comparison", tool, comparisons: documents }, null, 2) +
    "\n";
}

const CSV_HEADER = [
  "first",
  "second",
  "test",
  "metric",
  "unit",
  "first_value",
  "second_value",
  "difference",
  "difference_low",
  "difference_high",
  "ratio",
  "ratio_low",
  "ratio_high",
  "confidence",
  "family",
  "verdict",
  "smallest_shown",
];

/**
 * Comparisons as a tidy table: one row for each number of each comparison.
 *
 * @param comparisons From `compare`, with what their runs are called.
 * @returns CSV by RFC 4180 with a header, lines ended by CRLF; what is unknown is empty.
 */
export function formatComparisonCsv(comparisons: readonly LabelledComparison[]): string {
  const rows = comparisons.flatMap(({ a, b, comparison: { figures, family, level } }) =>
    figures.map(({ difference, ratio, ...figure }) => [
      a,
      b,
      figure.test,
      figure.name.replaceAll(" ", "_"),
      figure.unit,
      figure.a?.value ?? null,
      figure.b?.value ?? null,
      difference?.value ?? null,
      difference?.low ?? null,
      difference?.high ?? null,
      ratio?.value ?? null,
      ratio?.low ?? null,
      ratio?.high ?? null,
      level,
      family,
      figure.verdict,
      figure.smallestShown,
    ])
  );
  return csvText([CSV_HEADER, ...rows]);
}

/** What a gate and a baseline say, for people. */
export function formatChecks(
  { gate, baseline }: { readonly gate?: Gate; readonly baseline?: BaselineCheck },
  options: Pick<TextOptions, "ascii" | "color" | "width"> = {},
): string {
  return textOf([...(gate ? gateSection(gate) : []), ...(baseline ? baselineSection(baseline) : [])], options);
}

function textOf(blocks: readonly Block[], { ascii = false, color = false, width = 100 }: TextOptions): string {
  const lines = renderBlocks(blocks, { glyphs: ascii ? ASCII_GLYPHS : UNICODE_GLYPHS, color, width });
  return lines.map((line) => `${line}\n`).join("");
}
