import { isConnectionLost, TargetError } from "../../core/errors.ts";
import { loading } from "../../core/patience/loading.ts";
import type { ProtocolCallOptions } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { percentEncoded } from "../../core/untrusted/percent.ts";
import {
  ask,
  isRecord,
  jsonRequest,
  numberOrNull,
  succeeded,
  textOrNull,
  unexpected,
} from "../shared/server_answer.ts";

/** One worker process of a model. */
export interface Worker {
  /** Its name. */
  readonly id: string;
  /** `READY` once it serves. */
  readonly status: string;
  /** Process id, or `null` while there is none. */
  readonly pid: number | null;
  /** Resident memory, bytes; `null` until TorchServe has looked, which it does once a minute. */
  readonly residentBytes: number | null;
}

/** How a model is registered: what `GET /models/{model}` says. */
export interface Registration {
  /** Name of the model. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** Where its archive is, in the words of the registration; `null` if unknown. */
  readonly url: string | null;
  /** Fewest workers. */
  readonly minWorkers: number;
  /** Most workers. */
  readonly maxWorkers: number;
  /** Most requests of one execution. */
  readonly batchSize: number;
  /** Longest that a request waits for others, ms. */
  readonly maxBatchDelayMs: number;
  /** How long a worker may take to answer, s; `null` if unknown. */
  readonly responseTimeoutS: number | null;
  /** How long a worker may take to start, s; `null` if unknown. */
  readonly startupTimeoutS: number | null;
  /** `cpu`, `gpu` or `null`. */
  readonly device: string | null;
  /** Its processes. */
  readonly workers: readonly Worker[];
}

/** Path of a model in the management API. */
export function modelPath(model: string): string {
  return `/models/${percentEncoded(model)}`;
}

/**
 * How a model is registered: its default version.
 *
 * @returns `null` if it is not.
 * @throws {TargetError} If the management API does not answer, or otherwise.
 */
export async function fetchRegistration(
  call: Call,
  model: string,
  options?: ProtocolCallOptions,
): Promise<Registration | null> {
  const what = `describe the model "${model}"`;
  const request = jsonRequest("GET", modelPath(model));
  const answer = await ask(call, request, what, options);
  if (answer.status === 404) return null;
  const [entry] = Array.isArray(answer.value) ? answer.value : [];
  if (!succeeded(answer) || !isRecord(entry)) throw unexpected(answer, request, what);
  return parseRegistration(model, entry);
}

function parseRegistration(name: string, entry: Readonly<Record<string, unknown>>): Registration {
  const count = (field: string, otherwise: number) => numberOrNull(entry[field]) ?? otherwise;
  const workers = Array.isArray(entry["workers"]) ? entry["workers"].filter(isRecord).map(parseWorker) : [];
  return {
    name,
    version: textOrNull(entry["modelVersion"]) ?? "1.0",
    url: textOrNull(entry["modelUrl"]),
    minWorkers: count("minWorkers", workers.length),
    maxWorkers: count("maxWorkers", workers.length),
    batchSize: count("batchSize", 1),
    maxBatchDelayMs: count("maxBatchDelay", 100),
    responseTimeoutS: numberOrNull(entry["responseTimeout"]),
    startupTimeoutS: numberOrNull(entry["startupTimeout"]),
    device: textOrNull(entry["deviceType"]),
    workers,
  };
}

function parseWorker(worker: Readonly<Record<string, unknown>>): Worker {
  const positive = (value: unknown) => {
    const number = numberOrNull(value);
    return number !== null && number > 0 ? number : null;
  };
  return {
    id: textOrNull(worker["id"]) ?? "?",
    status: textOrNull(worker["status"]) ?? "unknown",
    pid: positive(worker["pid"]),
    residentBytes: positive(worker["memoryUsage"]),
  };
}

/**
 * Names of all registered models.
 *
 * @throws {TargetError} If the management API does not answer, or otherwise.
 */
