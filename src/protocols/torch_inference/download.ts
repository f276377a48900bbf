import { systemClock } from "../../core/clock.ts";
import { ExchangeError, TargetError } from "../../core/errors.ts";
import type { DownloadOptions, ProtocolCallOptions } from "../../core/protocol.ts";
import type { Call, CallOptions } from "../../core/transport.ts";
import { percentEncoded } from "../../core/untrusted/percent.ts";
import { pollUntil } from "../shared/poll.ts";
import {
  ask,
  isRecord,
  jsonRequest,
  numberOrNull,
  type ServerAnswer,
  succeeded,
  textOrNull,
  unexpected,
} from "../shared/server_answer.ts";
import { canonicalName } from "./aliases.ts";
import { knownModel, taskByName } from "./known_models.ts";
import { fetchDownloadable, fetchModels } from "./models.ts";

/** Longest wait without any progress, ms. */
const TIMEOUT_MS = 600_000;
/** Longest wait for one answer about a download that goes on: the server may be busy with it, ms. */
const ANSWER_MS = 10_000;
/** How long a model that was said to be there may take to be listed, ms. */
const LISTED_MS = 30_000;
/** How often it is said that it goes on, unless there is something new to say, ms. */
const STILL_MS = 15_000;
/** What is new: so many percent more. */
const STEP_PERCENT = 10;

const FAILED = /fail|error|cancel/i;

/** What a download is asked for by. */
interface Order {
  readonly source: string;
  readonly model_id: string;
  readonly name: string;
  readonly task: string;
}

/**
 * The name by which the server can fetch a model: one that it offers, by name or by the name at its source, or a published one.
 *
 * @param call Carries the question.
 * @param asked The name as it was given.
 * @returns `null` if it cannot.
 */
export async function downloadName(call: Call, asked: string, options?: ProtocolCallOptions): Promise<string | null> {
  return (await orderFor(call, asked, options))?.name ?? null;
}

/**
 * Has the server fetch a model and waits until `GET /models` lists it. Where the server tells of the download, by
 * `GET /models/download/status/ID`, its end is believed, and progress extends the wait.
 *
 * @param call Carries the calls.
 * @param model Name of the model.
 * @throws {TargetError} If the server refuses, fails, ends, does not know the model, or makes no progress for too long.
 */
export async function download(call: Call, model: string, options: DownloadOptions = {}): Promise<void> {
  const { onProgress, loadTimeoutMs = TIMEOUT_MS, ...callOptions } = options;
  const { signal } = callOptions;
  const what = `download the model "${model}"`;
  const order = await orderFor(call, model, callOptions);
  if (order === null) {
    const names = (await fetchDownloadable(call, callOptions)).map((entry) => entry.model.name).join(", ");
    const offers = names === "" ? "it offers none" : `it offers ${names}`;
    throw new TargetError(`Cannot ${what} as the server must know where to fetch it: ${offers}`);
  }
  const progress = new DownloadProgress(order.name, loadTimeoutMs, onProgress);
  progress.tell("");
  // An order that was lost may have come through: two of them could fetch the model twice.
  const answer = await place(call, order, what, { ...callOptions, timeoutMs: loadTimeoutMs, once: true });
  const { success, status, download_id: id } = isRecord(answer.value) ? answer.value : {};
  if (success === false || success !== true && textOrNull(status) === null || FAILED.test(textOrNull(status) ?? "")) {
    throw new TargetError(`Cannot ${what} as the server must fetch it: it answered "${answer.words}"`);
  }
  const look = { ...callOptions, timeoutMs: Math.min(ANSWER_MS, callOptions.timeoutMs ?? ANSWER_MS, loadTimeoutMs) };
  const isThere = async () => {
    const models = await unlessBusy(fetchModels(call, look), what);
    if (models?.some(({ name }) => name === order.name)) return true;
    if (textOrNull(id) !== null) await progress.follow(call, String(id), what, look);
    progress.still();
    return false;
  };
  await pollUntil(isThere, what, { signal, timeoutMs: loadTimeoutMs, lastSignMs: () => progress.lastSignMs });
}

