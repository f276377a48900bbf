import type { ModelDetection } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { percentEncoded } from "../../core/untrusted/percent.ts";
import { isRecord, jsonRequest, readAnswer, type ServerAnswer, succeeded } from "../shared/server_answer.ts";

/** What else stands in a model's metadata besides its name. */
const FIELDS = ["inputs", "outputs", "platform", "versions"];

/**
 * Whether a server speaks the Open Inference Protocol, by its list of models, or by the metadata or the readiness of one: a
 * gateway may let nothing else through.
 *
 * @param call Carries the questions.
 * @param options The model, `null` where none is named.
 * @returns What was seen, `null` if nothing.
 */
export async function detectByModels(call: Call, { model, ...options }: ModelDetection): Promise<string | null> {
  const get = async (path: string) => readAnswer(await call(jsonRequest("GET", path), options));
  if (listsModels(await get("/v2/models"))) return "GET /v2/models lists models";
  if (model === null) return null;
  const path = `/v2/models/${percentEncoded(model)}`;
  if (isMetadata(await get(path), model)) return `GET ${path} describes the model`;
  const ready = await get(`${path}/ready`);
  const tells = succeeded(ready) && isRecord(ready.value) && typeof ready.value["ready"] === "boolean";
  return tells ? `GET ${path}/ready says whether the model is ready` : null;
}

function listsModels(answer: ServerAnswer): boolean {
  const list = isRecord(answer.value) ? answer.value["models"] : answer.value;
  if (!succeeded(answer) || !Array.isArray(list) || list.length === 0) return false;
  return list.every((entry) => typeof entry === "string" || isRecord(entry) && typeof entry["name"] === "string");
}

function isMetadata(answer: ServerAnswer, model: string): boolean {
  const { value } = answer;
  if (!succeeded(answer) || !isRecord(value) || typeof value["name"] !== "string") return false;
  return value["name"] === model || FIELDS.some((field) => field in value);
}
