import { TargetError } from "../../core/errors.ts";
import { loading } from "../../core/patience/loading.ts";
import type { Absence, ModelSummary, ProtocolCallOptions } from "../../core/protocol.ts";
import type { Call, WireRequest } from "../../core/transport.ts";
import { percentEncoded } from "../../core/untrusted/percent.ts";
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
import { refusalShowsAbsence } from "../shared/shown_absence.ts";
import { isReady, type Readiness } from "./readiness.ts";

const INDEX = jsonRequest("POST", "/v2/repository/index", {});
/** What lists models, the best first: KServe's own server has no index, and some have only the older protocol's list. */
const LISTS = [INDEX, jsonRequest("GET", "/v2/models"), jsonRequest("GET", "/v1/models")];

/** How a server lists its models. */
export interface Listing {
  /** What it is asked by. */
  readonly request: WireRequest;
  /** Whether that tells the models' states. */
  readonly isIndex: boolean;
  /** Names of the models that were listed when it was found. */
  readonly names: readonly string[];
}

/** How models are listed, or why they are not. */
export async function findListing(call: Call, options?: ProtocolCallOptions): Promise<Listing | string> {
  let lack = "";
  for (const request of LISTS) {
    const answer = await ask(call, request, "find out whether models are listed", options);
    const entries = entriesOf(answer, null);
    if (entries !== null) return { request, isIndex: request === INDEX, names: entries.map(({ name }) => name) };
    // A list that failed says more than one that is not there.
    if (lack === "" || answer.status >= 500) lack = seen(request, answer);
  }
  return lack;
}

/**
 * The models of a list, an object for each or only a name; `null` if the answer is none.
 *
 * @param unstated Whether those are loaded of which it tells no state.
 */
function entriesOf(answer: ServerAnswer, unstated: false | null): ModelSummary[] | null {
  const list = isRecord(answer.value) ? answer.value["models"] : answer.value;
  if (!succeeded(answer) || !Array.isArray(list)) return null;
  return list.flatMap((entry) => {
    const fields: Readonly<Record<string, unknown>> = isRecord(entry) ? entry : { name: entry };
    const name = textOrNull(fields["name"]), state = textOrNull(fields["state"]);
    const loaded = state === null ? unstated : state === "READY";
    const isLoading = state === "LOADING" && { isLoading: true };
    return name === null ? [] : [{ name, loaded, ...isLoading, description: textOrNull(fields["reason"]) }];
  });
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
 * The models of the server; of several versions it is enough that one is ready.
 *
 * @param loads Whether the server loads models when it is told to, and its index tells no state of those that it never loaded.
 * @throws {TargetError} If the server does not list them.
 */
export async function listModels(
  call: Call,
  { request, isIndex }: Listing,
  loads: boolean,
  options?: ProtocolCallOptions,
): Promise<ModelSummary[]> {
  const what = "list the models";
  const answer = await ask(call, request, what, options);
  const entries = entriesOf(answer, isIndex && loads ? false : null);
  if (entries === null) throw unexpected(answer, request, what);
  const models = new Map<string, ModelSummary>();
  for (const entry of entries) {
    const { loaded = null, isLoading = false } = models.get(entry.name) ?? {};
    if (entry.loaded || loaded !== true && !isLoading) models.set(entry.name, entry);
  }
  return [...models.values()];
}

/**
 * Loads a model and waits until it is ready.
 *
 * @throws {TargetError} If the server refuses or the model is not ready in time.
 */
export async function load(
  call: Call,
  model: string,
  readiness: Readiness,
  options: ProtocolCallOptions = {},
): Promise<void> {
  const what = `load the model "${model}"`;
  await change(call, control(model, "load"), what, loading(options));
  const ready = async () => isReady(await readiness.ask(model, options));
  await pollUntil(ready, what, { signal: options.signal, timeoutMs: loading(options).timeoutMs });
}

/**
 * Unloads a model. The server may still be at it when it answers.
 *
 * @throws {TargetError} If the server refuses.
 */
export function unload(call: Call, model: string, options: ProtocolCallOptions = {}): Promise<void> {
  return change(call, control(model, "unload"), `unload the model "${model}"`, options);
}

/** What KServe's SDK calls itself. Its unload deletes the model's object, and its load brings none back. */
const UNLOADS_FOR_GOOD = "kserve";

/**
 * Why a model could not be loaded again: the server is known for it, has no load, does not keep the model in its
 * repository, or, where it lists none, refuses to load it.
 *
 * @param server Name of the server, or `null`.
 * @param listing How it lists its models; `null` if it does not.
 * @param readiness Whether its models are ready.
 * @returns What was seen, `null` if nothing.
 */
export async function whyUnloadIsFinal(
  call: Call,
  model: string,
  server: string | null,
  listing: Listing | null,
  readiness: Readiness,
  options?: ProtocolCallOptions,
): Promise<string | null> {
  if (server?.toLowerCase() === UNLOADS_FOR_GOOD) {
    return `GET /v2 names the server ${server}, whose load brings no model back`;
  }
  const probe = control(NO_SUCH_MODEL, "load");
  // A load, which a server may put behind others: it is waited for as one.
  const noLoad = capabilityLack(
    probe,
    await ask(call, probe, "find out whether models can be loaded", loading(options)),
  );
  if (noLoad !== null) return noLoad;
  if (listing?.isIndex) {
    const isKept = (await listModels(call, listing, true, options)).some(({ name }) => name === model);
    return isKept ? null : "the repository's index does not list it";
  }
  // Many servers load a loaded model once more, which takes its time and memory: only where nothing else tells.
  return await loadRefusal(() => load(call, model, readiness, options));
}

/** Looks whether a model is gone: it must not be ready, and the index, where there is one, must say the same. */
export async function verifyAbsent(
  call: Call,
  model: string,
  indexed: boolean,
  readiness: Readiness,
  options?: ProtocolCallOptions,
): Promise<Absence> {
  const { path } = readiness.question(model);
  const ready = await readiness.ask(model, options);
  if (isReady(ready)) return { absent: false, evidence: `GET ${path} says that it is ready` };
  const refusal = `GET ${path} answers status ${ready.status}${ready.words === "" ? "" : `: ${ready.words}`}`;
  const isSaid = succeeded(ready) || refusalShowsAbsence(ready, readiness.question(model));
  if (!indexed) return { absent: isSaid, evidence: refusal };
  const answer = await ask(call, INDEX, "list the models", options);
  const entries = Array.isArray(answer.value) ? answer.value.filter(isRecord) : [];
  const states = entries.filter(({ name }) => name === model).map(({ state }) => textOrNull(state));
  const gone = states.every((state) => state === "UNAVAILABLE" || state === null && isSaid);
  const told = states.map((state) => state ?? "no state").join(", ");
  const listed = states.length === 0 ? "the index does not list it" : `the index says ${told}`;
  const isGoing = states.includes("UNLOADING");
  return { absent: succeeded(answer) && gone, evidence: `${refusal}; ${listed}`, ...isGoing ? { isGoing } : {} };
}

function control(model: string, action: "load" | "unload"): WireRequest {
  return jsonRequest("POST", `/v2/repository/models/${percentEncoded(model)}/${action}`, {});
}

async function change(call: Call, request: WireRequest, what: string, options: ProtocolCallOptions): Promise<void> {
  const answer = await ask(call, request, what, options);
  if (!succeeded(answer)) throw unexpected(answer, request, what);
  if (isRecord(answer.value) && textOrNull(answer.value["error"]) !== null) {
    throw new TargetError(`Cannot ${what} as the server must do it: it answered "${answer.words}"`);
  }
}
