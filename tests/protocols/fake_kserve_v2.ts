import type { RawRequest } from "../wire/raw_server.ts";
import { type FakeAnswer, type FakeProtocol, type FakeState, json } from "./fake_server.ts";

const SERVER = { name: "fake", version: "1", extensions: ["model_repository", "statistics", "model_configuration"] };

/** A server of the Open Inference Protocol whose models take texts, over JSON. */
export const fakeKserveV2: FakeProtocol = {
  isPrediction: ({ path }) => path.endsWith("/infer"),

  answer(request, state) {
    const [, v2, ...rest] = request.path.split("/");
    if (v2 !== "v2") return json({ error: "not found" }, 404);
    const [area, name = "", action] = rest.map(decodeURIComponent);
    switch (area) {
      case undefined:
        return json(SERVER);
      case "health":
        return json({ ready: state.fault !== "unhealthy" }, state.fault === "unhealthy" ? 503 : 200);
      case "repository":
        return name === "index" ? index(state) : change(rest[2] ?? "", rest[3] ?? "", state);
      case "models":
        return state.models.get(name) === "loaded"
          ? aboutModel(name, action, request, state)
          : json({ error: `Request for unknown model: '${name}' is not found` }, 400);
    }
    return json({ error: "not found" }, 404);
  },
};

function index({ models }: FakeState): FakeAnswer {
  return json(
    [...models].map(([name, how]) => ({ name, version: "1", state: how === "loaded" ? "READY" : "UNAVAILABLE" })),
  );
}

function change(model: string, action: string, state: FakeState): FakeAnswer {
  if (!state.lifecycle) return json({ error: "explicit model load / unload is not allowed" }, 503);
  if (!state.models.has(model)) return json({ error: `failed to ${action} '${model}', no such model` }, 400);
  if (state.fault === `${action}-refused`) return json({ error: "busy" }, 400);
  if (state.fault !== "unload-ignored") state.models.set(model, action === "load" ? "loaded" : "unloaded");
  return json({});
}

function aboutModel(name: string, action: string | undefined, request: RawRequest, { fault }: FakeState): FakeAnswer {
  if (action === "ready") return json({ name, ready: true });
  if (action === "config") return json({ name, max_batch_size: 8 });
  if (action !== "infer") {
    return json({
      name,
      versions: ["1"],
      platform: "fake",
      inputs: [{ name: "text", datatype: "BYTES", shape: [-1] }],
      outputs: [{ name: "scores", datatype: "FP32", shape: [-1, 2] }],
    });
  }
  const { inputs: [input] } = JSON.parse(request.body) as { inputs: [{ shape: number[]; data: unknown[] }] };
  const asked = input.shape[0]!;
  if (asked !== input.data.length) return json({ error: "shape and data disagree" }, 400);
  const count = fault === "too-few-predictions" ? asked - 1 : asked;
  const data: unknown[] = Array.from({ length: 2 * count }, (_, i) => i / 2);
  if (fault === "all-null") data.fill(null);
  if (fault === "one-null") data.fill(null, 0, 2);
  if (fault === "says-no-success") return json({ error: "it failed" });
  return json({
    model_name: fault === "other-model-answers" ? "beta" : name,
    model_version: "1",
    outputs: [{ name: "scores", datatype: "FP32", shape: [count, 2], data }],
  });
}
