import { CATALOG, type CatalogModel, findModel, MAX_BATCH_SIZE, WEIGHTS } from "../models/catalog.ts";
import { countParameters } from "../models/graph.ts";
import { type Exchange, parseJsonObject, type Route } from "./http.ts";
import type { ModelService, Prediction } from "../model_service.ts";
import { readItems } from "./read_items.ts";
import { RequestError } from "./request_error.ts";
import { topClasses } from "../models/scores.ts";

/**
 * The REST contract of torch-inference.
 *
 * @param service The models.
 */
export function torchInferenceRoutes(service: ModelService): Route[] {
  return [
    { method: "GET", path: /^\/(?:health)?$/, handle: () => Response.json(health()) },
    { method: "GET", path: /^\/models$/, handle: async () => Response.json(await listModels(service)) },
    { method: "GET", path: /^\/models\/available$/, handle: () => Response.json(listAvailable()) },
    { method: "POST", path: /^\/models\/download$/, handle: (exchange) => download(service, exchange) },
    { method: "POST", path: /^\/([^/]+)\/predict$/, handle: (exchange) => predict(service, exchange) },
    { method: "POST", path: /^\/autoscaler\/load$/, handle: (exchange) => change(service, exchange, "load") },
    { method: "DELETE", path: /^\/autoscaler\/unload$/, handle: (exchange) => change(service, exchange, "unload") },
    { method: "GET", path: /^\/stats$/, handle: () => Response.json(statistics(service)) },
    { method: "GET", path: /^\/metrics\/server$/, handle: () => Response.json(serverMetrics(service)) },
  ];
}

function health() {
  return {
    healthy: true,
    checks: { server: true },
    engine: "torchgauge embedded server: real networks with random weights, predictions mean nothing",
    timestamp: Date.now() / 1000,
  };
}

async function listModels(service: ModelService) {
  const described = await Promise.all(CATALOG.map(async (model) => [model, await describe(service, model)] as const));
  const present = described.filter(([, info]) => info.size_bytes !== null);
  const models = present.filter(([, info]) => info.loaded).map(([model]) => model.name);
  return {
    models,
    model_info: Object.fromEntries(present.map(([model, info]) => [model.name, info])),
    total_models: models.length,
  };
}

async function describe(service: ModelService, model: CatalogModel) {
  return {
    loaded: service.state(model) === "ready",
    state: service.state(model),
    device: "cpu",
    input_type: model.item.kind,
    input_shape: model.item.kind === "tensor" ? model.item.shape : [-1],
    datatype: model.item.kind === "tensor" ? "FP32" : "BYTES",
    ...(model.item.kind === "text" ? { max_tokens: model.item.maxTokens } : {}),
    max_batch_size: MAX_BATCH_SIZE,
    parameters: countParameters(model.graph),
    size_bytes: await service.store.sizeBytes(model),
    weights: WEIGHTS,
    task: model.task,
    description: model.description,
    aliases: model.aliases,
  };
}

function listAvailable() {
  return {
    available_models: Object.fromEntries(CATALOG.map((model) => [model.name, {
      name: model.name,
      source: model.source,
      model_id: model.modelId,
      task: model.task,
      description: model.description,
      size_mb: Math.round(countParameters(model.graph) * 4 / 1e4) / 100,
      tags: ["embedded", WEIGHTS],
    }])),
  };
}

async function download(service: ModelService, exchange: Exchange): Promise<Response> {
  const asked = { ...Object.fromEntries(exchange.url.searchParams), ...parseJsonObject(await exchange.body()) };
  const id = asked.model_id ?? asked.name, name = asked.name ?? id;
  const model = typeof id === "string" ? findModel(id) : null;
  const source = asked.source ?? model?.source;
  if (!model || source !== model.source || typeof name !== "string" || findModel(name) !== model) {
    const known = CATALOG.map(({ name, source }) => `${name} (${source})`).join(", ");
    const found = JSON.stringify({ source: asked.source, model_id: asked.model_id, name: asked.name });
    const error = `Cannot download the model as it must be one of ${known}: found ${found}`;
    return Response.json({ success: false, status: "failed", message: error, error }, { status: 404 });
  }
  const written = await service.store.ensure(model);
  const message = written ? `Wrote ${model.name} with random weights` : `${model.name} was there already`;
  return Response.json({ success: true, status: "completed", message, model_name: name });
}

