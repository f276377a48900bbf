import type { ResultKind } from "../results/kinds.ts";
import { askedRate } from "../results/window/asked_rate.ts";
import { rateLimits } from "../results/window/rate_limits.ts";
import { isOpen } from "../results/window/window.ts";
import { windowsOf } from "../results/windows.ts";
import type { FindingRule } from "./rule.ts";

/**
 * An open loop that the server did not keep up with. Where several rates were offered that is what was looked for; where one
 * was, its latencies only tell how long was measured.
 *
 * @param test Which kind of result.
 */
export const saturationOf = (test: ResultKind): FindingRule => (tests) => {
  const levels = windowsOf(tests).flatMap(({ kind, window }) => kind === test && isOpen(window) ? [window] : []);
  const { sustained, saturated } = rateLimits(levels);
  if (saturated === null) return null;
  return {
    code: "saturation",
    severity: levels.length === 1 ? "warning" : "info",
    evidence: {
      test,
      sustainedPerSecond: sustained === null ? null : askedRate(sustained),
      saturatedPerSecond: askedRate(saturated),
      ...(saturated.clientLimited ? { clientLimited: true } : {}),
    },
  };
};
