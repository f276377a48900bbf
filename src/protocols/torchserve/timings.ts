import { TargetError } from "../../core/errors.ts";
import type { ProtocolCallOptions, ServerTimings } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { parsePrometheus } from "../../core/prometheus_text.ts";
import { succeeded } from "../shared/server_answer.ts";

const METRICS = { method: "GET", path: "/metrics", headers: [], body: null } as const;
const REQUESTS = "ts_inference_requests_total";
const LATENCY = "ts_inference_latency_microseconds";
const QUEUE = "ts_queue_latency_microseconds";
const MICROSECONDS_PER_MS = 1000;

/**
 * Why TorchServe's metrics tell nothing of requests, or `null` if they do. Counters without a request so far have no
 * value yet, but are named.
 */
export async function whyNoTimings(call: Call, options?: ProtocolCallOptions): Promise<string | null> {
  const text = await fetchMetrics(call, options);
  if (text === null) return "TorchServe's metrics do not answer: is their URL another?";
  return text.includes(REQUESTS)
    ? null
    : `TorchServe's metrics do not count requests (${REQUESTS}): start it with metrics_mode=prometheus`;
}

/**
 * Cumulative counters of one model, all its versions together. TorchServe counts the time from a request's arrival to
 * its answer and, of that, the wait for a worker; the rest is what the worker took. Executions are not counted.
 *
 * @throws {TargetError} If the metrics do not answer.
 */
export async function serverTimings(call: Call, model: string, options?: ProtocolCallOptions): Promise<ServerTimings> {
  const text = await fetchMetrics(call, options);
  if (text === null) {
    throw new TargetError(
      `Cannot read the counters of the model "${model}" as GET /metrics must succeed: it does not`,
    );
  }
  const samples = parsePrometheus(text).filter(({ labels }) => labels["model_name"] === model);
  const total = (name: string) =>
    samples.filter((sample) => sample.name === name).reduce((sum, { value }) => sum + value, 0);
  return {
    source: `TorchServe's ${LATENCY} and ${QUEUE}`,
    requests: total(REQUESTS),
    countedAt: "arrival",
    executions: null,
    predictions: total(REQUESTS),
    queueMs: total(QUEUE) / MICROSECONDS_PER_MS,
    computeMs: (total(LATENCY) - total(QUEUE)) / MICROSECONDS_PER_MS,
  };
}

async function fetchMetrics(call: Call, options?: ProtocolCallOptions): Promise<string | null> {
  const response = await call(METRICS, options).catch((error) => {
    if (options?.signal?.aborted) throw error;
    return null;
  });
  return response !== null && succeeded(response) ? new TextDecoder().decode(response.body) : null;
}
