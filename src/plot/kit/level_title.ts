import type { Estimate } from "../../core/estimate.ts";
import type { Window } from "../../results/window/window.ts";
import { formatEstimate } from "../../words/estimate/estimate_text.ts";
import { formatNumber, type Unit } from "../../words/quantity.ts";
import { atLeastText } from "./at_least_text.ts";
import { timeValue } from "../../words/inline_quantity.ts";
import { cutNotes, failureNotes } from "../../words/window/level_notes.ts";
import { weightInWords } from "../../words/window/weight_in_words.ts";

/** What the title of a level tells. */
export interface TitledLevel extends
  Partial<
    Pick<Window, "requests" | "failed" | "unanswered" | "lost" | "cutShort" | "latencyMs" | "clientLimited">
  > {
  /** Whether its intervals reached the wanted precision. */
  readonly converged?: boolean;
}

/**
 * All that is to be known of a level, for who points at one of its marks:
 * `batch 4: 249 pred/s [230, 269], p50 15.9 ms, p95 21.4 ms, latency weighs like 310 independent requests of 312, the rate like 305`.
 *
 * @param name Of the level.
 * @param level What was measured.
 * @param rate Its rate; `null` where nothing succeeded.
 * @param unit Of the rate.
 */
export function levelTitle(name: string, level: TitledLevel, rate: Estimate | null, unit: Unit): string {
  const { latencyMs = null, requests = 0, failed = 0, clientLimited = false, converged = true } = level;
  if (rate === null) return `${name}: no request succeeded`;
  const quantiles = latencyMs === null ? [] : (["p50", "p95", "p99", "p999"] as const).flatMap((member) => {
    const estimate = latencyMs[member];
    return estimate === undefined ? [] : [`${member === "p999" ? "p99.9" : member} ${timeValue(estimate)}`];
  });
  return [
    `${name}: ${rateTitle(rate, clientLimited, unit)}`,
    ...quantiles,
    ...failureNotes({ ...level, requests, failed }),
    ...cutNotes(level),
    ...(converged ? [] : ["not converged"]),
    weightInWords(latencyMs, rate) ?? [],
  ].flat().join(", ");
}

/**
 * The same of a single figure: `concurrency 4: 21.4 ms [20.9, 22.0]`.
 *
 * @param level Number of the level.
 * @param estimate Its figure; `null` where it was not measured.
 * @param unit Of display.
 * @param name What a level is; empty for nothing.
 */
export function figureTitle(level: number, estimate: Estimate | null, unit: Unit, name = ""): string {
  const place = `${name} ${formatNumber(level, { divisor: 1, suffix: "" })}`.trim();
  if (estimate === null) return `${place}: not measured`;
  const isReading = estimate.low === estimate.value && estimate.high === estimate.value;
  return `${place}: ${isReading ? formatNumber(estimate.value, unit) : formatEstimate(estimate, unit)}`;
}

/**
 * A rate in the title of a level.
 *
 * @param rate Per second.
 * @param isBound Whether the client limited it.
 * @param unit Of display.
 */
export const rateTitle = (rate: Estimate, isBound: boolean, unit: Unit): string =>
  isBound ? atLeastText(rate.value, unit) : formatEstimate(rate, unit);
