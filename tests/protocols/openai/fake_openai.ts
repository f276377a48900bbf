import { type FakeAnswer, type FakeProtocol, type FakeState, json } from "../fake_server.ts";

/** A server of OpenAI's API that has all of an answer at once. */
export const fakeOpenai: FakeProtocol = {
  isPrediction: ({ path }) => path.endsWith("/completions"),

  answer({ path, body }, state) {
    const loaded = [...state.models].filter(([, how]) => how === "loaded").map(([id]) => ({ id, object: "model" }));
    if (path === "/v1/models") {
      return state.fault === "unhealthy" ? json({ error: "no" }, 500) : json({ object: "list", data: loaded });
    }
    if (!path.endsWith("/completions")) return json({ detail: "Not Found" }, 404);
    const { model, max_tokens: tokens, prompt, messages } = JSON.parse(body);
    if (!loaded.some(({ id }) => id === model)) {
      return json({ error: { message: `The model ${model} does not exist` } }, 404);
    }
    const words = String(prompt ?? messages?.[0]?.content).trim().split(/\s+/).length;
    return streamOf(Math.min(tokens, 4), words, path.includes("chat"), state);
  },
};

function streamOf(tokens: number, promptTokens: number, chat: boolean, { fault }: FakeState): FakeAnswer {
  const choice = (text: string, finish: string | null = null) => ({
    index: 0,
    ...chat ? { delta: { content: text } } : { text },
    finish_reason: finish,
  });
  const chunk = (choices: unknown[], usage: unknown = null) => ({ object: "chunk", model: "alpha", choices, usage });
  const events = Array.from({ length: tokens }, (_, i) => chunk([choice(` word${i}`)]));
  const usage = chunk([], { prompt_tokens: promptTokens, completion_tokens: tokens });
  const end = fault === "says-no-success"
    ? [{ error: { message: "out of memory" } }]
    : [chunk([choice("", "length")]), usage];
  const all = fault === "too-few-predictions" ? events : [...events, ...end];
  const lines = [...all.map((event) => JSON.stringify(event)), ...fault === "too-few-predictions" ? [] : ["[DONE]"]];
  return { body: lines.map((line) => `data: ${line}\n\n`).join(""), headers: ["content-type: text/event-stream"] };
}
