import { TargetError } from "../../core/errors.ts";
import type { ProtocolCallOptions } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { inputByName } from "../shared/model_families.ts";
import { pollUntil } from "../shared/poll.ts";
import { ask, isRecord, jsonRequest, type ServerAnswer, succeeded, unexpected } from "../shared/server_answer.ts";
import { canonicalName, sameModel } from "./aliases.ts";
import { fetchDownloadable, fetchModels } from "./models.ts";

const TIMEOUT_MS = 600_000;

/** What a download is asked for by. */
interface Order {
  readonly source: string;
  readonly model_id: string;
  readonly name: string;
  readonly task: string;
}

/**
 * Has the server fetch a model and waits until `GET /models` lists it.
 *
 * @param call Carries the calls.
 * @param model Name of the model.
 * @throws {TargetError} If the server refuses, fails, does not know the model or is not done in time.
 */
export async function download(call: Call, model: string, options: ProtocolCallOptions = {}): Promise<void> {
  const { signal, timeoutMs = TIMEOUT_MS } = options;
  const what = `download the model "${model}"`;
  const order = await orderFor(call, model, options);
  const answer = await place(call, order, what, { ...options, timeoutMs });
  const { success, status } = isRecord(answer.value) ? answer.value : {};
  if (success !== true || status === "failed") {
    throw new TargetError(`Cannot ${what} as the server must fetch it: it answered "${answer.words}"`);
  }
  const there = async () => (await fetchModels(call, signal ? { signal } : {})).some(({ name }) => name === order.name);
  await pollUntil(there, what, { signal, timeoutMs });
}

/** Some versions take the order as a JSON body, some as query parameters and answer the other with 400 or 422. */
async function place(call: Call, order: Order, what: string, options: ProtocolCallOptions): Promise<ServerAnswer> {
  const asBody = jsonRequest("POST", "/models/download", order);
  const first = await ask(call, asBody, what, options);
  if (succeeded(first)) return first;
  if (first.status !== 400 && first.status !== 422) throw unexpected(first, asBody, what);
  const asQuery = jsonRequest("POST", `/models/download?${new URLSearchParams({ ...order })}`);
  const second = await ask(call, asQuery, what, options);
  // The first refusal is the one with the reason if the second form is not known at all.
  if (!succeeded(second)) throw unexpected(first, asBody, what);
  return second;
}

async function orderFor(call: Call, model: string, options: ProtocolCallOptions): Promise<Order> {
  const { signal } = options;
  const available = await fetchDownloadable(call, signal ? { signal } : {});
  const listed = available.find((entry) => entry.model.name === model) ??
    available.find((entry) => entry.modelId === model || sameModel(entry.model.name, model));
  if (listed !== undefined) {
    const { name, source, task } = listed.model;
    return { source, model_id: listed.modelId, name, task: task ?? taskByName(name) ?? "" };
  }
  const task = taskByName(model);
  if (task !== null) {
    const source = task === "image-classification" ? "torchvision" : "huggingface";
    return { source, model_id: canonicalName(model), name: model, task };
  }
  const names = available.map((entry) => entry.model.name).join(", ");
  throw new TargetError(
    `Cannot download the model "${model}" as the server must know where to fetch it: ` +
      (names === "" ? "it offers none" : `it offers ${names}`),
  );
}

function taskByName(model: string): string | null {
  const input = inputByName(model);
  if (input === null) return null;
  return input.kind === "text" ? "text-classification" : "image-classification";
}
