import { TargetError } from "../../core/errors.ts";
import type { InputSpec } from "../../core/model_input.ts";
import type { DownloadableModel, ModelDescription, ModelSummary, ProtocolCallOptions } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { askIfOffered, seen } from "../shared/capability_probe.ts";
import { isDatatype } from "../shared/datatypes.ts";
import { DEFAULT_WORDS, guessedImage, inputByName, textInput } from "../shared/model_families.ts";
import {
  ask,
  askForObject,
  isRecord,
  jsonRequest,
  numberOrNull,
  succeeded,
  textOrNull,
} from "../shared/server_answer.ts";
import { UnknownInputError } from "../shared/unknown_input_error.ts";

/** The original's model for trying it out. It takes anything: a number, or a list, which it fills up or cuts to ten. */
const EXAMPLE = "example";
const NUMBER: InputSpec = { kind: "tensors", tensors: [{ name: "input", datatype: "FP32", shape: [] }] };

/** What the server says of one model, as it says it. */
export interface ListedModel {
  /** Name to ask for it by. */
  readonly name: string;
  /** Whether it is in `models`; some servers list only what is loaded there, and describe more in `model_info`. */
  readonly listed: boolean;
  /** Its entry of `model_info`, empty if it has none. */
  readonly info: Readonly<Record<string, unknown>>;
}

/**
 * `GET /models`: what it lists and what it describes.
 *
 * @throws {NotOfferedError} If there is no such route.
 */
export async function fetchModels(call: Call, options?: ProtocolCallOptions): Promise<ListedModel[]> {
  const what = "list the models";
  const answer = await askIfOffered(call, jsonRequest("GET", "/models"), what, options);
  const { models, model_info: info } = answer;
  if (!Array.isArray(models)) {
    throw new TargetError(`Cannot ${what} as GET /models must hold a list "models": found ${typeof models}`);
  }
  const listed = models.filter((name) => typeof name === "string");
  const described = isRecord(info) ? info : {};
  return [...new Set([...listed, ...Object.keys(described)])].map((name) => {
    const entry = Object.hasOwn(described, name) ? described[name] : undefined;
    return { name, listed: listed.includes(name), info: isRecord(entry) ? entry : {} };
  });
}

/** A model for people. */
export function summaryOf(model: ListedModel): ModelSummary {
  return { name: model.name, loaded: isLoaded(model), description: textOrNull(model.info["description"]) };
}

/** Whether the server says that a model is loaded, `null` if it does not say. */
export function isLoaded({ listed, info }: ListedModel): boolean | null {
  return typeof info["loaded"] === "boolean" ? info["loaded"] : listed ? null : false;
}

/**
 * What is known of a listed model.
 *
 * @throws {UnknownInputError} If neither the server nor the name says what it takes.
 */
export function descriptionOf({ name, info }: ListedModel): ModelDescription {
  const known = {
    name,
    maxBatchSize: numberOrNull(info["max_batch_size"]),
    device: textOrNull(info["device"]),
  };
  const input = statedInput(info) ?? inputByName(name);
  if (input === null) throw new UnknownInputError(known, undefined, name === EXAMPLE ? NUMBER : null);
  return { ...known, input };
}

/** A model that the server could fetch, with the name that its source knows it by. */
export interface AvailableModel {
  /** The model. */
  readonly model: DownloadableModel;
  /** Name at the source. */
  readonly modelId: string;
}

/** `GET /models/available`: what it offers. */
export async function fetchDownloadable(
  call: Call,
  options?: ProtocolCallOptions,
): Promise<AvailableModel[]> {
  const what = "list the downloadable models";
  const { available_models: available } = await askForObject(
    call,
    jsonRequest("GET", "/models/available"),
    what,
    options,
  );
  if (!isRecord(available)) {
    throw new TargetError(
      `Cannot ${what} as GET /models/available must hold an object "available_models": found ${typeof available}`,
    );
  }
  return Object.entries(available).map(([key, entry]) => {
    const said = isRecord(entry) ? entry : {};
    const megabytes = numberOrNull(said["size_mb"]);
    const name = textOrNull(said["name"]) ?? key;
    const model = {
      name,
      source: textOrNull(said["source"]) ?? "unknown",
      task: textOrNull(said["task"]),
      sizeBytes: megabytes === null ? null : Math.round(megabytes * 1e6),
    };
    return { model, modelId: textOrNull(said["model_id"]) ?? name };
  });
}

/** Why nothing can be downloaded, `null` if `GET /models/available` offers something to fetch. */
export async function downloadLack(call: Call, options?: ProtocolCallOptions): Promise<string | null> {
  const request = jsonRequest("GET", "/models/available");
  const answer = await ask(call, request, "find out what can be downloaded", options);
  const offers = succeeded(answer) && isRecord(answer.value) && isRecord(answer.value["available_models"]);
  return offers ? null : seen(request, answer);
}

function statedInput(info: Readonly<Record<string, unknown>>): InputSpec | null {
  const type = info["input_type"];
  if (type === "text") return textInput(Math.min(numberOrNull(info["max_tokens"]) ?? DEFAULT_WORDS, DEFAULT_WORDS));
  const shape = statedShape(info["input_shape"]);
  if (shape !== null) {
    const datatype = isDatatype(info["datatype"]) ? info["datatype"] : "FP32";
    return { kind: "tensors", tensors: [{ name: "input", datatype, shape }] };
  }
  return type === "image" ? guessedImage() : null;
}

/** Dimensions of one item. Four of them with 1 or none first are an image with its batch dimension. */
function statedShape(value: unknown): number[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const shape = value.map((dimension) => dimension === null ? -1 : dimension);
  if (!shape.every((dimension) => Number.isInteger(dimension) && (dimension > 0 || dimension === -1))) return null;
  return shape.length === 4 && (shape[0] === 1 || shape[0] === -1) ? shape.slice(1) : shape;
}
