import { TargetError } from "../../core/errors.ts";
import type { ProtocolCallOptions, ServerTimings } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { ask, askForObject, isRecord, jsonRequest, numberOrNull, succeeded } from "../shared/server_answer.ts";

const STATS = jsonRequest("GET", "/stats");

/** Whether `GET /stats` has counters for each model; the contract leaves its content open. */
export async function reportsTimings(call: Call, options?: ProtocolCallOptions): Promise<boolean> {
  const answer = await ask(call, STATS, "find out what the server counts", options);
  if (!succeeded(answer) || !isRecord(answer.value) || !isRecord(answer.value["models"])) return false;
  return Object.values(answer.value["models"]).some((entry) =>
    isRecord(entry) && numberOrNull(entry["requests"]) !== null && numberOrNull(entry["queue_time"]) !== null
  );
}

/**
 * Cumulative counters of one model from `GET /stats`, whose times are seconds.
 *
 * @throws {TargetError} If the server counts nothing for this model.
 */
export async function serverTimings(call: Call, model: string, options?: ProtocolCallOptions): Promise<ServerTimings> {
  const what = `read the counters of the model "${model}"`;
  const { models } = await askForObject(call, STATS, what, options);
  const entry = isRecord(models) && Object.hasOwn(models, model) ? models[model] : undefined;
  const requests = isRecord(entry) ? numberOrNull(entry["requests"]) : null;
  if (!isRecord(entry) || requests === null) {
    throw new TargetError(`Cannot ${what} as GET /stats must count its requests: it does not`);
  }
  const ms = (seconds: unknown) => {
    const value = numberOrNull(seconds);
    return value === null ? null : value * 1000;
  };
  return {
    requests,
    executions: numberOrNull(entry["executions"]),
    predictions: numberOrNull(entry["predictions"]),
    queueMs: ms(entry["queue_time"]),
    computeMs: ms(entry["compute_time"]),
  };
}
