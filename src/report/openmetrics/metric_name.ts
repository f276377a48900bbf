/** How a unit of a row is written in the name of a metric, and how many of it one is: metrics have base units. */
const UNITS: Readonly<Record<string, readonly [name: string, times: number]>> = {
  "ms": ["seconds", 0.001],
  "share": ["ratio", 1],
  "percent": ["ratio", 0.01],
  "times": ["ratio", 1],
  "requests/s": ["requests_per_second", 1],
  "predictions/s": ["predictions_per_second", 1],
  "tokens/s": ["tokens_per_second", 1],
  "bytes": ["bytes", 1],
  "bytes/request": ["bytes_per_request", 1],
  "bytes/cycle": ["bytes_per_cycle", 1],
  "J": ["joules", 1],
  "W": ["watts", 1],
  "MHz": ["hertz", 1e6],
};

/** A metric of OpenMetrics, as far as a row tells it. */
export interface MetricName {
  /** With the tool's prefix and its unit at the end. */
  readonly name: string;
  /** Its unit; empty where it has none. */
  readonly unit: string;
  /** By what a value of the row is multiplied. */
  readonly times: number;
  /** Of a percentile the quantile, 0 to 1, else `null`. */
  readonly quantile: number | null;
}

/**
 * The metric of a row: percentiles of one distribution are one metric.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(metricName("latency_p99", "ms"), {
 *   name: "torchgauge_latency_seconds",
 *   unit: "seconds",
 *   times: 0.001,
 *   quantile: 0.99,
 * });
 * assertEquals(metricName("requests_per_second", "requests/s").name, "torchgauge_requests_per_second");
 * ```
 *
 * @param metric Name of the row's figure, in snake case.
 * @param unit Its unit.
 * @param part Stands behind the figure's name: the end of an interval.
 */
export function metricName(metric: string, unit: string, part = ""): MetricName {
  const [, of = metric, digits = null] = /^(\w+)_p(\d+)$/.exec(metric) ?? [];
  const [unitName, times] = UNITS[unit] ?? [plain(unit), 1];
  const figure = `torchgauge_${plain(of)}`;
  const end = unitName === "" ? "" : `_${unitName}`;
  const stem = end !== "" && figure.endsWith(end) ? figure.slice(0, -end.length) : figure;
  return {
    name: `${stem}${part === "" ? "" : `_${part}`}${end}`,
    unit: unitName,
    times,
    quantile: digits === null ? null : Number(digits) / 10 ** digits.length,
  };
}

/** What may stand in a name. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
}