async function change(service: ModelService, { url }: Exchange, action: "load" | "unload"): Promise<Response> {
  const name = url.searchParams.get("model_name") ?? "", version = url.searchParams.get("version") ?? "v1";
  const model = findModel(name);
  if (!model || version !== "v1") {
    throw new RequestError(404, `Cannot ${action} as there is no model "${name}" in version "${version}"`);
  }
  await service[action](model);
  return Response.json({
    success: true,
    message: `${action === "load" ? "Loaded" : "Unloaded"} ${name}`,
    model_name: name,
  });
}

async function predict(service: ModelService, exchange: Exchange): Promise<Response> {
  const startedAt = performance.now(), name = exchange.groups[0]!;
  const model = service.ready(name);
  const body = parseJsonObject(await exchange.body());
  const { items, asList } = readItems(model, body.inputs);
  const prediction = await service.predict(model, items, {
    priority: readNumber(body, "priority", 0),
    mayShare: body.enable_batching !== false,
    signal: deadline(readNumber(body, "timeout", Infinity)),
  });
  const results = readResults(model, prediction, items.count);
  return Response.json({
    success: true,
    result: asList ? results : results[0],
    error: null,
    processing_time: (performance.now() - startedAt) / 1000,
    model_info: { model: name, device: "cpu", input_type: model.item.kind, input_count: items.count, weights: WEIGHTS },
    batch_info: {
      batch_size: prediction.batchSize,
      queue_time: prediction.queueMs / 1000,
      compute_time: prediction.computeMs / 1000,
    },
  });
}

function readNumber(body: Record<string, unknown>, name: string, otherwise: number): number {
  const value = body[name] ?? otherwise;
  if (typeof value === "number" && !Number.isNaN(value)) return value;
  throw new RequestError(400, `Cannot predict as "${name}" must be a number: found ${JSON.stringify(value)}`);
}

function deadline(seconds: number): AbortSignal | null {
  return seconds === Infinity ? null : AbortSignal.timeout(Math.max(0, Math.min(seconds * 1000, 2 ** 31 - 1)));
}

function readResults(model: CatalogModel, { logits }: Prediction, count: number) {
  return Array.from({ length: count }, (_, row) => {
    const best = topClasses(logits.subarray(row * model.classes, (row + 1) * model.classes), 5);
    return model.item.kind === "text"
      ? { label: `LABEL_${best[0]!.class}`, score: best[0]!.score }
      : { ...best[0]!, top5: best };
  });
}

function statistics(service: ModelService) {
  return {
    models: Object.fromEntries(CATALOG.map((model) => {
      const counted = service.statistics(model);
      return [model.name, {
        state: service.state(model),
        requests: counted.success.count,
        failed: counted.failure.count,
        cancelled: counted.cancelled.count,
        predictions: counted.items,
        executions: counted.executions,
        queue_time: counted.queue.totalMs / 1000,
        compute_time: counted.computeInfer.totalMs / 1000,
        executing: service.executing(model),
        waiting: service.waiting(model),
      }];
    })),
  };
}

function serverMetrics(service: ModelService) {
  return {
    timestamp: Date.now() / 1000,
    process: { pid: Deno.pid, resident_memory_bytes: Deno.memoryUsage().rss },
    models_loaded: CATALOG.filter((model) => service.state(model) === "ready").map(({ name }) => name),
    gpu_metrics: { gpu_available: false },
  };
}
