import type { GoodputAccount } from "../../../src/results/window/goodput/goodput_account.ts";
import type { WindowEstimates } from "../../../src/results/window/window_metrics.ts";
import { estimate } from "../../core/estimates.ts";

/** What a window holds of requests that were held against limits. */
export function limited():
  & Required<Pick<WindowEstimates, "goodShare" | "goodRequestsPerSecond" | "goodTokensPerSecond">>
  & { readonly goodput: GoodputAccount } {
  return {
    goodput: { limits: ["ttft<300ms", "tpot<40ms"], judged: 95, good: 88, unjudged: { tpot: 5 } },
    goodShare: { ...estimate(0.926), low: 0.9, high: 0.96 },
    goodRequestsPerSecond: estimate(8.8),
    goodTokensPerSecond: estimate(563),
  };
}
