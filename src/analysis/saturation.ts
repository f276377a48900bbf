import type { ResultKind } from "../results/kinds.ts";
import { askedRate } from "../results/window/asked_rate.ts";
import { isOpen } from "../results/window/window.ts";
import { isUsable } from "../results/window/usable.ts";
import { windowsOf } from "../results/windows.ts";
import type { FindingRule } from "./rule.ts";

/**
 * An open loop that the server did not keep up with. Where several rates were offered that is what was looked for; where one
 * was, its latencies only tell how long was measured.
 *
 * @param test Which kind of result.
 */
export const saturationOf = (test: ResultKind): FindingRule => (tests) => {
  const rates = windowsOf(tests).flatMap(({ kind, window }) =>
    kind === test && isOpen(window) ? [{ window, rate: askedRate(window) }] : []
  );
  const saturated = rates.filter(({ window }) => window.saturated).toSorted((a, b) => a.rate - b.rate)[0];
  if (saturated === undefined) return null;
  const saturatedPerSecond = saturated.rate;
  const sustained = rates.filter(({ window, rate }) => isUsable(window) && rate < saturatedPerSecond);
  return {
    code: "saturation",
    severity: rates.length === 1 ? "warning" : "info",
    evidence: {
      test,
      sustainedPerSecond: sustained.length === 0 ? null : Math.max(...sustained.map(({ rate }) => rate)),
      saturatedPerSecond,
      ...(saturated.window.clientLimited ? { clientLimited: true } : {}),
    },
  };
};
