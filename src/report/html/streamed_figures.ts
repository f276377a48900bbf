import type { ResultKind } from "../../results/kinds.ts";
import { rateOfServer } from "../../results/window/at_least.ts";
import type { Window } from "../../results/window/window.ts";
import { say, type Words } from "../../words/inline.ts";
import { inlineTimeValue } from "../../words/inline_quantity.ts";
import { timeUnit, UNITS } from "../../words/quantity.ts";
import { estimateFigure, type KeyFigure } from "./key_figure.ts";

/**
 * The numbers of streamed answers that the reader wants first: tokens a second of all, and the means of the time to the first
 * token and of the time per output token.
 *
 * @param window What stands for the whole.
 * @param context The load.
 * @param source Where it comes from.
 * @returns None where answers were not streamed.
 */
export function streamedFigures(window: Window, context: Words, source: ResultKind): KeyFigure[] {
  const { outputTokensPerSecond, firstTokenMs, tokenMs, clientLimited } = window;
  if (!firstTokenMs) return [];
  const times = ([["First token", firstTokenMs], ["Output token", tokenMs]] as const).flatMap(([label, of]) =>
    of
      ? [estimateFigure(label, of.mean, timeUnit(of.mean.value), say`average; p95 ${inlineTimeValue(of.p95)}`, source)]
      : []
  );
  const output = rateOfServer(outputTokensPerSecond, window);
  const label = clientLimited ? "Output tokens/s, at least" : "Output tokens/s";
  return [
    ...(output ? [estimateFigure(label, output, UNITS.none, context, source)] : []),
    ...times,
  ];
}
