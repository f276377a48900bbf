import type { RawRequest } from "../wire/raw_server.ts";
import { type FakeAnswer, type FakeProtocol, type FakeState, json } from "./fake_server.ts";

/** A home-made server: `POST /models/{model}:predict` with `{model, items, count}` gives `{data: {scores: [...]}}`. */
export const fakeGeneric: FakeProtocol = {
  isPrediction: ({ path }) => path.endsWith(":predict"),

  answer(request, state) {
    if (request.path === "/alive") return json({}, state.fault === "unhealthy" ? 500 : 200);
    const [, name = "", action] = /^\/models\/([^:]*)(?::(\w+))?$/.exec(request.path) ?? [];
    const how = state.models.get(decodeURIComponent(name));
    if (how === undefined) return json({ problem: { text: `no model ${name}` } }, 404);
    switch (`${request.method} ${action}`) {
      case "GET undefined":
        return json({}, how === "loaded" ? 200 : 404);
      case "POST predict":
        return how === "loaded" ? predict(request, state) : json({ problem: { text: "not loaded" } }, 409);
      case "POST load":
      case "DELETE undefined":
        return change(decodeURIComponent(name), action === "load" ? "load" : "unload", state);
    }
    return json({ problem: { text: "no such path" } }, 404);
  },
};

/** How a user describes it. */
export const FAKE_GENERIC = {
  predict: {
    path: "/models/{{model}}:predict",
    bodyTemplate: { model: "{{model}}", items: "{{inputs}}", count: "{{batch}}" },
  },
  predictions: "/data/scores",
  error: "/problem/text",
  health: { path: "/alive" },
  load: { path: "/models/{{model}}:load" },
  unload: { method: "DELETE", path: "/models/{{model}}" },
  present: { path: "/models/{{model}}" },
};

function change(name: string, action: "load" | "unload", state: FakeState): FakeAnswer {
  if (state.fault === `${action}-refused`) return json({ problem: { text: "busy" } }, 500);
  if (state.fault !== "unload-ignored") state.models.set(name, action === "load" ? "loaded" : "unloaded");
  return json({});
}

function predict(request: RawRequest, { fault }: FakeState): FakeAnswer {
  const { items, count, model } = JSON.parse(request.body) as { items: unknown[]; count: number; model: string };
  if (count !== items.length || typeof model !== "string") return json({ problem: { text: "bad request" } }, 400);
  if (fault === "says-no-success") return json({ problem: { text: "it failed" } });
  const scores: unknown[] = items.map((_, i) => [i, 0.5]);
  if (fault === "all-null") scores.fill(null);
  if (fault === "one-null") scores[0] = null;
  if (fault === "too-few-predictions") scores.pop();
  return json({ data: { scores } });
}
