import type { Estimate } from "../../core/estimate.ts";
import { plainText } from "../../words/inline.ts";
import { inlineRate } from "../../words/inline_quantity.ts";
import { unbroken, type Unit } from "../../words/quantity.ts";

/**
 * A rate as a chart writes it, in the words of the text: quantities are not broken into lines.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { UNITS } from "../../words/quantity.ts";
 * import { rateText } from "./rate_text.ts";
 *
 * const rate = { value: 994.2, low: 960, high: 1030, level: 0.95, n: 118 };
 * assertEquals(rateText(rate, UNITS.predictionsPerSecond, false), "994\u00a0pred/s\u00a0[960,\u00a01030]");
 * assertEquals(
 *   rateText(rate, UNITS.predictionsPerSecond, true),
 *   "at least 994\u00a0pred/s (the client was the limit)",
 * );
 * ```
 *
 * @param rate Per second.
 * @param unit Of display.
 * @param isBound Whether the client was the limit, so that the server does at least that.
 */
export function rateText(rate: Estimate, unit: Unit, isBound: boolean): string {
  const words = inlineRate(rate, unit, isBound);
  if (!isBound) return unbroken(plainText(words));
  return words.map((span) => span.kind === "quantity" ? unbroken(span.text) : plainText([span])).join("");
}
