import { ExchangeError, TargetError } from "../../core/errors.ts";
import { parsePrometheus, type PrometheusSample } from "../../core/prometheus_text.ts";
import type { BindOptions, ProtocolCallOptions, ServerTimings } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { jsonRequest, succeeded } from "../shared/server_answer.ts";

const METRICS = jsonRequest("GET", "/metrics");
const MS_PER_SECOND = 1000;
/** A port that a firewall hides does not answer at all. */
const PROBE_TIMEOUT_MS = 2000;

/** What one kind of server counts of each model: sums in seconds with their counts. */
interface Family {
  /** For people: what tells it, and what is in it. */
  readonly source: string;
  /** Label that holds the model's name. */
  readonly label: string;
  /** Name of the time of the computation, without its suffix: it counts the requests. */
  readonly compute: string;
  /** Of preparing inputs. */
  readonly input?: string;
  /** Of preparing outputs. */
  readonly output?: string;
}

/** `mlserver/handlers/dataplane.py`: around the whole inference, its adaptive batching and its cache included. */
const MLSERVER: Family = {
  source: "MLServer's model_infer_request_duration, its queue included",
  label: "model",
  compute: "model_infer_request_duration",
};

/** `kserve/metrics.py`: around the model's methods. */
const KSERVE: Family = {
  source: "KServe's request_preprocess_seconds, request_predict_seconds and request_postprocess_seconds",
  label: "model_name",
  compute: "request_predict_seconds",
  input: "request_preprocess_seconds",
  output: "request_postprocess_seconds",
};

/** Reads the counters of a model. */
export type ReadTimings = (model: string, options?: ProtocolCallOptions) => Promise<ServerTimings>;

/**
 * Finds metrics that tell the server's time, of servers without Triton's statistics. MLServer has them on a port of its own,
 * by default the second behind that of its API; KServe's SDK on the same.
 *
 * @param call Asks the server.
 * @param server Name that the server gives itself, or `null`.
 * @param options Ways to other addresses.
 * @returns What reads them, or in words why there are none.
 */
export async function findTimings(
  call: Call,
  server: string | null,
  options?: BindOptions,
): Promise<ReadTimings | string> {
  const isMlserver = server?.toLowerCase() === "mlserver";
  const metrics = options?.callTo?.("metrics", isMlserver ? 2 : 0) ?? call;
  const timeoutMs = Math.min(PROBE_TIMEOUT_MS, options?.timeoutMs ?? PROBE_TIMEOUT_MS);
  const text = await metricsText(metrics, { ...options, timeoutMs });
  const found = [MLSERVER, KSERVE].find(({ compute }) => text?.includes(compute)) ??
    // Before its first request a server of several processes names nothing.
    (isMlserver && text !== null ? MLSERVER : undefined);
  if (found !== undefined) return (model, options) => readTimings(metrics, found, model, options);
  const where = isMlserver ? "on the second port behind that of its API" : "at GET /metrics";
  return `GET /v2 does not name the extension statistics, and no metrics ${where} tell its time`;
}

async function readTimings(
  call: Call,
  family: Family,
  model: string,
  options?: ProtocolCallOptions,
): Promise<ServerTimings> {
  const text = await metricsText(call, options);
  if (text === null) {
    throw new TargetError(
      `Cannot read the counters of the model "${model}" as GET ${METRICS.path} must succeed: it does not`,
    );
  }
  return timingsIn(parsePrometheus(text), family, model);
}

function timingsIn(all: readonly PrometheusSample[], family: Family, model: string): ServerTimings {
  const { label, source, compute, input, output } = family;
  const samples = all.filter(({ labels }) => labels[label] === model);
  const total = (name: string) =>
    samples.filter((sample) => sample.name === name).reduce((sum, { value }) => sum + value, 0);
  const ms = (name: string) => MS_PER_SECOND * total(`${name}_sum`);
  return {
    source,
    requests: total(`${compute}_count`),
    executions: null,
    predictions: null,
    queueMs: null,
    computeMs: ms(compute),
    ...input === undefined ? {} : { inputMs: ms(input) },
    ...output === undefined ? {} : { outputMs: ms(output) },
  };
}

async function metricsText(call: Call, options?: ProtocolCallOptions): Promise<string | null> {
  try {
    const response = await call(METRICS, options);
    return succeeded(response) ? new TextDecoder().decode(response.body) : null;
  } catch (error) {
    if (error instanceof ExchangeError && !options?.signal?.aborted) return null;
    throw error;
  }
}
