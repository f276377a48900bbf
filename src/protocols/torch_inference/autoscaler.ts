import { TargetError } from "../../core/errors.ts";
import { loading } from "../../core/patience/loading.ts";
import type { Absence, ProtocolCallOptions } from "../../core/protocol.ts";
import type { Call, WireRequest } from "../../core/transport.ts";
import { NotOfferedError, seen } from "../shared/capability_probe.ts";
import { loadRefusal } from "../shared/final_unload.ts";
import { ask, isRecord, jsonRequest, succeeded, unexpected } from "../shared/server_answer.ts";
import { sameModel } from "./aliases.ts";
import { predictPath } from "./encode.ts";
import { fetchModels, isLoaded } from "./models.ts";

const STATS = jsonRequest("GET", "/autoscaler/stats");
/** What a server without the path, the method or the autoscaler answers. */
const NOT_OFFERED = [404, 405, 501, 503];

/**
 * Why models cannot be loaded and unloaded, as far as that shows without doing either; `null` where nothing speaks against
 * it. A server of this contract that lacks what is asked, the autoscaler's own figures, may still load and unload: that is
 * found out by {@linkcode whyUnloadIsFinal} when it is first wanted.
 */
export async function autoscalerLack(call: Call, options?: ProtocolCallOptions): Promise<string | null> {
  const answer = await ask(call, STATS, "find out whether models can be unloaded", options);
  return answer.status === 501 || answer.status === 503 ? seen(STATS, answer) : null;
}

/** Why a loaded model, once unloaded, could not be loaded again, found out by loading it; `null` if nothing shows that. */
export async function whyUnloadIsFinal(
  call: Call,
  model: string,
  options?: ProtocolCallOptions,
): Promise<string | null> {
  try {
    return await loadRefusal(() => load(call, model, options));
  } catch (error) {
    if (!(error instanceof NotOfferedError)) throw error;
    return error.found;
  }
}

/**
 * Loads a model by `POST /autoscaler/load`.
 *
 * @throws {NotOfferedError} If the server loads no models at all.
 * @throws {TargetError} If the server does not say that it did.
 */
export function load(call: Call, model: string, options?: ProtocolCallOptions): Promise<void> {
  const query = new URLSearchParams({ model_name: model, version: "v1" });
  return change(call, model, jsonRequest("POST", `/autoscaler/load?${query}`), "load", loading(options));
}

/**
 * Unloads a model by `DELETE /autoscaler/unload`.
 *
 * @throws {NotOfferedError} If the server unloads no models at all.
 * @throws {TargetError} If the server does not say that it did.
 */
export function unload(call: Call, model: string, options?: ProtocolCallOptions): Promise<void> {
  const query = new URLSearchParams({ model_name: model });
  return change(call, model, jsonRequest("DELETE", `/autoscaler/unload?${query}`), "unload", options);
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
  // Of its own each time: a cache of answers outlives the model.
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
  return status === 404 || status === 410 || /not (loaded|found|available)|unknown model/i.test(words);
}

async function change(
  call: Call,
  model: string,
  request: WireRequest,
  verb: string,
  options: ProtocolCallOptions = {},
): Promise<void> {
  const what = `${verb} the model "${model}"`;
  const answer = await ask(call, request, what, options);
  // A complaint about the model itself comes from something that knows models.
  if (NOT_OFFERED.includes(answer.status) && !answer.words.split(/[\s'":;,()]+/).includes(model)) {
    throw new NotOfferedError(what, seen(request, answer));
  }
  if (!succeeded(answer)) throw unexpected(answer, request, what);
  if (!isRecord(answer.value) || answer.value["success"] !== true) {
    throw new TargetError(`Cannot ${what} as the server must say that it did: it answered "${answer.words}"`);
  }
}
