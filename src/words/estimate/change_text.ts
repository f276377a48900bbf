import type { Estimate } from "../../core/estimate.ts";
import { type EstimateText, estimateText } from "./estimate_text.ts";
import { UNITS } from "../quantity.ts";

/**
 * A ratio as the change that it is, in percent with its sign.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { changeText } from "./change_text.ts";
 *
 * const ratio = { value: 1.042, low: 1.031, high: 1.053, level: 0.95, n: 10 };
 * assertEquals(changeText(ratio), { value: "+4.20", interval: "[3.10, 5.30]", suffix: "%" });
 * ```
 *
 * @param ratio Of the second to the first; ends below 0, which arithmetic may give, count as 0.
 */
export function changeText(ratio: Estimate): EstimateText {
  // What takes time or comes at a rate has no ratio below 0: nothing falls by more than 100 %.
  const percent = (end: number) => 100 * (Math.max(0, end) - 1);
  const { value, low, high } = ratio;
  const change = {
    ...ratio,
    value: percent(value),
    low: low === null ? null : percent(low),
    high: high === null ? null : percent(high),
  };
  const text = estimateText(change, UNITS.percent);
  return { ...text, value: (/^-|^0(?:\.0*)?$/.test(text.value) ? "" : "+") + text.value };
}
