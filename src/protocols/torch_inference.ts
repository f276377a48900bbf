import type { Health, Protocol, ProtocolCallOptions, ProtocolFactory } from "../core/protocol.ts";
import type { Call } from "../core/transport.ts";
import { unlessHidden } from "./shared/capability_probe.ts";
import { JSON_ITEMS } from "./shared/json_form.ts";
import { processMemory } from "./shared/prometheus.ts";
import { lacksModel } from "./shared/lacks_model.ts";
import {
  ask,
  inStatus,
  isRecord,
  jsonRequest,
  readAnswer,
  shortened,
  succeeded,
  textOrNull,
} from "./shared/server_answer.ts";
import { canonicalName } from "./torch_inference/aliases.ts";
import { autoscalerLack, load, unload, verifyAbsent, whyUnloadIsFinal } from "./torch_inference/autoscaler.ts";
import { download, downloadName } from "./torch_inference/download.ts";
import { encodePrediction, predictPath, type SingleForm } from "./torch_inference/encode.ts";
import { judgePrediction } from "./torch_inference/judge.ts";
import { descriptionOf, downloadLack, fetchDownloadable, fetchModels, summaryOf } from "./torch_inference/models.ts";
import { findSingleForm } from "./torch_inference/single_form.ts";
import { reportsTimings, serverTimings } from "./torch_inference/timings.ts";

const NAME = "torch-inference";

/** The REST contract of the torch-inference server. */
export const torchInference: ProtocolFactory = {
  name: NAME,

  async detect(call, options) {
    const health = readAnswer(await call(jsonRequest("GET", "/health"), options));
    if (!isRecord(health.value) || typeof health.value["healthy"] !== "boolean") return null;
    const models = readAnswer(await call(jsonRequest("GET", "/models"), options));
    if (!succeeded(models) || !isRecord(models.value) || !Array.isArray(models.value["models"])) return null;
    return `GET /health says whether it is healthy and GET /models lists ${models.value["models"].length} models`;
  },

  async detectByModels(call, options) {
    const answer = readAnswer(await call(jsonRequest("GET", "/models"), options));
    const { models, model_info: info } = succeeded(answer) && isRecord(answer.value) ? answer.value : {};
    if (!Array.isArray(models) || !models.every((name) => typeof name === "string") || !isRecord(info)) return null;
    return `GET /models lists ${models.length} models and describes them`;
  },

  async bind(call, options) {
    const [noAutoscaler, memory, noDownload, timings] = await Promise.all([
      autoscalerLack(call, options),
      processMemory(call, options),
      downloadLack(call, options),
      reportsTimings(call, options),
    ]);
    const tellsMemory = memory.residentBytes !== null;
    return {
      ...basics(call),
      ...noDownload === null && {
        listDownloadable: async (options) => (await fetchDownloadable(call, options)).map(({ model }) => model),
        downloadName: (asked, options) => downloadName(call, asked, options),
        download: (model, options) => download(call, model, options),
      },
      ...noAutoscaler === null && {
        load: (model, options) => load(call, model, options),
        unload: (model, options) => unload(call, model, options),
        whyUnloadIsFinal: (model, options) => whyUnloadIsFinal(call, model, options),
      },
      ...timings && { serverTimings: (model, options) => serverTimings(call, model, options) },
      ...tellsMemory && { serverMemory: (options) => processMemory(call, options) },
      lacks: {
        ...noDownload !== null && { listDownloadable: noDownload, download: noDownload },
        ...noAutoscaler !== null && { load: noAutoscaler, unload: noAutoscaler },
        ...!timings && { serverTimings: "GET /stats has no counters for each model" },
        ...!tellsMemory && { serverMemory: "GET /metrics does not tell the memory of the process" },
      },
    } satisfies Protocol;
  },
};

/** What every server of this contract can do. */
function basics(call: Call) {
  /** How one item alone is sent, of models that have been asked; by default as it is. */
  const forms = new Map<string, SingleForm>();
  const notes = new Set<string>();
  return {
    name: NAME,
    resolveModel: canonicalName,
    encode: (model, inputs, options) => encodePrediction(model, inputs, forms.get(model) ?? "bare", options),
    itemForm: () => JSON_ITEMS,
    judge: judgePrediction,
    notes: () => [...notes],
    health: (options) => health(call, options),
    listModels: async (options) => (await fetchModels(call, options)).map(summaryOf),
    verifyAbsent: (model, options) => verifyAbsent(call, model, options),
    describeModel: async (model, options) => {
      const route = { path: predictPath(model), model };
      const models = await unlessHidden(call, fetchModels(call, options), route, options);
      if (models === null) notes.add("The server does not list its models, nor say what they take.");
      const listed = models === null
        ? { name: model, listed: false, info: {} }
        : models.find(({ name }) => name === model);
      if (listed === undefined) throw lacksModel(model, models!.map(({ name }) => name));
      return descriptionOf(listed);
    },
    settleForm: async (description, options) => {
      forms.set(description.name, await findSingleForm(call, description, options));
    },
  } satisfies Protocol;
}

async function health(call: Call, options?: ProtocolCallOptions): Promise<Health> {
  const { status, value, words } = await ask(
    call,
    jsonRequest("GET", "/health"),
    "ask for the server's health",
    options,
  );
  if (!isRecord(value) || typeof value["healthy"] !== "boolean") {
    return { healthy: false, detail: `GET /health answers ${inStatus({ status, words })}` };
  }
  const checks = value["checks"];
  const detail = checks === undefined ? textOrNull(value["message"]) ?? "" : shortened(JSON.stringify(checks));
  return { healthy: value["healthy"], detail };
}
