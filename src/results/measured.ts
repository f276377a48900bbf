import type { Estimate } from "../core/estimate.ts";
import type { Absences } from "./result_base.ts";

/** A figure that was not measured. */
export interface Absent {
  /** What is missing: a field of the result that lacks it, or `not-run` where its test gave no result. */
  readonly code: string;
  /** Why, for people. */
  readonly detail: string;
}

/** Why there is no figure where nothing succeeded. */
export const NONE_SUCCEEDED = "no request succeeded";

/** A figure with its interval, or why there is none. */
export type Measured = Estimate | Absent;

/**
 * Whether a figure was not measured.
 *
 * @param measured The figure.
 */
export function isAbsent(measured: Measured): measured is Absent {
  return "code" in measured;
}

/**
 * A figure as an estimate, `null` where it was not measured.
 *
 * @param measured The figure.
 */
export function estimateOf(measured: Measured): Estimate | null {
  return isAbsent(measured) ? null : measured;
}

/**
 * A figure of a result, or the reason under which the result explains its absence.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { measuredOr } from "./measured.ts";
 *
 * const absences = { scope: "the server runs elsewhere" };
 * assertEquals(measuredOr(null, absences, ["growth", "scope"]), { code: "scope", detail: "the server runs elsewhere" });
 * ```
 *
 * @param estimate The figure; `null` or `undefined` where it was not measured.
 * @param absences Of the result.
 * @param fields Names under which its absence may be explained, the nearest first; the first is its code where none is.
 * @param otherwise The reason where none of them is explained.
 */
export function measuredOr(
  estimate: Estimate | null | undefined,
  absences: Absences,
  fields: readonly [string, ...string[]],
  otherwise?: string,
): Measured {
  return estimate ?? absenceUnder(absences, fields, otherwise);
}

/**
 * The reason under which a result explains that something is absent.
 *
 * @param absences Of the result.
 * @param fields Names under which it may be explained, the nearest first; the first is its code where none is.
 * @param otherwise The reason where none of them is explained.
 */
export function absenceUnder(
  absences: Absences,
  fields: readonly [string, ...string[]],
  otherwise: string = NONE_SUCCEEDED,
): Absent {
  const code = fields.find((field) => absences[field] !== undefined) ?? fields[0];
  return { code, detail: absences[code] ?? otherwise };
}

/**
 * One reading, which has no interval.
 *
 * @param value In the figure's unit; `null` or `undefined` where it was not read.
 * @param n Observations that it rests on. @default {1}
 * @returns An estimate whose ends are unknown, or `null`.
 */
export function reading(value: number | null | undefined, n: number = 1): Estimate | null {
  return value === null || value === undefined ? null : { value, low: null, high: null, level: 0.95, n };
}
