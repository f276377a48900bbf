import { type KindResult, resultsOf } from "../../results/kinds.ts";
import type { Report } from "../../results/report.ts";
import { type CsvPlace, NO_PLACE, placeOf, placeOfDetail } from "./csv_place.ts";
import { type CsvRow, CsvRows } from "./csv_row.ts";
import { efficiencyRows } from "./efficiency_rows.ts";
import { snakeCase } from "./snake_case.ts";
import { windowRows } from "./window_rows.ts";

/**
 * Every number of a report with what it is about, for tables and for programs that collect figures.
 *
 * @param report What was measured.
 */
export function reportRows(report: Report): CsvRow[] {
  return [...resultsOf(report.tests).flatMap(resultRows), ...efficiencyRows(report)];
}

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
