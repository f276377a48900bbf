import type { ComparedFigure, Comparison } from "../../results/comparison.ts";
import type { ComparisonVerdict } from "../../results/verdict.ts";
import { type Inline, joined, say } from "../inline.ts";
import { inlineParts } from "../inline_quantity.ts";
import { enumerate } from "../words.ts";
import { comparedTest, effectText } from "./effect_text.ts";

/** So many figures of a verdict are told; the table has all. */
const MOST_TOLD = 2;
/** And so many circumstances. */
const MOST_CAUSES = 3;

/**
 * What a comparison comes to, and what to do, sentence by sentence: what is worse, what is better, and what may be why.
 *
 * @param comparison From `compare`.
 * @returns At least one sentence.
 */
export function comparisonAnswer({ figures, identical, differences }: Comparison): readonly Inline[] {
  if (identical) return [say`It is the same run twice: there is nothing to compare.`];
  const of = (verdict: ComparisonVerdict) => figures.filter((figure) => figure.verdict === verdict);
  const [worse, better, alike] = [of("worse"), of("better"), of("no difference found")];
  if (worse.length + better.length + alike.length === 0) return [say`No number could be compared.`];
  const same = numbers(alike.length);
  const untold = of("cannot tell").length;
  const unknown = untold === 0 ? [] : [say`Of ${numbers(untold)} it cannot be told.`];
  if (worse.length + better.length === 0) return [say`No difference was found in ${same}.`, ...unknown];
  const others = differences.filter(({ severity }) => severity !== "info").map(({ what }) => what);
  const more = others.length > MOST_CAUSES ? " and more" : "";
  return [
    ...(worse.length === 0 ? [] : [say`The second is worse in ${told(worse)}.`]),
    ...(better.length === 0 ? [] : [say`${worse.length === 0 ? "The second" : "It"} is better in ${told(better)}.`]),
    ...(alike.length === 0 ? [] : [say`In ${same} no difference was found.`]),
    ...unknown,
    ...(others.length === 0
      ? []
      : [say`The runs also differ in ${enumerate(others.slice(0, MOST_CAUSES))}${more}, which may be why.`]),
  ];
}

/**
 * The same in one paragraph.
 *
 * @param comparison From `compare`.
 */
export function comparisonInShort(comparison: Comparison): Inline {
  return joined(comparisonAnswer(comparison), " ");
}

const numbers = (count: number) => count === 1 ? "one number" : `${count} numbers`;

/** The first of them with their effects, in the order of the tests. */
function told(figures: readonly ComparedFigure[]): Inline {
  const each = figures.slice(0, MOST_TOLD).map((figure) => {
    const effect = effectText(figure);
    return say`${figure.name} of the ${comparedTest(figure.test)} ${effect === null ? "" : inlineParts(effect)}`;
  });
  const more = figures.length - each.length;
  return say`${joined(each, ", ")}${more === 0 ? "" : ` and ${more} more`}`;
}
