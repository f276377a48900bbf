import { type KindResult, resultsOf } from "../../results/kinds.ts";
import type { Report } from "../../results/report.ts";
import { type CsvRow, CsvRows } from "./csv_row.ts";
import { csvText } from "./csv_text.ts";
import { efficiencyRows } from "./efficiency_rows.ts";
import { snakeCase } from "./snake_case.ts";
import { windowRows } from "./window_rows.ts";

const HEADER = ["test", "level_name", "level", "metric", "unit", "value", "low", "high", "confidence", "n"];

/** Units of what was asked of a whole test. */
const ASKED_UNITS: Readonly<Record<string, string>> = { concurrency: "requests", batchSize: "items" };

/** Rows of one result: what was asked, the figures of the whole, those of each window, and the details. */
function resultRows({ kind, spec, result }: KindResult): CsvRow[] {
  const test = snakeCase(kind);
  const rowsAt = (levelName: string, level: number | string) => new CsvRows({ test, levelName, level: String(level) });
  const whole = rowsAt("", "");
  // A single window says itself what was asked of it.
  const asked = spec.axis === null ? [] : Object.entries(spec.asked(result));
  return [
    ...asked.flatMap(([name, value]) =>
      typeof value === "number" ? whole.plain(snakeCase(name), ASKED_UNITS[name] ?? "", value) : []
    ),
    ...whole.figures(spec.figures, result),
    ...spec.windows(result).flatMap(({ level, window }) =>
      windowRows(level === null ? whole : rowsAt(spec.axis?.id ?? "", level), window)
    ),
    ...(spec.details?.(result) ?? []).flatMap(({ at, values }) =>
      (at === null ? whole : rowsAt(at.axis, at.level)).details(values)
    ),
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
  const rows = [...resultsOf(report.tests).flatMap(resultRows), ...efficiencyRows(report)].map((row) => [
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
