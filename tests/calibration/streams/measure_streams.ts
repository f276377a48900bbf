import type { Distribution } from "../../../src/core/estimate.ts";
import type { Target } from "../../../src/core/target.ts";
import type { TestOptions } from "../../../src/measure/settings/options.ts";
import type { BasicResult } from "../../../src/results/kinds/basic.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import { accounted, accountedStreams } from "../client_account.ts";
import type { Measure } from "../measure.ts";
import { numberOf, type Observation, verdictOf } from "../observation.ts";
import { type StreamLimits, type StreamLoad, type StreamTruth, streamTruth, type TimeTruth } from "./stream_truth.ts";

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
 */
export function measureStreams(load: StreamLoad, limits: StreamLimits): Measure {
  return async (target, options, settle) => {
    const told = await tellStreams(target, load, limits, options);
    const { streams } = await settle();
    return besideTruth(told, streamTruth(streams!, load, limits));
  };
}

/** Runs the basic test with such a load. */
export function tellStreams(
  target: Target,
  load: StreamLoad,
  limits: StreamLimits,
  options: TestOptions,
): Promise<BasicResult> {
  const goodput = `ttft<${limits.firstMs}ms,tpot<${limits.tokenMs}ms`;
  return runBasicTest(target, { arrivals: "poisson", ...load, goodput, ...options });
}

/** Every figure of a test of streamed answers beside the truth. */
export function besideTruth(told: BasicResult, truth: StreamTruth): readonly Observation[] {
  const times = accountedStreams(told), { latencyMs, requestsPerSecond } = accounted(told);
  return [
    ...timeNumbers("first token", truth.first, times.firstTokenMs),
    ...timeNumbers("output token", truth.token, times.tokenMs),
    ...timeNumbers("chunk gap", truth.gap, times.chunkGapMs),
    ...timeNumbers("longest gap", truth.longest, times.longestGapMs),
    ...timeNumbers("streamed latency", truth.latency, latencyMs),
    numberOf("streams/s", truth.requestsPerSecond, requestsPerSecond),
    numberOf("output tokens/s", truth.tokensPerSecond, told.outputTokensPerSecond ?? null),
    numberOf("prompt tokens/s", truth.promptTokensPerSecond, told.promptTokensPerSecond ?? null),
    ...truth.errorRate > 0 ? [numberOf("failed streams", truth.errorRate, told.errorRate)] : [],
    numberOf("share of goodput", truth.goodShare, told.goodShare ?? null),
    numberOf("goodput", truth.goodPerSecond, told.goodRequestsPerSecond ?? null),
    numberOf("goodput in tokens", truth.goodTokensPerSecond, told.goodTokensPerSecond ?? null),
    verdictOf("tokens counted", told.streams?.tokenSources.continuous === told.streams?.answers, told.streams),
  ];
}
