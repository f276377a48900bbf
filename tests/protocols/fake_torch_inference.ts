import type { RawRequest } from "../wire/raw_server.ts";
import { type FakeAnswer, type FakeProtocol, type FakeState, json } from "./fake_server.ts";

/** A torch-inference server whose models take texts. */
export const fakeTorchInference: FakeProtocol = {
  isPrediction: ({ path }) => path.endsWith("/predict"),

  answer(request, state) {
    const url = new URL(request.path, "http://fake");
    switch (`${request.method} ${url.pathname}`) {
      case "GET /health":
        return json({ healthy: state.fault !== "unhealthy", checks: { engine: true }, timestamp: 1 });
      case "GET /models":
        return json(models(state));
      case "GET /models/available":
        return json({ available_models: available(state) });
      case "POST /models/download":
        return download(request, url, state);
      case "GET /autoscaler/stats":
        return state.lifecycle ? json({ total_models: 1 }) : json({ detail: "Autoscaler not available" }, 503);
      case "POST /autoscaler/load":
        return change(url, state, "loaded");
      case "DELETE /autoscaler/unload":
        return change(url, state, "unloaded");
    }
    return url.pathname.endsWith("/predict") ? predict(request, url, state) : json({ detail: "Not Found" }, 404);
  },
};

function models({ models }: FakeState) {
  const present = [...models].filter(([, how]) => how !== "downloadable");
  return {
    models: present.map(([name]) => name),
    model_info: Object.fromEntries(present.map(([name, how]) => [name, {
      loaded: how === "loaded",
      device: "cpu",
      input_type: "text",
    }])),
    total_models: present.length,
  };
}

function available({ models }: FakeState) {
  const names = [...models].filter(([, how]) => how === "downloadable").map(([name]) => name);
  return Object.fromEntries(names.map((name) => [name, {
    name,
    source: "torchvision",
    model_id: `${name}-id`,
    task: "image-classification",
    size_mb: 12.5,
    tags: [],
  }]));
}

function download(request: RawRequest, url: URL, state: FakeState): FakeAnswer {
  const order = request.body === "" ? Object.fromEntries(url.searchParams) : JSON.parse(request.body);
  if (!state.models.has(order.name)) return json({ success: false, status: "failed", error: `no ${order.name}` }, 404);
  state.models.set(order.name, "unloaded");
  return json({ success: true, status: "downloading", message: "started" });
}

function change(url: URL, state: FakeState, to: "loaded" | "unloaded"): FakeAnswer {
  if (!state.lifecycle) return json({ detail: "Autoscaler not available" }, 503);
  const name = url.searchParams.get("model_name") ?? "";
  if (!state.models.has(name)) return json({ success: false, message: `Model ${name} not found`, model_name: name });
  if (state.fault === (to === "loaded" ? "load-refused" : "unload-refused")) {
    return json({ success: false, message: "Busy", model_name: name });
  }
  if (state.fault !== "unload-ignored") state.models.set(name, to);
  return json({ success: true, message: "Done", model_name: name });
}

function predict(request: RawRequest, url: URL, { models, fault }: FakeState): FakeAnswer {
  const asked = decodeURIComponent(url.pathname.split("/")[1] ?? "");
  const { inputs } = JSON.parse(request.body) as { inputs: unknown };
  const isBatch = Array.isArray(inputs) && inputs.length > 1;
  const count = isBatch ? inputs.length : 1;
  // The original's trap: what it does not have is answered by a model that nobody asked for.
  const model = models.get(asked) === "loaded" && fault !== "other-model-answers" ? asked : "example";
  const results: unknown[] = Array.from({ length: count }, (_, n) => ({ label: "x", score: n }));
  if (fault === "item-failed") results[0] = { error: "CUDA out of memory" };
  if (fault === "all-null") results.fill(null);
  if (fault === "one-null") results[0] = null;
  if (fault === "too-few-predictions") results.pop();
  return json({
    success: fault !== "says-no-success",
    result: isBatch ? results : results.length === 0 ? [] : results[0],
    error: fault === "says-no-success" ? "it failed" : null,
    ...fault !== "no-server-time" && { processing_time: 0.0015 },
    model_info: { model, device: "cpu", input_type: "text" },
  });
}
