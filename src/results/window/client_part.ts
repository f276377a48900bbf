import type { Window } from "./window.ts";

/** Below it the client's part is always told, ms. */
const SHORT_MS = 10;
/** From there on where it is as much as what a throughput is known to, 0 to 1. */
const WORTH_TELLING = 0.05;

/**
 * The most of each latency of a window that may be the client's, ms (method 17): what one request at a time takes against a
 * server that does nothing; of several at a time what a request waits for the client's thread to deal with the others, as far
 * as it was busy; and the time in which that thread waited for a core that others used. Latencies, and rates of closed loops,
 * are to be read with it: the server may be as much faster. Of a streamed answer the time between its first byte and its last
 * is the server's, which goes on while the client waits: it counts for none of these.
 *
 * @param window What was measured.
 * @returns `null` where it was not measured, and of 10 ms of latency and more where it is under 5 % of them.
 */
export function clientPartMs(
  { latencyMs, readingMs, firstTokenMs, clientUse, load }: Pick<
    Window,
    "latencyMs" | "readingMs" | "firstTokenMs" | "clientUse" | "load"
  >,
): number | null {
  const { aloneMs, ceilingPerSecond = null, threadShare = null, starvedShare = null } = clientUse ?? {};
  if (latencyMs === null || aloneMs === undefined) return null;
  const meanMs = latencyMs.mean.value;
  const others = load.kind === "closed" ? load.concurrency - 1 : 0;
  const waitsMs = ceilingPerSecond === null ? 0 : others * 1000 / ceilingPerSecond * (threadShare ?? 1);
  const written = firstTokenMs === undefined ? 0 : Math.min(1, (readingMs?.mean.value ?? meanMs) / meanMs);
  const partMs = Math.min(meanMs, aloneMs + (1 - written) * (waitsMs + (starvedShare ?? 0) * meanMs));
  return meanMs < SHORT_MS || partMs >= WORTH_TELLING * meanMs ? partMs : null;
}
