import { TargetError } from "../../core/errors.ts";
import type { Absence, ProtocolCallOptions } from "../../core/protocol.ts";
import type { Call, WireRequest } from "../../core/transport.ts";
import { capabilityLack, NO_SUCH_MODEL } from "../shared/capability_probe.ts";
import { ask, isRecord, jsonRequest, succeeded, unexpected } from "../shared/server_answer.ts";
import { sameModel } from "./aliases.ts";
import { predictPath } from "./encode.ts";
import { fetchModels, isLoaded } from "./models.ts";

const TIMEOUT_MS = 120_000;

/**
 * Why models cannot be loaded and unloaded, `null` if they can. It is asked by unloading a model that cannot exist, which
 * changes nothing: a server with its autoscaler on answers something about that name; one without answers 503 or has no
 * such path.
 */
export async function autoscalerLack(call: Call, options?: ProtocolCallOptions): Promise<string | null> {
  const request = unloadRequest(NO_SUCH_MODEL);
  return capabilityLack(request, await ask(call, request, "find out whether models can be unloaded", options));
}

/**
 * Loads a model by `POST /autoscaler/load`.
 *
 * @throws {TargetError} If the server does not say that it did.
 */
export function load(call: Call, model: string, options?: ProtocolCallOptions): Promise<void> {
  const query = new URLSearchParams({ model_name: model, version: "v1" });
  return change(call, jsonRequest("POST", `/autoscaler/load?${query}`), `load the model "${model}"`, options);
}

/**
 * Unloads a model by `DELETE /autoscaler/unload`.
 *
 * @throws {TargetError} If the server does not say that it did.
 */
export function unload(call: Call, model: string, options?: ProtocolCallOptions): Promise<void> {
  return change(call, unloadRequest(model), `unload the model "${model}"`, options);
}

/**
 * Looks whether a model is gone, in two places: the list, and a tiny prediction request. A model that is listed as
 * loaded, or that answers under its own name, is not gone, whatever else is said.
 */
export async function verifyAbsent(call: Call, model: string, options?: ProtocolCallOptions): Promise<Absence> {
  const listed = (await fetchModels(call, options)).find(({ name }) => sameModel(name, model));
  const loaded = listed === undefined ? false : isLoaded(listed);
  if (loaded === true) return { absent: false, evidence: "GET /models says that it is loaded" };
  const inList = listed === undefined ? "GET /models does not list it" : "GET /models says that it is not loaded";
  // Another one each time: a server that keeps answers would give that of a model which is gone.
  const probe = jsonRequest("POST", predictPath(model), { inputs: crypto.randomUUID() });
  const answer = await ask(call, probe, `see whether the model "${model}" still answers`, options);
  const value = isRecord(answer.value) ? answer.value : {};
  const info = isRecord(value["model_info"]) ? value["model_info"] : {};
  const answeredBy = info["model"];
  if (succeeded(answer) && typeof answeredBy === "string" && sameModel(answeredBy, model)) {
    return { absent: false, evidence: "it still answers predictions" };
  }
  const refusal = succeeded(answer) && typeof answeredBy === "string"
    ? `a prediction is answered by "${answeredBy}" in its place`
    : `a prediction is refused with status ${answer.status}: ${answer.words}`;
  if (loaded === false) return { absent: true, evidence: `${inList}; ${refusal}` };
  // The list does not say, so the refusal must: a complaint about the tiny input proves nothing.
  const absent = refusal.startsWith("a prediction is answered") || saysGone(answer.status, answer.words);
  return { absent, evidence: `GET /models lists it without a state; ${refusal}` };
}

function saysGone(status: number, words: string): boolean {
  return status === 404 || status === 410 || status === 503 ||
    /not (loaded|found|available)|unknown model/i.test(words);
}

function unloadRequest(model: string): WireRequest {
  return jsonRequest("DELETE", `/autoscaler/unload?${new URLSearchParams({ model_name: model })}`);
}

async function change(
  call: Call,
  request: WireRequest,
  what: string,
  options: ProtocolCallOptions = {},
): Promise<void> {
  const answer = await ask(call, request, what, { timeoutMs: TIMEOUT_MS, ...options });
  if (!succeeded(answer)) throw unexpected(answer, request, what);
  if (!isRecord(answer.value) || answer.value["success"] !== true) {
    throw new TargetError(`Cannot ${what} as the server must say that it did: it answered "${answer.words}"`);
  }
}
