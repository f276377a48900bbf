import { TargetError } from "../../core/errors.ts";
import type { ColdWorkers, ProtocolCallOptions, ServerTimings } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { parsePrometheus } from "../../core/prometheus_text.ts";
import { succeeded } from "../shared/server_answer.ts";

const METRICS = { method: "GET", path: "/metrics", headers: [], body: null } as const;
const REQUESTS = "ts_inference_requests_total";
const LATENCY = "ts_inference_latency_microseconds";
const QUEUE = "ts_queue_latency_microseconds";
const WORKER_LOAD = "WorkerLoadTime";
const HANDLER = "HandlerTime";
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

/**
 * What TorchServe's gauges say of workers that were just started, and of the only request since: how long the slowest took from
 * the start of its process to its loaded model, and the handler for the request. Gauges of workers that are gone stay, and are
 * told apart by the name.
 *
 * @param call Carries the question to the metrics.
 * @param model Name of the model.
 * @param workers Names of the workers that serve.
 */
export async function coldWorkers(
  call: Call,
  model: string,
  workers: readonly string[],
  options?: ProtocolCallOptions,
): Promise<ColdWorkers> {
  const samples = parsePrometheus(await fetchMetrics(call, options) ?? "", new Set([WORKER_LOAD, HANDLER]));
  const isOurs = (name: string) => workers.some((id) => name.startsWith(`W-${id}-${model}_`));
  const starts = samples.filter(({ name, labels }) => name === WORKER_LOAD && isOurs(labels["WorkerName"] ?? ""));
  const handler = samples.find(({ name, labels }) => name === HANDLER && labels["ModelName"] === model);
  return {
    count: workers.length,
    startMs: starts.length < workers.length || starts.length === 0
      ? null
      : Math.max(...starts.map(({ value }) => value)),
    handlerMs: handler?.value ?? null,
  };
}

async function fetchMetrics(call: Call, options?: ProtocolCallOptions): Promise<string | null> {
  const response = await call(METRICS, options).catch((error) => {
    if (options?.signal?.aborted) throw error;
    return null;
  });
  return response !== null && succeeded(response) ? new TextDecoder().decode(response.body) : null;
}
