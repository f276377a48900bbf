import type { StreamField } from "../../../src/results/result.ts";
import type { WindowEstimates } from "../../../src/results/window/window_metrics.ts";
import type { RequestDistributions } from "../../../src/results/window/request_metrics.ts";
import { distribution, estimate } from "../../core/estimates.ts";

/** What a window of streamed answers has besides. */
export function streamed():
  & Required<Pick<RequestDistributions, StreamField>>
  & Required<Pick<WindowEstimates, "outputTokensPerSecond" | "promptTokensPerSecond">> {
  return {
    firstTokenMs: distribution(40),
    firstVisibleMs: distribution(40),
    tokenMs: distribution(8),
    userTokensPerSecond: distribution(125),
    chunkGapMs: distribution(8),
    longestGapMs: distribution(15),
    lastTokenMs: distribution(500),
    outputTokens: distribution(64),
    promptTokens: distribution(128),
    outputTokensPerSecond: estimate(800),
    promptTokensPerSecond: estimate(1600),
  };
}