export async function fetchModelNames(call: Call, options?: ProtocolCallOptions): Promise<string[]> {
  const what = "list the models";
  const names: string[] = [];
  for (let next: string | null = ""; next !== null;) {
    const request = jsonRequest("GET", next === "" ? "/models" : `/models?next_page_token=${percentEncoded(next)}`);
    const answer = await ask(call, request, what, options);
    if (!succeeded(answer) || !isRecord(answer.value) || !Array.isArray(answer.value["models"])) {
      throw unexpected(answer, request, what);
    }
    for (const entry of answer.value["models"]) {
      const name = isRecord(entry) ? textOrNull(entry["modelName"]) : null;
      if (name !== null) names.push(name);
    }
    const token: string | null = textOrNull(answer.value["nextPageToken"]);
    next = token === next ? null : token;
  }
  return names;
}

/** How all registered models are registered; one that is removed meanwhile is left out. */
export async function fetchRegistrations(call: Call, options?: ProtocolCallOptions): Promise<Registration[]> {
  const found: Registration[] = [];
  for (const name of await fetchModelNames(call, options)) {
    const registration = await fetchRegistration(call, name, options);
    if (registration !== null) found.push(registration);
  }
  return found;
}

/** The workers that serve. */
export function readyWorkers({ workers }: Registration): readonly Worker[] {
  return workers.filter(({ status }) => status === "READY");
}

/** Whether a worker serves; `null` while there is one that does not yet: requests then wait for it. */
export function isServing(registration: Registration): boolean | null {
  return readyWorkers(registration).length > 0 ? true : registration.workers.length > 0 ? null : false;
}

/**
 * Registers a model from its archive, with the number of workers that is wanted, and waits until they are there.
 *
 * @param call Carries it to the management API.
 * @param registration How: `minWorkers` are started.
 * @throws {TargetError} If TorchServe refuses, or does not keep to it: what `config.properties` says of a model wins.
 */
export async function register(
  call: Call,
  registration: Registration,
  options?: ProtocolCallOptions,
): Promise<void> {
  const { name, url, minWorkers, batchSize, maxBatchDelayMs, responseTimeoutS, startupTimeoutS } = registration;
  const what = `register the model "${name}"`;
  if (url === null) throw new TargetError(`Cannot ${what} as its archive's URL must be known: TorchServe does not say`);
  const query = new URLSearchParams({
    url,
    model_name: name,
    initial_workers: String(minWorkers),
    synchronous: "true",
    batch_size: String(batchSize),
    max_batch_delay: String(maxBatchDelayMs),
    ...responseTimeoutS === null ? {} : { response_timeout: String(responseTimeoutS) },
    ...startupTimeoutS === null ? {} : { startup_timeout: String(startupTimeoutS) },
  });
  const request = jsonRequest("POST", `/models?${query}`);
  const answer = await ask(call, request, what, { ...loading(options), once: true }).catch(async (error) => {
    if (!isConnectionLost(error)) throw error;
    // A second registration of one that came through would be refused: TorchServe is asked whether it did.
    return await fetchRegistration(call, name, options) !== null
      ? null
      : await ask(call, request, what, loading(options));
  });
  if (answer !== null && !succeeded(answer)) throw unexpected(answer, request, what);
}

/**
 * Removes a model's registration.
 *
 * @throws {TargetError} If TorchServe refuses.
 */
export async function unregister(call: Call, model: string, options?: ProtocolCallOptions): Promise<void> {
  const what = `unload the model "${model}" by removing its registration`;
  const request = jsonRequest("DELETE", modelPath(model));
  const answer = await ask(call, request, what, options);
  if (!succeeded(answer) && answer.status !== 404) throw unexpected(answer, request, what);
}

/**
 * Sets how many workers a model has and waits until it is so.
 *
 * @param purpose What it is for: the beginning of the message.
 * @throws {TargetError} If TorchServe refuses.
 */
export async function scaleWorkers(
  call: Call,
  model: string,
  { minWorkers, maxWorkers }: Pick<Registration, "minWorkers" | "maxWorkers">,
  purpose: string,
  options?: ProtocolCallOptions,
): Promise<void> {
  const query = `min_worker=${minWorkers}&max_worker=${maxWorkers}&synchronous=true`;
  const request = jsonRequest("PUT", `${modelPath(model)}?${query}`);
  const answer = await ask(call, request, purpose, options);
  if (!succeeded(answer)) throw unexpected(answer, request, purpose);
}
