import type { Window } from "./window.ts";

/** From here on what the client adds is no matter, ms. */
const WORTH_TELLING_MS = 10;

/**
 * The most of each latency of a window that may be the client's, ms: what one request at a time takes against a server that does
 * nothing, and of several at a time what a request waits for the client's thread to deal with the others, as far as it was
 * busy (METHODS 17). Latencies, and rates of closed loops, are to be read with it: the server may be as much faster.
 *
 * @param window What was measured.
 * @returns `null` from 10 ms of latency on, and where it was not measured.
 */
export function clientPartMs(
  { latencyMs, clientUse, load }: Pick<Window, "latencyMs" | "clientUse" | "load">,
): number | null {
  const { aloneMs, ceilingPerSecond = null, threadShare = null } = clientUse ?? {};
  if (latencyMs === null || latencyMs.mean.value >= WORTH_TELLING_MS || aloneMs === undefined) return null;
  const others = load.kind === "closed" ? load.concurrency - 1 : 0;
  const waitsMs = ceilingPerSecond === null ? 0 : others * 1000 / ceilingPerSecond * (threadShare ?? 1);
  return Math.min(latencyMs.mean.value, aloneMs + waitsMs);
}
