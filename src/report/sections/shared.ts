import type { Counts, LevelMeasurement, ResultBase } from "../../results/result.ts";
import type { Distribution, Estimate } from "../../core/estimate.ts";
import { type Block, paragraph } from "./block.ts";
import { estimateText, formatShare, formatTime, formatTimeEstimate, type Unit } from "../../words/quantity.ts";
import { failuresInWords } from "../../words/words.ts";

/**
 * What to write in place of a figure that is `null`.
 *
 * @param result The result that lacks it.
 * @param fields Names under which its absence may be explained, the nearest first.
 * @param otherwise The reason where none of them is explained.
 */
export function notMeasured(
  { absences }: Pick<ResultBase, "absences">,
  fields: readonly string[],
  otherwise: string = "no request succeeded",
): string {
  const reason = fields.map((field) => absences[field]).find((found) => found !== undefined);
  return `not measured: ${reason ?? otherwise}`;
}

/** Value and interval as two cells, the unit with the value. */
export function estimateCells(estimate: Estimate | null, unit: Unit): [string, string] {
  if (estimate === null) return ["-", ""];
  const { value, interval, suffix } = estimateText(estimate, unit);
  return [value + suffix, interval];
}

/** Mean and the percentiles that people ask for, one line each. */
export function latencyLines(latencyMs: Distribution): string[] {
  return [
    `Average: ${formatTimeEstimate(latencyMs.mean)}`,
    `Median: ${formatTimeEstimate(latencyMs.p50)}`,
    `95th percentile: ${formatTimeEstimate(latencyMs.p95)}`,
    `99th percentile: ${formatTimeEstimate(latencyMs.p99)}`,
    `Range: ${formatTime(latencyMs.min)} to ${formatTime(latencyMs.max)}`,
  ];
}

/** Success rate and, where there are any, failures with their reasons. */
export function successLines(counts: Counts): string[] {
  const { requests, succeeded, failed } = counts;
  if (requests === 0) return ["Success Rate: not measured: no request ended"];
  const success = `Success Rate: ${formatShare(succeeded, requests)} (${succeeded} of ${requests})`;
  return failed === 0
    ? [success]
    : [success, `Failures: ${failuresInWords(counts.failuresByReason, counts.failureExamples)}`];
}

/** What limits what a level can carry, in few words; empty if nothing does. */
export function levelNote({ requests, failed, succeeded, clientLimited }: LevelMeasurement): string {
  if (requests === 0) return "no request ended";
  if (succeeded === 0) return `all ${requests} failed`;
  return [
    ...(failed > 0 ? [`${formatShare(failed, requests)} failed`] : []),
    ...(clientLimited ? ["client-limited"] : []),
  ].join(", ");
}

/** Says where a result was cut, if it was. */
export function cutNotice({ partial }: Pick<ResultBase, "partial">): Block[] {
  if (partial === null) return [];
  const cause = partial === "interrupted" ? "it was interrupted" : "the server stopped answering";
  return [paragraph(`PARTIAL: ${cause} during this test; what is below was measured before.`, "warning")];
}

/** How the optimum stands among the other levels, in brackets; empty if it is the best alone. */
export function withinNoise(
  levels: readonly LevelMeasurement[],
  equivalent: readonly number[],
  optimum: number,
): string {
  if (levels.filter(({ succeeded }) => succeeded > 0).length === 1) return " (the only one measured)";
  const others = equivalent.filter((level) => level !== optimum);
  return others.length === 0 ? "" : ` (within noise: ${others.join(", ")})`;
}
