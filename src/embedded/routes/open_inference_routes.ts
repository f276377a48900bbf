import { concatenate } from "../../core/concatenate.ts";
import { VERSION } from "../../core/version.ts";
import { decodeTexts, JSON_LENGTH_HEADER, parseInferRequest } from "./binary_tensors.ts";
import { CATALOG, type CatalogModel, findModel, WEIGHTS } from "../models/catalog.ts";
import { type Exchange, isRecord, type Route } from "./http.ts";
import type { Items } from "./items.ts";
import type { ModelService } from "../model_service.ts";
import { checkBatchSize, flattenNumbers, textItems } from "./read_items.ts";
import { RequestError } from "./request_error.ts";
import { tritonStatistics } from "./triton_statistics.ts";

const OUTPUT = "logits";
const SERVER = { name: "torchgauge-embedded", version: VERSION };
const EXTENSIONS = ["model_repository", "statistics", "binary_tensor_data"];
const MODEL = "^/v2/models/([^/]+)(?:/versions/([^/]+))?";
const REPOSITORY = "^/v2/repository/models/([^/]+)";

/**
 * The Open Inference Protocol (KServe v2) over REST with Triton's extensions for the model repository, statistics and
 * binary tensors.
 *
 * @param service The models.
 */
export function openInferenceRoutes(service: ModelService): Route[] {
  const ready = (exchange: Exchange) => readyModel(service, exchange);
  return [
    { method: "GET", path: /^\/v2\/?$/, handle: () => Response.json({ ...SERVER, extensions: EXTENSIONS }) },
    { method: "GET", path: /^\/v2\/health\/live$/, handle: () => Response.json({ live: true }) },
    { method: "GET", path: /^\/v2\/health\/ready$/, handle: () => Response.json({ ready: true }) },
    { method: "GET", path: new RegExp(`${MODEL}$`), handle: (exchange) => Response.json(metadata(ready(exchange))) },
    {
      method: "GET",
      path: new RegExp(`${MODEL}/ready$`),
      handle: (exchange) => Response.json({ name: ready(exchange).name, ready: true }),
    },
    {
      method: "GET",
      path: new RegExp(`${MODEL}/stats$`),
      handle: (exchange) => {
        const model = ready(exchange);
        return Response.json({ model_stats: [tritonStatistics(model.name, service.statistics(model))] });
      },
    },
    { method: "POST", path: new RegExp(`${MODEL}/infer$`), handle: (exchange) => infer(service, exchange) },
    { method: "POST", path: /^\/v2\/repository\/index$/, handle: () => repositoryIndex(service) },
    {
      method: "POST",
      path: new RegExp(`${REPOSITORY}/load$`),
      handle: (exchange) => change(service, exchange, "load"),
    },
    {
      method: "POST",
      path: new RegExp(`${REPOSITORY}/unload$`),
      handle: (exchange) => change(service, exchange, "unload"),
    },
  ];
}

function knownModel({ groups: [name = "", version = ""] }: Exchange): CatalogModel {
  const model = findModel(name);
  if (!model) throw new RequestError(404, `Cannot find the model "${name}"`);
  if (version !== "" && version !== "1") {
    throw new RequestError(404, `Cannot find version "${version}" of model "${name}": it has version 1`);
  }
  return model;
}

function readyModel(service: ModelService, exchange: Exchange): CatalogModel {
  return service.ready(knownModel(exchange).name);
}

function metadata({ name, item, classes }: CatalogModel) {
  const shape = item.kind === "tensor" ? [-1, ...item.shape] : [-1];
  return {
    name,
    versions: ["1"],
    platform: "onnxruntime_onnx",
    inputs: [{ name: item.name, datatype: item.kind === "tensor" ? "FP32" : "BYTES", shape }],
    outputs: [{ name: OUTPUT, datatype: "FP32", shape: [-1, classes] }],
    parameters: { weights: WEIGHTS },
  };
}

async function repositoryIndex(service: ModelService): Promise<Response> {
  return Response.json(
    await Promise.all(CATALOG.map(async (model) => {
      const state = service.state(model);
      const reason = await service.store.sizeBytes(model) === null
        ? "not downloaded: load does so first"
        : "not loaded";
      return {
        name: model.name,
        version: "1",
        state: state.toUpperCase(),
        reason: state === "unavailable" ? reason : "",
      };
    })),
  );
}

