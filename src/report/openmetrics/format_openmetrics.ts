import { KINDS } from "../../results/kinds.ts";
import type { Report } from "../../results/report.ts";
import { withoutControls } from "../../words/without_controls.ts";
import type { CsvRow } from "../csv/csv_row.ts";
import { reportRows } from "../csv/report_rows.ts";
import { runId } from "../csv/run_id.ts";
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

type Labels = Readonly<Record<string, string | number | null>>;

interface Metric {
  readonly unit: string;
  readonly samples: string[];
}

/**
 * The figures of a report as gauges of OpenMetrics 1.0, in base units: times are seconds, shares ratios. Percentiles are
 * told by the label `quantile`; the ends of an interval, where it has them, are metrics of their own, `..._low_...` and
 * `..._high_...`. What was not measured is left out. `torchgauge_run_info` says which run it was.
 *
 * @param report What was measured.
 * @returns Text that ends with `# EOF`.
 */
export function formatOpenMetrics(report: Report): string {
  const { tool, target, startedAt } = report;
  const metrics = new Map<string, Metric>();
  for (const row of reportRows(report)) {
    if (!FIGURES_OF.has(row.levelName)) continue;
    add(metrics, row, target.model, row.value, "");
    if (row.low !== null) add(metrics, row, target.model, row.low, "low");
    if (row.high !== null) add(metrics, row, target.model, row.high, "high");
  }
  const run = {
    run: runId(report),
    version: tool.version,
    url: target.url,
    model: target.model,
    started_at: startedAt,
  };
  return [
    "# TYPE torchgauge_run info",
    `torchgauge_run_info${labelsText(run)} 1`,
    ...[...metrics].flatMap(([name, { unit, samples }]) => [
      `# TYPE ${name} gauge`,
      ...(unit === "" ? [] : [`# UNIT ${name} ${unit}`]),
      ...samples,
    ]),
    "# EOF",
    "",
  ].join("\n");
}

function add(metrics: Map<string, Metric>, row: CsvRow, model: string, value: number, part: string): void {
  const { name, unit, times, quantile } = metricName(row.metric, row.unit, part);
  const { batchSize, concurrency, ratePerSecond, phase } = row.place;
  const labels: Labels = {
    model,
    test: row.test,
    ...(row.levelName === "" || LOADS.has(row.levelName) ? {} : { [row.levelName]: row.level }),
    batch_size: batchSize,
    concurrency,
    rate: ratePerSecond,
    phase,
    quantile,
  };
  const metric = metrics.get(name) ?? { unit, samples: [] };
  metrics.set(name, metric);
  // A product of binary fractions has digits that nobody measured.
  const shown = times === 1 ? value : Number((value * times).toPrecision(15));
  metric.samples.push(`${name}${labelsText(labels)} ${shown}`);
}

function labelsText(labels: Labels): string {
  const written = Object.entries(labels).flatMap(([name, value]) =>
    value === null ? [] : [`${name}="${escaped(String(value))}"`]
  );
  return `{${written.join(",")}}`;
}

const escaped = (text: string) =>
  withoutControls(text).replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
