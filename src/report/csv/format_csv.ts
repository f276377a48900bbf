import { type KindResult, resultsOf } from "../../results/kinds.ts";
import type { Report } from "../../results/report.ts";
import { type CsvRow, CsvRows } from "./csv_row.ts";
import { csvText } from "./csv_text.ts";
import { OWN_ROWS } from "./own_rows.ts";
import { snakeCase } from "./snake_case.ts";
import { windowRows } from "./window_rows.ts";

const HEADER = ["test", "level_name", "level", "metric", "unit", "value", "low", "high", "confidence", "n"];

/** Units of what was asked of a whole test. */
const ASKED_UNITS: Readonly<Record<string, string>> = { concurrency: "requests", batchSize: "items" };

/** Rows of one result: what was asked, the figures of the whole, those of each window, and what its kind has besides. */
function resultRows({ kind, spec, result }: KindResult): CsvRow[] {
  const test = snakeCase(kind);
  const whole = new CsvRows({ test, levelName: "", level: "" });
  // A single window says itself what was asked of it.
  const asked = spec.axis === null ? [] : Object.entries(spec.asked(result));
  const ownRows = OWN_ROWS[kind] as ((of: typeof result) => readonly CsvRow[]) | undefined;
  return [
    ...asked.flatMap(([name, value]) =>
      typeof value === "number" ? whole.plain(snakeCase(name), ASKED_UNITS[name] ?? "", value) : []
    ),
    ...whole.figures(spec.figures, result),
    ...spec.windows(result).flatMap(({ level, window }) => {
      const at = level === null ? whole : new CsvRows({ test, levelName: spec.axis?.id ?? "", level: String(level) });
      return windowRows(at, window);
    }),
    ...ownRows?.(result) ?? [],
  ];
}

/**
 * A report as a tidy table: one row for each test, level and metric, named by the ids of the figures. A figure that was
 * not measured has no row.
 *
 * @param report What was measured.
 * @returns CSV by RFC 4180 with a header, lines ended by CRLF; numbers in full, a yes or no as 1 or 0.
 */
export function formatCsv(report: Report): string {
  const rows = resultsOf(report.tests).flatMap(resultRows).map((row) => [
    row.test,
    row.levelName,
    row.level,
    row.metric,
    row.unit,
    row.value,
    row.low,
    row.high,
    row.confidence,
    row.n,
  ]);
  return csvText([HEADER, ...rows]);
}