async function change(service: ModelService, exchange: Exchange, action: "load" | "unload"): Promise<Response> {
  await service[action](knownModel(exchange));
  return Response.json({});
}

async function infer(service: ModelService, exchange: Exchange): Promise<Response> {
  const model = readyModel(service, exchange);
  const { json, inputs } = parseInferRequest(await exchange.body(), exchange.request.headers.get(JSON_LENGTH_HEADER));
  const parameters = isRecord(json.parameters) ? json.parameters : {};
  const binary = wantsBinary(json.outputs, parameters);
  const input = inputs[0];
  if (inputs.length !== 1 || input === undefined || input.json.name !== model.item.name) {
    const found = JSON.stringify(inputs.map((tensor) => tensor.json.name));
    throw new RequestError(400, `Cannot infer as the inputs must be ["${model.item.name}"]: found ${found}`);
  }
  const items = readTensor(model, input.json, input.raw);
  const priority = typeof parameters.priority === "number" ? parameters.priority : 0;
  const { logits } = await service.predict(model, items, { priority, mayShare: true, signal: null });
  const answer = {
    model_name: exchange.groups[0],
    model_version: "1",
    ...(json.id === undefined ? {} : { id: json.id }),
  };
  const output = { name: OUTPUT, datatype: "FP32", shape: [items.count, model.classes] };
  return binary
    ? binaryAnswer({ ...answer, outputs: [{ ...output, parameters: { binary_data_size: logits.byteLength } }] }, logits)
    : Response.json({ ...answer, outputs: [{ ...output, data: Array.from(logits) }] });
}

function wantsBinary(outputs: unknown, parameters: Record<string, unknown>): boolean {
  if (outputs === undefined) return parameters.binary_data_output === true;
  const output: unknown = Array.isArray(outputs) && outputs.length === 1 ? outputs[0] : null;
  if (!isRecord(output) || output.name !== OUTPUT) {
    throw new RequestError(400, `Cannot infer as "outputs" must name "${OUTPUT}" alone or be absent`);
  }
  const own = isRecord(output.parameters) ? output.parameters.binary_data : undefined;
  return (own ?? parameters.binary_data_output) === true;
}

function binaryAnswer(json: Record<string, unknown>, logits: Float32Array): Response {
  const header = new TextEncoder().encode(JSON.stringify(json));
  const values = new Uint8Array(logits.buffer, logits.byteOffset, logits.byteLength);
  return new Response(concatenate([header, values]), {
    headers: { "content-type": "application/octet-stream", [JSON_LENGTH_HEADER]: String(header.length) },
  });
}

function readTensor(
  { item }: CatalogModel,
  tensor: Record<string, unknown>,
  raw: Uint8Array<ArrayBuffer> | null,
): Items {
  const wanted = {
    datatype: item.kind === "tensor" ? "FP32" : "BYTES",
    shape: item.kind === "tensor" ? item.shape : [],
  };
  const shape: readonly unknown[] = Array.isArray(tensor.shape) ? tensor.shape : [];
  const [count, ...rest] = shape;
  if (tensor.datatype !== wanted.datatype || typeof count !== "number" || String(rest) !== String(wanted.shape)) {
    const found = JSON.stringify({ datatype: tensor.datatype, shape: tensor.shape });
    throw new RequestError(
      400,
      `Cannot infer as "${item.name}" must be ${wanted.datatype} [${["batch", ...wanted.shape]}]: found ${found}`,
    );
  }
  checkBatchSize(count);
  if (item.kind === "text") {
    const texts: unknown = raw === null ? tensor.data : decodeTexts(raw);
    if (!Array.isArray(texts) || texts.length !== count || !texts.every((text) => typeof text === "string")) {
      throw new RequestError(400, `Cannot infer as "data" of "${item.name}" must be ${count} texts`);
    }
    return textItems(item, texts);
  }
  const dims = [count, ...item.shape];
  const elements = dims.reduce((product, size) => product * size, 1);
  if (raw === null) {
    const flat = Array.isArray(tensor.data) && !Array.isArray(tensor.data[0]);
    return { kind: "tensor", count, data: flattenNumbers(tensor.data, flat ? [elements] : dims, "data") };
  }
  if (raw.length !== elements * 4) {
    throw new RequestError(400, `Cannot infer as "${item.name}" must be ${elements * 4} bytes: found ${raw.length}`);
  }
  return { kind: "tensor", count, data: new Float32Array(raw.buffer) };
}
