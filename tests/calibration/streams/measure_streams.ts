import type { Distribution } from "../../../src/core/estimate.ts";
import type { BasicOptions } from "../../../src/measure/settings/options.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import type { Measure } from "../measure.ts";
import { numberOf, type Observation, verdictOf } from "../observation.ts";
import { type StreamLimits, type StreamLoad, streamTruth, type TimeTruth } from "./stream_truth.ts";

function timeNumbers(name: string, truth: TimeTruth, told: Distribution | null | undefined): Observation[] {
  return (["mean", "p50", "p95"] as const).map((member) =>
    numberOf(`${member} ${name}`, truth[member], told?.[member] ?? null)
  );
}

/**
 * Every figure of streamed answers beside the truth.
 *
 * @param load What is sent.
 * @param limits What each request is held against.
 * @param own More options.
 */
export function measureStreams(load: StreamLoad, limits: StreamLimits, own: BasicOptions = {}): Measure {
  return async (target, options, settle) => {
    const goodput = `ttft<${limits.firstMs}ms,tpot<${limits.tokenMs}ms`;
    const told = await runBasicTest(target, { arrivals: "poisson", ...load, goodput, ...own, ...options });
    const { streams } = await settle();
    const truth = streamTruth(streams!, load, limits);
    return [
      ...timeNumbers("first token", truth.first, told.firstTokenMs),
      ...timeNumbers("output token", truth.token, told.tokenMs),
      ...timeNumbers("chunk gap", truth.gap, told.chunkGapMs),
      ...timeNumbers("longest gap", truth.longest, told.longestGapMs),
      ...timeNumbers("streamed latency", truth.latency, told.latencyMs),
      numberOf("streams/s", truth.requestsPerSecond, told.requestsPerSecond),
      numberOf("output tokens/s", truth.tokensPerSecond, told.outputTokensPerSecond ?? null),
      numberOf("prompt tokens/s", truth.promptTokensPerSecond, told.promptTokensPerSecond ?? null),
      ...truth.errorRate > 0 ? [numberOf("failed streams", truth.errorRate, told.errorRate)] : [],
      numberOf("share of goodput", truth.goodShare, told.goodShare ?? null),
      numberOf("goodput", truth.goodPerSecond, told.goodRequestsPerSecond ?? null),
      numberOf("goodput in tokens", truth.goodTokensPerSecond, told.goodTokensPerSecond ?? null),
      verdictOf("tokens counted", told.streams?.tokenSources.continuous === told.streams?.answers, told.streams),
    ];
  };
}
