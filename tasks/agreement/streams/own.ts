import type { InputSpec } from "../../../src/core/model_input.ts";
import type { SampleRow } from "../../../src/core/sample.ts";
import { connect } from "../../../src/protocols/connect.ts";
import { ascending } from "../../../src/stats/estimates/ascending.ts";
import { quantile } from "../../../src/stats/estimates/quantile.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import type { RequestMoments, StreamFigures, StreamLoad, StreamPeer } from "./stream_peer.ts";

/** Longer than any run takes. */
const LONGEST_MS = 3_600_000;

/** A run by torchgauge. */
export interface OwnRun {
  /** By its own definitions. */
  readonly figures: StreamFigures;
  /** Its requests, for the definitions of others: those too that its own leave out as a transient. */
  readonly requests: readonly RequestMoments[];
}

/**
 * Measures one run by torchgauge.
 *
 * @param load What to measure.
 * @throws {Error} If a request failed.
 */
export async function measureOwn(load: StreamLoad): Promise<OwnRun> {
  const { url, model, prompts, outputTokens, concurrency } = load;
  const inputs: InputSpec = { kind: "samples", samples: prompts.map((text) => ({ kind: "text", text })) };
  const generation = { outputTokens, ignoreEos: true };
  await using target = await connect(url, { model, protocol: "openai", inputs, generation });
  const requests: RequestMoments[] = [];
  let ended = 0;
  const keep = ({ sentAt, endedAt, result, stream }: SampleRow) => {
    // Those of the warm-up end first.
    if (ended++ < concurrency || result !== "success" || !stream) return;
    const { firstEventAt, firstTokenAt, lastTokenAt, outputTokens } = stream;
    requests.push({ sentAt, endedAt, firstEventAt, firstTokenAt, lastTokenAt, outputTokens });
  };
  const result = await runBasicTest(target, {
    ...{ concurrency, requests: prompts.length, warmUpRequests: concurrency, durationMs: LONGEST_MS },
    ...{ repeatInputs: true, sampleLog: { begin: () => keep, ended: () => {} } },
  });
  const { failed, failureExamples, firstTokenMs, tokenMs, latencyMs, outputTokensPerSecond } = result;
  if (failed > 0 || !firstTokenMs || !tokenMs || !latencyMs || !outputTokensPerSecond) {
    throw new Error(
      `Cannot compare as every request must succeed: ${failed} failed, ${JSON.stringify(failureExamples)}`,
    );
  }
  return {
    figures: {
      firstTokenMs: firstTokenMs.p50.value,
      tokenMs: tokenMs.p50.value,
      latencyMs: latencyMs.p50.value,
      tokensPerSecond: outputTokensPerSecond.value,
    },
    requests,
  };
}

/**
 * What another tool would say of our requests: its definitions, and all tokens over the time of the whole run.
 *
 * @param requests The requests.
 * @param peer Whose definitions.
 */
export function redefined(requests: readonly RequestMoments[], { define }: Pick<StreamPeer, "define">): StreamFigures {
  const defined = requests.map(define);
  const median = (name: "firstTokenMs" | "tokenMs" | "latencyMs") =>
    quantile(ascending(Float64Array.from(defined, (each) => each[name])), 0.5);
  const startMs = Math.min(...requests.map(({ sentAt }) => sentAt));
  const endMs = Math.max(...requests.map(({ endedAt }) => endedAt));
  const tokens = requests.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  return {
    firstTokenMs: median("firstTokenMs"),
    tokenMs: median("tokenMs"),
    latencyMs: median("latencyMs"),
    tokensPerSecond: 1000 * tokens / (endMs - startMs),
  };
}
