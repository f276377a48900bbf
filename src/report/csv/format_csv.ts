import { type KindResult, resultsOf } from "../../results/kinds.ts";
import type { Report } from "../../results/report.ts";
import { type CsvPlace, NO_PLACE, placeOf, placeOfDetail } from "./csv_place.ts";
import { type CsvRow, CsvRows } from "./csv_row.ts";
import { csvText } from "./csv_text.ts";
import { efficiencyRows } from "./efficiency_rows.ts";
import { runId } from "./run_id.ts";
import { snakeCase } from "./snake_case.ts";
import { windowRows } from "./window_rows.ts";

/** What is measured and what it came to; then, since 0.2, which run it is of and at which load, for tables of many runs. */
const HEADER = [
  ...["test", "level_name", "level", "metric", "unit", "value", "low", "high", "confidence", "n"],
  ...["run", "tool_version", "target", "model", "started_at", "batch_size", "concurrency", "rate", "phase"],
];

/** Units of what was asked of a whole test. */
const ASKED_UNITS: Readonly<Record<string, string>> = { concurrency: "requests", batchSize: "items" };

/** Rows of one result: what was asked, the figures of the whole, those of each window, and the details. */
function resultRows(of: KindResult): CsvRow[] {
  const { kind, spec, result } = of;
  const test = snakeCase(kind);
  const rowsAt = (levelName: string, level: number | string, place: CsvPlace) =>
    new CsvRows({ test, levelName, level: String(level), place });
  const whole = rowsAt("", "", NO_PLACE);
  // A single window says itself what was asked of it.
  const asked = spec.axis === null ? [] : Object.entries(spec.asked(result));
  return [
    ...asked.flatMap(([name, value]) =>
      typeof value === "number" ? whole.plain(snakeCase(name), ASKED_UNITS[name] ?? "", value) : []
    ),
    ...whole.figures(spec.figures, result),
    ...spec.windows(result).flatMap((at) =>
      windowRows(rowsAt(at.level === null ? "" : spec.axis?.id ?? "", at.level ?? "", placeOf(at)), at.window)
    ),
    ...(spec.details?.(result) ?? []).flatMap(({ at, values }) =>
      rowsAt(at?.axis ?? "", at?.level ?? "", placeOfDetail(of, at)).details(values)
    ),
  ];
}

/**
 * A report as a tidy table: one row for each test, level and metric, named by the ids of the figures. A figure that was
 * not measured has no row. Each row says which run it is of and the load that it was measured at, so that the tables of
 * many runs make one.
 *
 * @param report What was measured.
 * @returns CSV by RFC 4180 with a header, lines ended by CRLF; numbers in full, a yes or no as 1 or 0.
 */
export function formatCsv(report: Report): string {
  const { tool, target, startedAt } = report;
  const run = [runId(report), tool.version, target.url, target.model, startedAt];
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
    ...run,
    row.place.batchSize,
    row.place.concurrency,
    row.place.ratePerSecond,
    row.place.phase,
  ]);
  return csvText([HEADER, ...rows]);
}
