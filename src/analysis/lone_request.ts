import type { Estimate } from "../core/estimate.ts";
import type { ServerShareEvidence, TransferEvidence } from "../results/finding.ts";
import type { TestResults } from "../results/result.ts";
import type { Window } from "../results/window/window.ts";

/**
 * Server time against latency, where one request at a time was sent, so that none of it is waiting for others.
 *
 * @param tests Results; the basic test tells it.
 * @returns `null` where that did not run so, or the server does not tell its time.
 */
export function serverShareOf({ basic }: TestResults): ServerShareEvidence | null {
  const serverMs = basic === undefined ? null : serverTimeOf(basic);
  if (!basic?.latencyMs || serverMs === null || basic.concurrency !== 1) return null;
  const { mean: latencyMs } = basic.latencyMs;
  return { latencyMs, serverMs, serverShare: serverMs.value / latencyMs.value, batchSize: basic.batchSize };
}

/**
 * What the server says in its answers, else what it counted: a mean without an interval.
 *
 * @param window Where it was measured.
 */
export function serverTimeOf({ serverMs, server, latencyMs }: Window): Estimate | null {
  if (serverMs !== null) return serverMs.mean;
  if (!server || server.restMs === null || latencyMs === null) return null;
  const { mean } = latencyMs;
  return { value: mean.value - server.restMs, low: null, high: null, level: mean.level, n: server.requests };
}

/**
 * How long a lone request was moved.
 *
 * @param tests Results; the basic test tells it.
 * @returns `null` where the transport does not tell when it was handed over, and of streamed answers.
 */
export function transferOf({ basic }: TestResults): TransferEvidence | null {
  if (!basic?.latencyMs || !basic.sendingMs || !basic.readingMs || basic.concurrency !== 1) return null;
  // Of an answer that is streamed, reading is the work itself.
  if (basic.firstTokenMs !== undefined) return null;
  const { latencyMs: { mean: latencyMs }, sendingMs: { mean: sendingMs }, readingMs: { mean: readingMs } } = basic;
  const transferShare = (sendingMs.value + readingMs.value) / latencyMs.value;
  return { latencyMs, sendingMs, readingMs, transferShare, batchSize: basic.batchSize };
}
