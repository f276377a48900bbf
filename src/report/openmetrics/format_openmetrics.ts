import type { Report } from "../../results/report.ts";
import { withoutControls } from "../../words/without_controls.ts";
import { runId } from "../csv/run_id.ts";
import { reportGauges } from "./report_gauges.ts";

/**
 * The figures of a report as gauges of OpenMetrics 1.0, in base units: times are seconds, shares ratios. Percentiles are
 * told by the label `quantile`; the ends of an interval, where it has them, are metrics of their own, `..._low_...` and
 * `..._high_...`. What was not measured is left out. `torchgauge_run_info` says which run it was, and why it was cut where it
 * was.
 *
 * @param report What was measured.
 * @returns Text that ends with `# EOF`.
 */
export function formatOpenMetrics(report: Report): string {
  const { tool, target, startedAt, partial } = report;
  const run = {
    run: runId(report),
    version: tool.version,
    url: target.url,
    model: target.model,
    started_at: startedAt,
    ...(partial === null ? {} : { partial }),
  };
  return [
    "# TYPE torchgauge_run info",
    `torchgauge_run_info${labelsText(run)} 1`,
    ...[...Map.groupBy(reportGauges(report), ({ name }) => name)].flatMap(([name, gauges]) => [
      `# TYPE ${name} gauge`,
      ...(gauges[0]!.unit === "" ? [] : [`# UNIT ${name} ${gauges[0]!.unit}`]),
      ...gauges.map(({ labels, value }) => `${name}${labelsText(labels)} ${value}`),
    ]),
    "# EOF",
    "",
  ].join("\n");
}

function labelsText(labels: Readonly<Record<string, string | number>>): string {
  return `{${Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`).join(",")}}`;
}

const escaped = (text: string) =>
  withoutControls(text).replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
