import type { EncodedRequest, Protocol, ProtocolFactory } from "../core/protocol.ts";
import type { Generation } from "../core/request/generation.ts";
import type { JsonValue, ModelInput } from "../core/model_input.ts";
import type { Call } from "../core/transport.ts";
import { BodyParts } from "../items/body_parts.ts";
import { encodedItem } from "../items/encoded_item.ts";
import { isRecord as isObject } from "../items/given/tensor_value.ts";
import { jsonText } from "../items/exact/json_text.ts";
import { readOllamaEvent } from "./ollama/read_event.ts";
import { askIfOffered, unlessHidden } from "./shared/capability_probe.ts";
import { JSON_ITEMS } from "./shared/json_form.ts";
import { lacksModel, listedAbsence } from "./shared/lacks_model.ts";
import { ask, askForObject, inStatus, isRecord, jsonRequest, readAnswer, succeeded } from "./shared/server_answer.ts";
import { judgeWhole } from "./streams/judge_whole.ts";
import { type AskedPrompt, askedPrompt, checkText } from "./streams/asked_prompt.ts";
import { promptsOf } from "./streams/prompts.ts";
import { requestTokens } from "./streams/request_tokens.ts";
import { TokenStream } from "./streams/token_stream.ts";

const NAME = "ollama";
const MODELS = "/api/tags";
const FORM = { framing: "ndjson", saysItsEnd: true, read: readOllamaEvent } as const;

/** The same array for every request, so that a lane prepares it once. */
const HEADERS: readonly string[] = ["content-type", "application/json", "accept", "application/x-ndjson"];

/** Ollama's own API: one JSON object a line, with the server's own times. */
export const ollama: ProtocolFactory = {
  name: NAME,
  takesGeneration: true,
  lacksGeneration: ["ignoreEos", "minTokens"],

  async detect(call, options) {
    const answer = readAnswer(await call(jsonRequest("GET", MODELS), options));
    // llama.cpp's server has the list as well, beside one as OpenAI's, and nothing else of Ollama's.
    const isOllamas = succeeded(answer) && !(isRecord(answer.value) && Array.isArray(answer.value["data"]));
    const names = isOllamas ? namesOf(answer.value) : null;
    return names === null ? null : `GET ${MODELS} lists ${names.length} models`;
  },

  bind: (call, options) => Promise.resolve(protocolOf(call, options?.generation ?? {})),
};

function protocolOf(call: Call, generation: Generation): Protocol {
  const names = async (options?: Parameters<Protocol["health"]>[0]) =>
    namesOf(await askIfOffered(call, jsonRequest("GET", MODELS), "list the models", options)) ?? [];
  const lack = `${NAME} loads a model when it is first asked`;
  return {
    name: NAME,
    generation: { temperature: 0, ...generation },
    openStream: () => new TokenStream(FORM, generation.keepsText),
    resolveModel: (name) => name,
    itemForm: () => JSON_ITEMS,
    encode: (model, inputs) => encode(model, inputs, generation),
    judge: judgeWhole(FORM),
    health: async (options) => {
      const answer = await ask(call, jsonRequest("GET", MODELS), "ask for the server's health", options);
      return succeeded(answer)
        ? { healthy: true, detail: "" }
        : { healthy: false, detail: `GET ${MODELS} answers ${inStatus(answer)}` };
    },
    listModels: async (options) => (await names(options)).map((name) => ({ name, loaded: true, description: null })),
    describeModel: async (model, options) => {
      const known = await unlessHidden(call, names(options), { path: pathOf(generation), model }, options);
      // A name without a tag means the latest.
      const name = known === null ? model : [model, `${model}:latest`].find((name) => known.includes(name));
      if (name === undefined) throw lacksModel(model, known ?? []);
      return { name, input: promptsOf(generation), maxBatchSize: 1, device: null };
    },
    verifyAbsent: async (model, options) => {
      const found = namesOf(await askForObject(call, jsonRequest("GET", MODELS), "list the models", options));
      return listedAbsence(model, found, `GET ${MODELS}`);
    },
    lacks: { load: lack, unload: lack },
  };
}

function namesOf(value: unknown): readonly string[] | null {
  if (!isRecord(value) || !Array.isArray(value["models"])) return null;
  const names = value["models"].map((model) => isRecord(model) ? model["name"] : null);
  return names.every((name) => typeof name === "string") ? names : null;
}

function encode(model: string, inputs: readonly ModelInput[], generation: Generation): EncodedRequest {
  const asked = askedPrompt(inputs, generation);
  const { prompt, isMessages, members } = asked;
  const { endpoint = "chat", extraBody: { options = null, ...extraBody } = {} } = generation;
  const others = Object.entries(members).filter(([name]) => !OF_SAMPLING.includes(name));
  const fields = {
    model,
    stream: true,
    options: { ...samplingOf(asked, generation), ...isObject(options) ? options : {} },
    ...Object.fromEntries(others),
    ...extraBody,
  };
  const body = new BodyParts().text(`${jsonText(fields).slice(0, -1)},`);
  const item = encodedItem(JSON_ITEMS, prompt);
  if (endpoint === "completions") {
    checkText(asked, "/api/generate");
    body.text('"prompt":').list([item]).text("}");
  } else if (isMessages) body.text('"messages":').list([item]).text("}");
  else body.text('"messages":[{"role":"user","content":').list([item]).text("}]}");
  return {
    method: "POST",
    path: pathOf(generation),
    headers: HEADERS,
    tokens: requestTokens(asked, generation),
    ...body.encoded(),
  };
}

/** Where generation is asked for. */
function pathOf({ endpoint = "chat" }: Generation): string {
  return endpoint === "chat" ? "/api/chat" : "/api/generate";
}

/** Members of a prompt that stand among Ollama's options. */
const OF_SAMPLING: readonly string[] = [
  "temperature",
  "top_p",
  "top_k",
  "seed",
  "stop",
  "presence_penalty",
  "frequency_penalty",
];

function samplingOf(
  { outputTokens, members }: AskedPrompt,
  generation: Generation,
): Readonly<Record<string, JsonValue>> {
  const { temperature = 0, topP, topK, samplingSeed } = generation;
  return {
    num_predict: outputTokens,
    temperature,
    ...topP !== undefined && { top_p: topP },
    ...topK !== undefined && { top_k: topK },
    ...samplingSeed !== undefined && { seed: samplingSeed },
    ...Object.fromEntries(Object.entries(members).filter(([name]) => OF_SAMPLING.includes(name))),
  };
}
