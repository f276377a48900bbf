import type { LatencyResult } from "../../results/result.ts";
import { type Block, column, heading, list, paragraph, subheading } from "./block.ts";
import { formatNumber, formatTime, formatTimeEstimate, timeUnit, UNITS } from "../../words/quantity.ts";
import { cutNotice, latencyLines, notMeasured, successLines } from "./shared.ts";

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

function coldBlocks(result: LatencyResult): Block[] {
  if (result.cold === null) return [paragraph(`Cold Start Times: ${notMeasured(result, ["cold"])}`, "warning")];
  const { samples, totalMs } = result.cold;
  const loads = samples.flatMap(({ loadMs }) => loadMs ?? []);
  const first = formatTime(median(samples.map(({ firstInferenceMs }) => firstInferenceMs)));
  return [
    subheading(`Cold Start Times: ${totalMs.n} samples`),
    list([
      `Average: ${formatTimeEstimate(totalMs.mean)}`,
      `95th percentile: ${formatTimeEstimate(totalMs.p95)}`,
      `Range: ${formatTime(totalMs.min)} to ${formatTime(totalMs.max)}`,
      loads.length > 0
        ? `Made of: load ${formatTime(median(loads))}, first inference ${first} (medians)`
        : `Made of: first inference ${first} (median); the server loads on the first request`,
      ...(result.absences["cold.samples"] === undefined ? [] : [`Incomplete: ${result.absences["cold.samples"]}`]),
      `Absence seen by: ${samples[0]?.evidence ?? "nothing"}`,
    ]),
  ];
}

function overhead(result: LatencyResult): string {
  const { overheadMs, overheadPercent } = result;
  if (overheadMs === null) return notMeasured(result, ["overheadMs", "cold"]);
  const sign = overheadMs.value > 0 ? "+" : "";
  if (overheadPercent === null) return sign + formatTimeEstimate(overheadMs);
  const manner = overheadPercent.value < 0 ? "faster" : "slower";
  const percent = formatNumber(Math.round(Math.abs(overheadPercent.value)), UNITS.percent);
  return `${sign}${formatTimeEstimate(overheadMs)} (${percent} ${manner})`;
}

function warmUpCurve({ warmUpCurveMs }: LatencyResult): Block[] {
  if (warmUpCurveMs === null || warmUpCurveMs.length < 2) return [];
  const longest = Math.max(...warmUpCurveMs);
  return [
    subheading("Inferences after a load (medians):"),
    {
      kind: "table",
      columns: [column("Inference", { after: ":" }), column("Median latency")],
      rows: warmUpCurveMs.slice(0, 5).map((latencyMs, index) => ({
        isBest: false,
        cells: [String(index + 1), formatNumber(latencyMs, timeUnit(latencyMs))],
        barShare: latencyMs / longest,
        n: null,
        converged: null,
        note: "",
      })),
    },
  ];
}

/** Cold starts against warm ones. */
export function latencySection(result: LatencyResult): Block[] {
  const { latencyMs, counts, converged } = result.warm;
  return [
    heading("🥶🔥", "LATENCY TEST RESULTS"),
    ...cutNotice(result),
    ...coldBlocks(result),
    subheading(`Warm Start Times: ${latencyMs?.n ?? "no"} samples`),
    list([
      ...(latencyMs === null ? [notMeasured(result, ["warm.latencyMs", "warm"])] : latencyLines(latencyMs)),
      ...(counts.failed > 0 ? successLines(counts) : []),
      ...(latencyMs !== null && !converged ? ["Precision: not converged; a longer --duration narrows it"] : []),
    ]),
    subheading(`Cold Start Overhead: ${overhead(result)}`),
    ...warmUpCurve(result),
  ];
}
