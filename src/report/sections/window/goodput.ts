import { limitedMetric } from "../../../objectives/metrics.ts";
import type { Window } from "../../../results/window/window.ts";
import { joined, type Words } from "../../../words/inline.ts";
import { inlineEstimate } from "../../../words/inline_quantity.ts";
import { UNITS } from "../../../words/quantity.ts";
import { counted } from "../../../words/words.ts";
import { type Block, type Column, column, type Fact, fact, row, subheading, table } from "../block.ts";
import { estimateCells } from "../shared.ts";
import { whyNoTokens } from "./streams_in_words.ts";

/** Why answers have no time per output token. */
function whyNoTime({ outputTokensPerSecond, outputTokens, streams }: Window): string {
  if (outputTokensPerSecond === null || (streams?.refusedCounts ?? 0) > 0) return whyNoTokens(streams);
  return outputTokens?.max === 1 ? "one of a single token has" : "all of each came at one moment";
}

/** Those that cannot be held against a limit, and why. */
function unjudgedInWords(window: Window): string {
  const parts = Object.entries(window.goodput?.unjudged ?? {}).map(([name, count]) => {
    const why = name === "tpot" ? `, as ${whyNoTime(window)}` : "";
    return `${counted(count, "answer")} without a ${limitedMetric(name).label}${why}`;
  });
  return parts.length === 0 ? "" : `${parts.join(", ")}: neither good nor bad, and not in the share`;
}

/**
 * How many requests of a window kept what each was asked to keep.
 *
 * @param window What was measured.
 * @returns Empty where no goodput was asked for.
 */
export function goodputFacts(window: Window): Fact[] {
  const { goodput, goodShare, goodRequestsPerSecond, goodTokensPerSecond } = window;
  if (goodput === undefined) return [];
  const left = unjudgedInWords(window);
  const limits = goodput.limits.join(", ");
  if (!goodShare || !goodRequestsPerSecond) {
    return [fact("Goodput", { notMeasured: left === "" ? `no request was held against ${limits}` : left })];
  }
  const rates = [
    inlineEstimate(goodRequestsPerSecond, UNITS.requestsPerSecond),
    ...goodTokensPerSecond ? [inlineEstimate(goodTokensPerSecond, UNITS.tokensPerSecond)] : [],
  ];
  return [
    fact("Goodput", joined(rates, ", ")),
    fact(`Requests with ${limits}`, inlineEstimate(goodShare, UNITS.share)),
    ...left === "" ? [] : [fact("Not judged", left)],
  ];
}

const OF_LEVELS: readonly Column[] = [
  column("Goodput"),
  column("95% interval"),
  column("Share"),
  column("95% interval", { isOptional: true }),
];

/**
 * A table of the goodput of each level.
 *
 * @param level Column that names the level.
 * @param levels Levels with their names.
 * @returns Empty where no goodput was asked for.
 */
export function goodputTable(
  level: Column,
  levels: readonly (readonly [name: Words, measured: Window])[],
): Block[] {
  const limits = levels.find(([, { goodput }]) => goodput !== undefined)?.[1].goodput?.limits;
  if (limits === undefined) return [];
  return [
    subheading(`Goodput: requests with ${limits.join(", ")}`),
    table(
      [level, ...OF_LEVELS],
      levels.map(([name, window]) => {
        const { goodShare, goodRequestsPerSecond } = window;
        return row([
          name,
          ...estimateCells(goodRequestsPerSecond ?? null, UNITS.requestsPerSecond),
          ...estimateCells(goodShare ?? null, UNITS.share),
        ], { note: unjudgedInWords(window) });
      }),
    ),
  ];
}
