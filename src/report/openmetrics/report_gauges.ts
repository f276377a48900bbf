import { KINDS } from "../../results/kinds.ts";
import type { Report } from "../../results/report.ts";
import type { CsvRow } from "../csv/csv_row.ts";
import { reportRows } from "../csv/report_rows.ts";
import { metricName } from "./metric_name.ts";

/** Where figures stand: single cold starts, blocks of an A/B test and the like are samples. */
const FIGURES_OF: ReadonlySet<string> = new Set([
  "",
  "load",
  ...Object.values(KINDS).flatMap(({ axis }) => axis === null ? [] : [axis.id]),
]);

/** Levels that the labels of the load tell. */
const LOADS: ReadonlySet<string> = new Set([
  "batch_size",
  "concurrency",
  "offered_rate",
  "batch_size x concurrency",
  "phase",
]);

/** One figure of a report, for programs that collect figures. */
export interface Gauge {
  /** Its name, with the tool's prefix and its unit at the end. */
  readonly name: string;
  /** Its unit, as names of OpenMetrics have it; empty where it has none. */
  readonly unit: string;
  /** What it is about: the model, the test, the load, of a percentile the quantile. */
  readonly labels: Readonly<Record<string, string | number>>;
  /** The figure, in that unit. */
  readonly value: number;
}

/**
 * The figures of a report in base units: times are seconds, shares ratios. Percentiles are told by the label `quantile`;
 * the ends of an interval, where it has them, are figures of their own. What was not measured is left out.
 *
 * @param report What was measured.
 */
export function reportGauges(report: Report): Gauge[] {
  const { model } = report.target;
  return reportRows(report).filter(({ levelName }) => FIGURES_OF.has(levelName)).flatMap((row) => [
    gauge(row, model, row.value, ""),
    ...(row.low === null ? [] : [gauge(row, model, row.low, "low")]),
    ...(row.high === null ? [] : [gauge(row, model, row.high, "high")]),
  ]);
}

function gauge(row: CsvRow, model: string, value: number, part: string): Gauge {
  const { name, unit, times, quantile } = metricName(row.metric, row.unit, part);
  const { batchSize, concurrency, ratePerSecond, phase, target } = row.place;
  const labels = {
    model: target?.model ?? model,
    test: row.test,
    ...(row.levelName === "" || LOADS.has(row.levelName) ? {} : { [row.levelName]: row.level }),
    url: target?.url ?? null,
    batch_size: batchSize,
    concurrency,
    rate: ratePerSecond,
    phase,
    quantile,
  };
  // A product of binary fractions has digits that nobody measured.
  return { name, unit, labels: known(labels), value: times === 1 ? value : Number((value * times).toPrecision(15)) };
}

function known(labels: Readonly<Record<string, string | number | null>>): Record<string, string | number> {
  return Object.fromEntries(Object.entries(labels).flatMap(([name, value]) => value === null ? [] : [[name, value]]));
}
