import type { Distribution, Estimate } from "../../src/core/estimate.ts";
import { clientPart } from "../../src/results/window/client_part.ts";
import type { Window } from "../../src/results/window/window.ts";

/** The figures of a window that the client has a part in. */
export type Accounted = Pick<Window, "latencyMs" | "requestsPerSecond" | "predictionsPerSecond">;

/**
 * What a window says of the server where what it says of the client is believed: each latency may be shorter by the client's
 * part, and each rate of a closed loop as much higher, and by what the client takes between two requests. In virtual time a client has no part.
 */
export function accounted(window: Pick<Window, "clientUse" | "load"> & Accounted): Accounted {
  const { latencyMs, requestsPerSecond, predictionsPerSecond, load } = window;
  const part = clientPart(window);
  if (part === null || latencyMs === null) return window;
  const cycleMs = latencyMs.mean.value + part.betweenMs, serverMs = latencyMs.mean.value - part.latencyMs;
  const shorter = (estimate: Estimate): Estimate => ({
    ...estimate,
    low: estimate.low === null ? null : estimate.low - part.latencyMs,
  });
  const higher = (estimate: Estimate | null): Estimate | null =>
    estimate === null || estimate.high === null || load.kind !== "closed" ? estimate : {
      ...estimate,
      high: serverMs > 0 ? estimate.high * cycleMs / serverMs : null,
    };
  const { mean, p50, p95, p99 } = latencyMs;
  return {
    latencyMs: {
      ...latencyMs,
      mean: shorter(mean),
      p50: shorter(p50),
      p95: shorter(p95),
      p99: shorter(p99),
    } satisfies Distribution,
    requestsPerSecond: higher(requestsPerSecond),
    predictionsPerSecond: higher(predictionsPerSecond),
  };
}
