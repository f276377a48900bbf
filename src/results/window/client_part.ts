import { type Distribution, type Estimate, relativeHalfWidth } from "../../core/estimate.ts";
import type { Window } from "./window.ts";

/** Below it the client's part is always told, ms. */
const SHORT_MS = 10;
/** From there on where it is as much as what a throughput is known to, 0 to 1. */
const WORTH_TELLING = 0.05;

/** The most that the client may take, ms. */
export interface ClientPart {
  /** Of each latency; of a streamed answer also of the time to its first token and of its longest gap. */
  readonly latencyMs: number;
  /** Between two requests of a lane; 0 in open loops, which do not wait for it. */
  readonly betweenMs: number;
  /** Of the time per output token of streamed answers; 0 of others. */
  readonly tokenMs: number;
}

/**
 * The most of each latency of a window that may be the client's (method 17): what one request at a time takes against a
 * server that does nothing; of several at a time what a request waits for the client's thread to deal with the others, as far
 * as it was busy; and the time in which that thread waited for a core that others used. A closed loop also takes time between
 * two requests, to judge the one and to begin the other. Latencies, and rates of closed loops, are to be read with both: the
 * server may be as much faster. Of a streamed answer the time between its first byte and its last is the server's, which goes
 * on while the client waits: it counts for none of these. But where answers end together, the last token of one is read when
 * the client is done with the others, and its time per output token is longer by that.
 *
 * @param window What was measured.
 * @returns `null` where it was not measured, and of 10 ms of latency and more where it is under 5 % of them and less than the
 * half width of their interval, and of those of the rate and, of streamed answers, of each time that it counts for.
 */
export function clientPart(
  window: Pick<
    Window,
    | "latencyMs"
    | "requestsPerSecond"
    | "readingMs"
    | "firstTokenMs"
    | "tokenMs"
    | "longestGapMs"
    | "outputTokens"
    | "clientUse"
    | "load"
  >,
): ClientPart | null {
  const { latencyMs, requestsPerSecond, readingMs, firstTokenMs, longestGapMs, outputTokens, clientUse, load } = window;
  const token = window.tokenMs?.mean ?? null;
  const { aloneMs, ceilingPerSecond = null, threadShare = null, starvedShare = null } = clientUse ?? {};
  if (latencyMs === null || aloneMs === undefined) return null;
  const meanMs = latencyMs.mean.value;
  const others = load.kind === "closed" ? load.concurrency - 1 : 0;
  const waitsMs = ceilingPerSecond === null ? 0 : others * 1000 / ceilingPerSecond * (threadShare ?? 1);
  const written = firstTokenMs === undefined ? 0 : Math.min(1, (readingMs?.mean.value ?? meanMs) / meanMs);
  const partMs = Math.min(meanMs, aloneMs + (1 - written) * (waitsMs + (starvedShare ?? 0) * meanMs));
  const betweenMs = load.kind === "closed" ? turnMs(window, latencyMs) : 0;
  const tokenMs = others * betweenMs / Math.max(1, (outputTokens?.mean.value ?? Infinity) - 1);
  const isTold = meanMs < SHORT_MS || Math.max(partMs, betweenMs) >= WORTH_TELLING * meanMs ||
    partMs + betweenMs > ownShare(requestsPerSecond) * meanMs ||
    [latencyMs, firstTokenMs, longestGapMs].some((times) => isBeyond(partMs, times?.mean)) || isBeyond(tokenMs, token);
  return isTold ? { latencyMs: partMs, betweenMs, tokenMs: token === null ? 0 : tokenMs } : null;
}

/** From the end of an answer to the next request of its lane, by the shares of time that both took. */
function turnMs({ clientUse }: Pick<Window, "clientUse">, { mean }: Distribution): number {
  const { judgingShare, betweenShare } = clientUse!;
  const left = (1 - (judgingShare ?? 0)) * (1 - (betweenShare ?? 0));
  return left > 0 ? mean.value * (1 / left - 1) : 0;
}

/** Whether a time of the client is more than what a number is known to. */
function isBeyond(ms: number, estimate: Estimate | null | undefined): boolean {
  return estimate ? ms > ownShare(estimate) * estimate.value : false;
}

/** How much a number may be off by its own interval, as a share of it; `Infinity` where that is unknown. */
function ownShare(estimate: Estimate | null): number {
  return (estimate === null ? null : relativeHalfWidth(estimate)) ?? Infinity;
}
