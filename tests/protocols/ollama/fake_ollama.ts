import { type FakeAnswer, type FakeProtocol, type FakeState, json } from "../fake_server.ts";

/** Ollama with all of an answer at once. */
export const fakeOllama: FakeProtocol = {
  isPrediction: ({ path }) => path === "/api/chat" || path === "/api/generate",

  answer({ path, body }, state) {
    const loaded = [...state.models].filter(([, how]) => how === "loaded").map(([name]) => ({ name, model: name }));
    if (path === "/api/tags") {
      return state.fault === "unhealthy" ? json({ error: "no" }, 500) : json({ models: loaded });
    }
    if (!path.startsWith("/api/")) return { status: 404, body: "404 page not found" };
    const { model, options: { num_predict: tokens } } = JSON.parse(body);
    if (!loaded.some(({ name }) => name === model)) return json({ error: `model '${model}' not found` }, 404);
    return streamOf(Math.min(tokens, 4), path === "/api/chat", state);
  },
};

function streamOf(tokens: number, chat: boolean, { fault }: FakeState): FakeAnswer {
  const say = (content: string) => chat ? { message: { role: "assistant", content } } : { response: content };
  const lines: object[] = Array.from(
    { length: tokens },
    (_, i) => ({ model: "alpha", ...say(` word${i}`), done: false }),
  );
  const counts = { total_duration: 1_500_000, prompt_eval_count: 5, eval_count: tokens };
  if (fault === "says-no-success") lines.push({ error: "out of memory" });
  else if (fault !== "too-few-predictions") {
    lines.push({
      model: "alpha",
      ...say(""),
      done: true,
      done_reason: "length",
      ...fault === "no-server-time" ? {} : counts,
    });
  }
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  return { body, headers: ["content-type: application/x-ndjson"] };
}
