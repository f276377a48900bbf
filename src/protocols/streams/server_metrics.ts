import { parsePrometheus, type PrometheusSample } from "../../core/prometheus_text.ts";
import { TargetError } from "../../core/errors.ts";
import type { BindOptions, Protocol, ProtocolCallOptions, ServerTimings } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { jsonRequest, succeeded } from "../shared/server_answer.ts";

const METRICS = jsonRequest("GET", "/metrics");
const MS_PER_SECOND = 1000;
/** A server that hides its metrics may not answer at all. */
const PROBE_TIMEOUT_MS = 2000;

/** Histograms of one kind of server, in seconds, without their suffixes; what it does not count is left out. */
interface Family {
  /** For people: what tells it. */
  readonly source: string;
  /** From the request to its first token. */
  readonly firstToken?: string;
  /** From the request to the work on its prompt. */
  readonly queue: string;
  /** Work on the prompt. */
  readonly prefill?: string;
  /** Work on prompt and answer. */
  readonly work?: string;
}

const FAMILIES: readonly Family[] = [
  // vllm/v1/metrics/loggers.py; the embedded server has the same names.
  {
    source: "metrics by vLLM's names (time_to_first_token, request_queue_time, request_prefill_time)",
    firstToken: "vllm:time_to_first_token_seconds",
    queue: "vllm:request_queue_time_seconds",
    prefill: "vllm:request_prefill_time_seconds",
    work: "vllm:request_inference_time_seconds",
  },
  // sglang/srt/metrics/collector.py
  {
    source: "SGLang's time_to_first_token_seconds and queue_time_seconds",
    firstToken: "sglang:time_to_first_token_seconds",
    queue: "sglang:queue_time_seconds",
  },
  // text-generation-inference/router/src/server.rs: it does not count first tokens.
  {
    source: "TGI's tgi_request_queue_duration and tgi_request_inference_duration",
    queue: "tgi_request_queue_duration",
    work: "tgi_request_inference_duration",
  },
];

/**
 * Finds out whether a server of language models counts its own time.
 *
 * @param call Asks the server.
 * @param options Ways to its metrics, where they are elsewhere.
 * @returns What a protocol has for it: the counters, or why there are none.
 */
export async function languageTimings(
  call: Call,
  options?: BindOptions,
): Promise<{ readonly serverTimings?: Protocol["serverTimings"]; readonly lack: { readonly serverTimings?: string } }> {
  const metrics = options?.callTo?.("metrics", 0) ?? call;
  const timeoutMs = Math.min(PROBE_TIMEOUT_MS, options?.timeoutMs ?? PROBE_TIMEOUT_MS);
  const text = await metricsText(metrics, { ...options, timeoutMs });
  const family = FAMILIES.find(({ queue, firstToken = queue }) => text?.includes(firstToken));
  if (family === undefined) {
    const why = text === null ? "GET /metrics does not answer" : "GET /metrics names no times of requests";
    return { lack: { serverTimings: `the server does not tell its own time: ${why}` } };
  }
  return {
    lack: {},
    async serverTimings(model, options) {
      const text = await metricsText(metrics, options);
      if (text !== null) return timingsIn(text, family, model);
      throw new TargetError(`Cannot read the server's metrics as GET ${METRICS.path} must succeed: it does not`);
    },
  };
}

function timingsIn(text: string, { source, firstToken, queue, prefill, work }: Family, model: string): ServerTimings {
  const names = [firstToken, queue, prefill, work].filter((name) => name !== undefined);
  const all = parsePrometheus(text, new Set(names.flatMap((name) => [`${name}_sum`, `${name}_count`])));
  // A server may have adapters and engines beside the model; one that has a single model may name it otherwise.
  const own = all.filter(({ labels }) => labels["model_name"] === model);
  const samples = own.length > 0 ? own : all;
  const count = (name: string | undefined) => total(samples, `${name}_count`);
  const ms = (name: string | undefined) => MS_PER_SECOND * total(samples, `${name}_sum`);
  const isWorkTold = work !== undefined && samples.some(({ name }) => name === `${work}_sum`);
  return {
    source,
    requests: count(firstToken ?? queue),
    executions: null,
    predictions: null,
    queueMs: ms(queue),
    queued: count(queue),
    computeMs: isWorkTold ? ms(work) : null,
    ...isWorkTold ? { computed: count(work) } : {},
    ...firstToken === undefined ? {} : {
      firstTokens: count(firstToken),
      firstTokenMs: ms(firstToken),
      queuedMs: ms(queue),
      prefilled: count(prefill),
      prefilledMs: ms(prefill),
    },
  };
}

function total(samples: readonly PrometheusSample[], of: string): number {
  return samples.reduce((sum, { name, value }) => name === of ? sum + value : sum, 0);
}

async function metricsText(call: Call, options?: ProtocolCallOptions): Promise<string | null> {
  try {
    const response = await call(METRICS, options);
    return succeeded(response) ? new TextDecoder().decode(response.body) : null;
  } catch (error) {
    if (options?.signal?.aborted) throw error;
    // Whatever is wrong with the metrics, the model can be measured.
    return null;
  }
}
