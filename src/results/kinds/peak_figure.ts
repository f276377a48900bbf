import type { Figure } from "../figure.ts";
import { measuredOr } from "../measured.ts";
import type { ResultBase } from "../result_base.ts";
import { atLeast } from "../window/at_least.ts";
import type { Kind } from "./kind.ts";

/** What figures of the gate's `peak` have in common, whatever their kind. */
type PeakFigure<Result extends ResultBase> = Omit<Figure<Result>, "id" | "label">;

/**
 * The throughput at the window that stands for a result, for which objectives ask as `peak`.
 *
 * @param what Which rate.
 * @param bestOf Finds that window.
 * @param fields Names under which its absence may be explained, the nearest first.
 * @param otherwise Why there is none where no field explains it.
 * @returns A figure that lacks its id and its label alone.
 */
export function peakFigure<Result extends ResultBase>(
  what: "predictions" | "requests",
  bestOf: NonNullable<Kind<Result>["best"]>,
  fields: readonly [string, ...string[]],
  otherwise?: (result: Result) => string,
): PeakFigure<Result> {
  return {
    unit: `${what}/s`,
    better: "more",
    read: (result) => measuredOr(atLeast(bestOf(result)?.window, what), result.absences, fields, otherwise?.(result)),
    gate: {
      name: "peak",
      meaning: "throughput at the best level of a sweep, or at the recommended operating point",
    },
    ofBestLevel: true,
  };
}