/** An answer, or `null` where the server is too busy to give one; one that has ended is an error. */
async function unlessBusy<T>(answer: Promise<T>, what: string): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof TargetError && error.cause instanceof ExchangeError)) throw error;
    if (error.cause.reason === "timeout") return null;
    throw new TargetError(`Cannot ${what} as the server must stay: ${error.cause.message}`, { cause: error.cause });
  }
}

/** What is known and told of one download. */
class DownloadProgress {
  /** When the download was last seen to go on. */
  lastSignMs = -Infinity;
  readonly #startMs = systemClock.now();
  #toldMs = this.#startMs;
  #percent = 0;
  #toldPercent = 0;
  /** Whether the status was ever another than that it is done: some servers say that of any download. */
  #isTold = false;
  #doneMs: number | null = null;

  constructor(
    readonly model: string,
    readonly timeoutMs: number,
    readonly onProgress: (text: string) => void = () => {},
  ) {}

  /** Says how far it is. */
  tell(how: string): void {
    this.#toldMs = systemClock.now();
    this.onProgress(`downloading ${this.model}${how}, given up after ${this.timeoutMs / 1000} s without progress`);
  }

  /** Says that it goes on, now and then. */
  still(): void {
    if (systemClock.now() - this.#toldMs < STILL_MS && this.#percent < this.#toldPercent + STEP_PERCENT) return;
    this.#toldPercent = this.#percent;
    const seconds = Math.round((systemClock.now() - this.#startMs) / 1000);
    this.tell(`: ${this.#percent > 0 ? `${Math.round(this.#percent)}%, ` : ""}${seconds} s`);
  }

  /** Reads the server's own status; a server without one is let be. */
  async follow(call: Call, id: string, what: string, options: ProtocolCallOptions): Promise<void> {
    const request = jsonRequest("GET", `/models/download/status/${percentEncoded(id)}`);
    const answer = await unlessBusy(ask(call, request, what, options), what);
    if (answer === null || !succeeded(answer) || !isRecord(answer.value)) return;
    const status = textOrNull(answer.value["status"]) ?? "";
    if (FAILED.test(status)) {
      throw new TargetError(`Cannot ${what} as the server must fetch it: it says ${status}, "${answer.words}"`);
    }
    const percent = numberOrNull(answer.value["progress"]) ?? 0;
    if (percent > this.#percent && status !== "completed") this.lastSignMs = systemClock.now();
    this.#percent = Math.max(this.#percent, Math.min(percent, 100));
    if (status !== "completed") this.#isTold = true;
    else this.#doneMs ??= systemClock.now();
    if (this.#isTold && this.#doneMs !== null && systemClock.now() - this.#doneMs > LISTED_MS) {
      throw new TargetError(`Cannot ${what} as GET /models must list it: the server says ${status}, and lists it not`);
    }
  }
}

/** Some versions take the order as a JSON body, some as query parameters and answer the other with 400 or 422. */
async function place(call: Call, order: Order, what: string, options: CallOptions): Promise<ServerAnswer> {
  const asBody = jsonRequest("POST", "/models/download", order);
  const first = await ask(call, asBody, what, options);
  if (succeeded(first)) return first;
  if (first.status !== 400 && first.status !== 422) throw unexpected(first, asBody, what);
  const asQuery = jsonRequest("POST", `/models/download?${new URLSearchParams({ ...order })}`);
  const second = await ask(call, asQuery, what, options);
  if (succeeded(second)) return second;
  // The first refusal is the one with the reason if the second form is not known at all.
  throw [400, 404, 405, 422].includes(second.status)
    ? unexpected(first, asBody, what)
    : unexpected(second, asQuery, what);
}

async function orderFor(call: Call, asked: string, options?: ProtocolCallOptions): Promise<Order | null> {
  const available = await fetchDownloadable(call, options);
  const canonical = canonicalName(asked);
  // A server may use as a name what another takes for an alias, so the name as it was given comes first.
  const listed = available.find((entry) => entry.model.name === asked) ??
    available.find((entry) => entry.model.name === canonical || canonicalName(entry.model.name) === canonical) ??
    available.find((entry) => entry.modelId === asked);
  if (listed !== undefined) {
    const { name, source, task } = listed.model;
    return { source, model_id: listed.modelId, name, task: task ?? taskByName(name) ?? "" };
  }
  const known = knownModel(asked);
  return known === null ? null : { ...known, model_id: canonical, name: canonical };
}
