import type { Report } from "../../results/report.ts";
import { resultsOf } from "../../results/kinds.ts";
import { csvText } from "./csv_text.ts";
import { reportRows } from "./report_rows.ts";
import { runId } from "./run_id.ts";
import { snakeCase } from "./snake_case.ts";

/** What is measured and what it came to; then, since 0.2, which run it is of and at which load, for tables of many runs. */
const HEADER = [
  ...["test", "level_name", "level", "metric", "unit", "value", "low", "high", "confidence", "n"],
  ...["run", "tool_version", "target", "model", "started_at", "batch_size", "concurrency", "rate", "phase"],
  // Why the test, and the run, hold less than was asked for; empty where they are whole.
  ...["partial", "run_partial"],
];

/**
 * A report as a tidy table: one row for each test, level and metric, named by the ids of the figures. A figure that was
 * not measured has no row. Each row says which run it is of and the load that it was measured at, so that the tables of
 * many runs make one.
 *
 * @param report What was measured.
 * @returns CSV by RFC 4180 with a header, lines ended by CRLF; numbers in full, a yes or no as 1 or 0.
 */
export function formatCsv(report: Report): string {
  const { tool, target, startedAt, partial } = report;
  const partialOf = new Map(resultsOf(report.tests).map(({ kind, result }) => [snakeCase(kind), result.partial]));
  const run = runId(report);
  const rows = reportRows(report).map((row) => [
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
    run,
    tool.version,
    (row.place.target ?? target).url,
    (row.place.target ?? target).model,
    startedAt,
    row.place.batchSize,
    row.place.concurrency,
    row.place.ratePerSecond,
    row.place.phase,
    partialOf.get(row.test) ?? null,
    partial,
  ]);
  return csvText([HEADER, ...rows]);
}
