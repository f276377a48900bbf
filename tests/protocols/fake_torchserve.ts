import { type FakeAnswer, type FakeProtocol, type FakeState, json } from "./fake_server.ts";

/** TorchServe with all its addresses at one port, each model with one worker or none. */
export const fakeTorchserve: FakeProtocol = {
  isPrediction: ({ path }) => path.startsWith("/predictions/"),

  answer(request, state) {
    const url = new URL(request.path, "http://fake");
    const [, area, name = ""] = url.pathname.split("/").map(decodeURIComponent);
    switch (area) {
      case "ping":
        return state.fault === "unhealthy" ? json({ status: "Unhealthy" }, 500) : json({ status: "Healthy" });
      case "predictions":
        return predict(name, state);
      case "models":
        return state.lifecycle ? manage(request.method, name, url, state) : refusal(503, "Down", "no management");
    }
    return refusal(404, "ResourceNotFoundException", "Requested resource is not found, please refer to API document.");
  },
};

/** An error as TorchServe words it. */
export function refusal(code: number, type: string, message: string): FakeAnswer {
  return json({ code, type, message }, code);
}

function manage(method: string, name: string, url: URL, state: FakeState): FakeAnswer {
  if (name === "") return json({ models: [...state.models.keys()].map((modelName) => ({ modelName })) });
  const how = state.models.get(name);
  if (how === undefined) return refusal(404, "ModelNotFoundException", `Model not found: ${name}`);
  if (method === "GET") return json([registration(name, how === "loaded" ? 1 : 0)]);
  const workers = Number(url.searchParams.get("min_worker"));
  const fault = workers === 0 ? "unload" : "load";
  if (state.fault === `${fault}-refused`) return refusal(500, "InternalServerException", "Failed to start workers");
  if (state.fault !== "unload-ignored") state.models.set(name, workers === 0 ? "unloaded" : "loaded");
  return json({ status: `Workers scaled to ${workers} for model: ${name}` });
}

/** What TorchServe 0.12 says of a registered model, as far as it is read. */
export function registration(modelName: string, workers: number, more: object = {}) {
  return {
    modelName,
    modelVersion: "1.0",
    modelUrl: `${modelName}.mar`,
    minWorkers: workers,
    maxWorkers: workers,
    batchSize: 1,
    maxBatchDelay: 100,
    responseTimeout: 120,
    startupTimeout: 120,
    deviceType: "cpu",
    workers: Array.from({ length: workers }, (_, i) => ({
      id: String(9000 + i),
      status: "READY",
      memoryUsage: 0,
      pid: 100 + i,
      gpu: false,
    })),
    ...more,
  };
}

function predict(name: string, { models, fault }: FakeState): FakeAnswer {
  const how = models.get(name);
  if (how === undefined) return refusal(404, "ModelNotFoundException", `Model not found: ${name}`);
  if (how !== "loaded") return refusal(503, "ServiceUnavailableException", `Model "${name}" has no worker`);
  if (fault === "all-null" || fault === "one-null") return { body: "null" };
  // Answers of handlers come without a content type.
  return { body: fault === "too-few-predictions" ? "" : '{\n  "class": 752,\n  "probability": 0.001\n}' };
}
