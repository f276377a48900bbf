import type { PrefixCacheCheck } from "../../results/kinds/prefix_cache.ts";
import { perThousand, type PromptsResult } from "../../results/kinds/prompts.ts";
import { joined, say } from "../inline.ts";
import { inlineTimeEstimate } from "../inline_quantity.ts";
import type { Found } from "./found.ts";

const CACHES: Readonly<Record<PrefixCacheCheck["verdict"], string>> = {
  "cache": "Repeated prompts are answered sooner (prefix cache).",
  "no cache seen": "No prefix cache is seen.",
  "cannot tell": "Whether there is a prefix cache cannot be told.",
};

/** What the prompts test found, and what follows. */
export function ofPrompts(result: PromptsResult): Found {
  const { law, lengthIn, off, prefixCache, absences } = result;
  const thousand = perThousand(result);
  const cache = prefixCache === undefined || prefixCache.lengths.length === 0
    ? []
    : say` ${CACHES[prefixCache.verdict]}`;
  const next = prefixCache?.verdict === "cache"
    ? say`Measure with prompts that repeat as yours do: the other figures are of new ones.`
    : null;
  if (law !== null && thousand !== null) {
    const words = say`The first token comes after ${inlineTimeEstimate(law.interceptMs)}, and ${
      inlineTimeEstimate(thousand)
    } more for each 1,000 ${lengthIn} of prompt.`;
    return { found: joined([words, cache], ""), next };
  }
  if (off === undefined) {
    const why = absences["levels"] ?? absences["law"];
    if (why === undefined) return { found: null, next: null };
    const refused = result.refused === undefined || result.levels.length === 0 ? "" : ` Ask for lengths that it takes.`;
    return { found: joined([say`What longer prompts cost is not known: ${why}.${refused}`, cache], ""), next };
  }
  return {
    found: joined([say`The time to first token does not grow in a straight line with the prompt.`, cache], ""),
    next,
  };
}
