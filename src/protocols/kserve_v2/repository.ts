import { TargetError } from "../../core/errors.ts";
import type { Absence, ModelSummary, ProtocolCallOptions } from "../../core/protocol.ts";
import type { Call, WireRequest } from "../../core/transport.ts";
import { capabilityLack, NO_SUCH_MODEL, seen } from "../shared/capability_probe.ts";
import { loadRefusal } from "../shared/final_unload.ts";
import { pollUntil } from "../shared/poll.ts";
import {
  ask,
  isRecord,
  jsonRequest,
  type ServerAnswer,
  succeeded,
  textOrNull,
  unexpected,
} from "../shared/server_answer.ts";

const TIMEOUT_MS = 120_000;
const INDEX = jsonRequest("POST", "/v2/repository/index", {});

/** Why models are not listed, `null` if they are. */
export async function indexLack(call: Call, options?: ProtocolCallOptions): Promise<string | null> {
  const answer = await ask(call, INDEX, "find out whether models are listed", options);
  return succeeded(answer) && Array.isArray(answer.value) ? null : seen(INDEX, answer);
}

/**
 * Why models cannot be loaded and unloaded, `null` if they can; asked by unloading one that cannot exist, which changes
 * nothing.
 */
export async function modelControlLack(call: Call, options?: ProtocolCallOptions): Promise<string | null> {
  const request = control(NO_SUCH_MODEL, "unload");
  return capabilityLack(request, await ask(call, request, "find out whether models can be unloaded", options));
}

/**
 * The models of the repository; of several versions it is enough that one is ready.
 *
 * @throws {TargetError} If the server does not list them.
 */
export async function listModels(call: Call, options?: ProtocolCallOptions): Promise<ModelSummary[]> {
  const what = "list the models";
  const answer = await ask(call, INDEX, what, options);
  if (!succeeded(answer) || !Array.isArray(answer.value)) throw unexpected(answer, INDEX, what);
  const models = new Map<string, ModelSummary>();
  for (const entry of answer.value) {
    const name = isRecord(entry) ? textOrNull(entry["name"]) : null;
    if (!isRecord(entry) || name === null) continue;
    const state = textOrNull(entry["state"]);
    const loaded = state === null ? null : state === "READY";
    const before = models.get(name);
    if (before?.loaded !== true) models.set(name, { name, loaded, description: textOrNull(entry["reason"]) });
  }
  return [...models.values()];
}

/**
 * Loads a model and waits until it is ready.
 *
 * @throws {TargetError} If the server refuses or the model is not ready in time.
 */
export async function load(call: Call, model: string, options: ProtocolCallOptions = {}): Promise<void> {
  const { signal, timeoutMs = TIMEOUT_MS } = options;
  const what = `load the model "${model}"`;
  await change(call, control(model, "load"), what, { ...options, timeoutMs });
  const ready = async () => isReady(await askReady(call, model, signal === undefined ? {} : { signal }));
  await pollUntil(ready, what, { signal, timeoutMs });
}

/**
 * Unloads a model. The server may still be at it when it answers.
 *
 * @throws {TargetError} If the server refuses.
 */
export function unload(call: Call, model: string, options: ProtocolCallOptions = {}): Promise<void> {
  return change(call, control(model, "unload"), `unload the model "${model}"`, { timeoutMs: TIMEOUT_MS, ...options });
}

/** What KServe's SDK calls itself. Its unload deletes the model's object, and its load brings none back. */
const UNLOADS_FOR_GOOD = "kserve";

/**
 * Why a model could not be loaded again: the server is known for it, has no load, does not keep the model in its
 * repository, or refuses to load it.
 *
 * @param server Name of the server, or `null`.
 * @param indexed Whether it lists its repository.
 * @returns What was seen, `null` if nothing.
 */
export async function whyUnloadIsFinal(
  call: Call,
  model: string,
  server: string | null,
  indexed: boolean,
  options?: ProtocolCallOptions,
): Promise<string | null> {
  if (server?.toLowerCase() === UNLOADS_FOR_GOOD) {
    return `GET /v2 names the server ${server}, whose load brings no model back`;
  }
  const probe = control(NO_SUCH_MODEL, "load");
  const noLoad = capabilityLack(probe, await ask(call, probe, "find out whether models can be loaded", options));
  if (noLoad !== null) return noLoad;
  if (indexed && !(await listModels(call, options)).some(({ name }) => name === model)) {
    return "the repository's index does not list it";
  }
  return await loadRefusal(() => load(call, model, options));
}

/** Looks whether a model is gone: it must not be ready, and the index, where there is one, must say the same. */
export async function verifyAbsent(
  call: Call,
  model: string,
  indexed: boolean,
  options?: ProtocolCallOptions,
): Promise<Absence> {
  const path = readyRequest(model).path;
  const ready = await askReady(call, model, options);
  if (isReady(ready)) return { absent: false, evidence: `GET ${path} says that it is ready` };
  const refusal = `GET ${path} answers status ${ready.status}${ready.words === "" ? "" : `: ${ready.words}`}`;
  if (!indexed) return { absent: true, evidence: refusal };
  const answer = await ask(call, INDEX, "list the models", options);
  const entries = Array.isArray(answer.value) ? answer.value.filter(isRecord) : [];
  const states = entries.filter(({ name }) => name === model).map(({ state }) => textOrNull(state) ?? "no state");
  const gone = states.every((state) => state === "UNAVAILABLE");
  const listed = states.length === 0 ? "the index does not list it" : `the index says ${states.join(", ")}`;
  return { absent: succeeded(answer) && gone, evidence: `${refusal}; ${listed}` };
}

function isReady(answer: ServerAnswer): boolean {
  return succeeded(answer) && !(isRecord(answer.value) && answer.value["ready"] === false);
}

function askReady(call: Call, model: string, options?: ProtocolCallOptions): Promise<ServerAnswer> {
  return ask(call, readyRequest(model), `see whether the model "${model}" is ready`, options);
}

function readyRequest(model: string): WireRequest {
  return jsonRequest("GET", `/v2/models/${encodeURIComponent(model)}/ready`);
}

function control(model: string, action: "load" | "unload"): WireRequest {
  return jsonRequest("POST", `/v2/repository/models/${encodeURIComponent(model)}/${action}`, {});
}

async function change(call: Call, request: WireRequest, what: string, options: ProtocolCallOptions): Promise<void> {
  const answer = await ask(call, request, what, options);
  if (!succeeded(answer)) throw unexpected(answer, request, what);
  if (isRecord(answer.value) && textOrNull(answer.value["error"]) !== null) {
    throw new TargetError(`Cannot ${what} as the server must do it: it answered "${answer.words}"`);
  }
}
