import type { Window } from "../../results/window/window.ts";
import { ratioEstimate } from "./ratio_estimate.ts";

/** Lengths that are not shown to differ by more are one. */
const LEAST = 0.02;

/**
 * How long the answers of two windows are, where they differ in length: whoever writes less answers more requests, and each
 * of them earlier, without being faster.
 *
 * @param a The first window.
 * @param b The second.
 * @returns Output tokens of an answer on average; `null` where they do not differ, or nothing counts them.
 */
export function differingLengths(
  a: Pick<Window, "outputTokens">,
  b: Pick<Window, "outputTokens">,
): readonly [a: number, b: number] | null {
  if (!a.outputTokens || !b.outputTokens) return null;
  const [inA, inB] = [a.outputTokens.mean, b.outputTokens.mean];
  const ratio = ratioEstimate(inB, inA);
  const differ = (ratio?.low ?? 0) > 1 + LEAST || (ratio?.high ?? Infinity) < 1 - LEAST;
  return differ ? [inA.value, inB.value] : null;
}
