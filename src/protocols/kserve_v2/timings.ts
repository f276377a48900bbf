import { TargetError } from "../../core/errors.ts";
import type { ProtocolCallOptions, ServerTimings } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { percentEncoded } from "../../core/untrusted/percent.ts";
import { askForObject, isRecord, jsonRequest, numberOrNull } from "../shared/server_answer.ts";

const NANOSECONDS_PER_MS = 1e6;

/**
 * Cumulative counters of one model from `GET /v2/models/{model}/stats`, all its versions together.
 *
 * @throws {TargetError} If the server counts nothing for this model.
 */
export async function serverTimings(call: Call, model: string, options?: ProtocolCallOptions): Promise<ServerTimings> {
  const what = `read the counters of the model "${model}"`;
  const request = jsonRequest("GET", `/v2/models/${percentEncoded(model)}/stats`);
  const { model_stats: stats } = await askForObject(call, request, what, options);
  const versions = Array.isArray(stats) ? stats.filter(isRecord).map(versionTimings) : [];
  const [first, ...rest] = versions;
  if (first === undefined) throw new TargetError(`Cannot ${what} as GET ${request.path} must hold some: it holds none`);
  return rest.reduce(together, first);
}

function together(a: ServerTimings, b: ServerTimings): ServerTimings {
  return {
    requests: a.requests + b.requests,
    executions: added(a.executions, b.executions),
    predictions: added(a.predictions, b.predictions),
    queueMs: added(a.queueMs, b.queueMs),
    computeMs: added(a.computeMs, b.computeMs),
    ...optional("inputMs", added(a.inputMs ?? null, b.inputMs ?? null)),
    ...optional("outputMs", added(a.outputMs ?? null, b.outputMs ?? null)),
  };
}

function versionTimings(stats: Readonly<Record<string, unknown>>): ServerTimings {
  const durations = isRecord(stats["inference_stats"]) ? stats["inference_stats"] : {};
  const field = (name: string, part: "count" | "ns") => {
    const duration = durations[name];
    return isRecord(duration) ? numberOrNull(duration[part]) : null;
  };
  const ms = (name: string) => {
    const ns = field(name, "ns");
    return ns === null ? null : ns / NANOSECONDS_PER_MS;
  };
  return {
    requests: field("success", "count") ?? 0,
    executions: numberOrNull(stats["execution_count"]),
    predictions: numberOrNull(stats["inference_count"]),
    queueMs: ms("queue"),
    computeMs: ms("compute_infer"),
    ...optional("inputMs", ms("compute_input")),
    ...optional("outputMs", ms("compute_output")),
  };
}

/** A field that is left out where there is no value. */
function optional<K extends string>(name: K, value: number | null): { readonly [P in K]?: number } {
  return value === null ? {} : { [name]: value } as { readonly [P in K]?: number };
}

function added(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
