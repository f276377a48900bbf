import type { Distribution, Estimate } from "../../src/core/estimate.ts";
import { clientPart } from "../../src/results/window/client_part.ts";
import type { Window } from "../../src/results/window/window.ts";

/** The figures of a window that the client has a part in. */
export type Accounted = Pick<Window, "latencyMs" | "requestsPerSecond" | "predictionsPerSecond">;

/** How many times as high a rate of a closed loop may be without the client's part. */
export function clientFactor(window: Pick<Window, "clientUse" | "load"> & Accounted): number {
  const part = clientPart(window), meanMs = window.latencyMs?.mean.value ?? 0;
  if (part === null || window.load.kind !== "closed") return 1;
  return meanMs > part.latencyMs ? (meanMs + part.betweenMs) / (meanMs - part.latencyMs) : Infinity;
}

/**
 * The ratio of the rates of two closed loops where what each says of its client is believed.
 *
 * @param ratio Of the one to the other.
 * @param one The first.
 * @param other The other.
 */
export function accountedRatio<W extends Pick<Window, "clientUse" | "load"> & Accounted>(
  ratio: Estimate | null,
  one: W,
  other: W,
): Estimate | null {
  if (ratio === null || one === other) return ratio;
  const [up, down] = [clientFactor(one), clientFactor(other)];
  return {
    ...ratio,
    low: ratio.low === null ? null : ratio.low / down,
    high: ratio.high === null || !Number.isFinite(up) ? null : ratio.high * up,
  };
}

/** The times of streamed answers. */
type StreamTimes = Pick<Window, "firstTokenMs" | "tokenMs" | "chunkGapMs" | "longestGapMs">;

/**
 * Times of streamed answers that may be shorter by the client's part: the first token and the longest gap by that of a latency,
 * a gap by that of the tokens of its chunk.
 */
export function accountedStreams(
  window: Pick<Window, "clientUse" | "load"> & StreamTimes & Accounted,
): StreamTimes {
  const part = clientPart(window);
  if (part === null) return window;
  const { firstTokenMs, tokenMs, chunkGapMs, longestGapMs } = window;
  const ofChunk = tokenMs && chunkGapMs ? chunkGapMs.mean.value / tokenMs.mean.value : 0;
  return {
    ...firstTokenMs && { firstTokenMs: shorter(firstTokenMs, part.latencyMs) },
    ...tokenMs && { tokenMs: shorter(tokenMs, part.tokenMs) },
    ...chunkGapMs && { chunkGapMs: shorter(chunkGapMs, part.tokenMs * ofChunk) },
    ...longestGapMs && { longestGapMs: shorter(longestGapMs, part.latencyMs) },
  };
}

/** The same times, of which the client may have taken `partMs`. */
function shorter(times: Distribution, partMs: number): Distribution {
  const { mean, p50, p95, p99 } = times;
  const from = (estimate: Estimate) => ({ ...estimate, low: estimate.low === null ? null : estimate.low - partMs });
  return { ...times, mean: from(mean), p50: from(p50), p95: from(p95), p99: from(p99) };
}

/**
 * What a window says of the server where what it says of the client is believed: each latency may be shorter by the client's
 * part, and each rate of a closed loop as much higher, and by what the client takes between two requests. In virtual time a client has no part.
 */
export function accounted(window: Pick<Window, "clientUse" | "load"> & Accounted): Accounted {
  const { latencyMs, requestsPerSecond, predictionsPerSecond, load } = window;
  const part = clientPart(window);
  if (part === null || latencyMs === null) return window;
  const factor = clientFactor(window);
  const higher = (estimate: Estimate | null): Estimate | null =>
    estimate === null || estimate.high === null || load.kind !== "closed" ? estimate : {
      ...estimate,
      high: Number.isFinite(factor) ? factor * estimate.high : null,
    };
  return {
    latencyMs: shorter(latencyMs, part.latencyMs),
    requestsPerSecond: higher(requestsPerSecond),
    predictionsPerSecond: higher(predictionsPerSecond),
  };
}
