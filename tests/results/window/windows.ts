import type { FailureReason } from "../../../src/core/outcome.ts";
import type { OpenWindow, Window } from "../../../src/results/result.ts";
import { distribution, estimate } from "../../core/estimates.ts";

/** One closed-loop window at a rate; its latency follows from Little's law. */
export function measurement(
  requestsPerSecond: number,
  concurrency: number,
  batchSize: number,
  overrides: Partial<Window> = {},
): Window {
  const n = Math.max(12, Math.round(requestsPerSecond * 4));
  return {
    load: { kind: "closed", concurrency, batchSize },
    latencyFrom: "sent",
    requests: n,
    succeeded: n,
    failed: 0,
    cancelled: concurrency,
    failuresByReason: {},
    failureExamples: {},
    warmUpRequests: 10,
    cutRequests: 5,
    durationMs: 4000,
    requestsPerSecond: estimate(requestsPerSecond, requestsPerSecond * 0.014, n),
    predictionsPerSecond: estimate(requestsPerSecond * batchSize, requestsPerSecond * batchSize * 0.014, n),
    latencyMs: distribution(1000 * concurrency / requestsPerSecond, n),
    firstByteMs: null,
    serverMs: null,
    errorRate: { value: 0, low: 0, high: 3.84 / (n + 3.84), level: 0.95, n },
    converged: true,
    clientLimited: false,
    ...overrides,
  };
}

/** A window of which some requests failed. */
export function withFailures<W extends Window>(window: W, failed: number, reason: FailureReason = "status"): W {
  const { requests } = window;
  const share = failed / requests;
  return {
    ...window,
    succeeded: requests - failed,
    failed,
    failuresByReason: { [reason]: failed },
    errorRate: { value: share, low: share / 2, high: Math.min(1, 2 * share + 0.02), level: 0.95, n: requests },
  };
}

/** A window in which nothing succeeded. */
export function failedMeasurement(requests = 40): Window {
  return {
    load: { kind: "closed", concurrency: 1, batchSize: 1 },
    latencyFrom: "sent",
    requests,
    succeeded: 0,
    failed: requests,
    cancelled: 0,
    failuresByReason: { status: requests - 4, timeout: 4 },
    failureExamples: { status: "503 Service Unavailable: no worker for model resnet18", timeout: "no answer in 30 s" },
    warmUpRequests: 10,
    cutRequests: 0,
    durationMs: 4000,
    requestsPerSecond: null,
    predictionsPerSecond: null,
    latencyMs: null,
    firstByteMs: null,
    serverMs: null,
    errorRate: { value: 1, low: requests / (requests + 3.84), high: 1, level: 0.95, n: requests },
    converged: false,
    clientLimited: false,
  };
}

/** One window of an open loop at a rate that the server keeps up with. */
export function openWindow(offeredPerSecond: number, overrides: Partial<OpenWindow> = {}): OpenWindow {
  const n = Math.round(offeredPerSecond * 5);
  return {
    ...measurement(offeredPerSecond, 1, 1),
    load: {
      kind: "open",
      arrivals: { kind: "poisson", ratePerSecond: Math.round(offeredPerSecond) },
      maxConnections: 512,
      batchSize: 1,
    },
    latencyFrom: "due",
    requests: n,
    succeeded: n,
    durationMs: 5000,
    cutRequests: 0,
    cancelled: 0,
    latencyMs: distribution(24, n),
    serviceMs: distribution(22, n),
    latenessMs: distribution(0.3, n),
    offeredPerSecond,
    due: n,
    unanswered: 0,
    mostOutstanding: 6,
    backlogGrowthPerSecond: estimate(0.02, 0.1),
    saturated: false,
    ...overrides,
  };
}
