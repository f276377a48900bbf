import { ExchangeError } from "../core/errors.ts";
import type {
  ModelDescription,
  ModelSummary,
  Protocol,
  ProtocolCallOptions,
  ProtocolFactory,
} from "../core/protocol.ts";
import type { ModelInput } from "../core/model_input.ts";
import type { Generation } from "../core/request/generation.ts";
import type { Call } from "../core/transport.ts";
import { generateInputs } from "../items/generate_inputs.ts";
import { type Counting, COUNTINGS, encodeGeneration, pathOf } from "./openai/encode.ts";
import { readOpenAiEvent } from "./openai/read_event.ts";
import { askIfOffered, seen, unlessHidden } from "./shared/capability_probe.ts";
import { JSON_ITEMS } from "./shared/json_form.ts";
import { isNotReady, notReady } from "./shared/not_ready.ts";
import { isOfTheLoad } from "./shared/shown_absence.ts";
import { lacksModel, listedAbsence } from "./shared/lacks_model.ts";
import {
  ask,
  askForObject,
  inStatus,
  isRecord,
  jsonRequest,
  readAnswer,
  succeeded,
  textOrNull,
} from "./shared/server_answer.ts";
import { languageTimings } from "./streams/server_metrics.ts";
import { judgeWhole } from "./streams/judge_whole.ts";
import { promptsOf } from "./streams/prompts.ts";
import { TokenStream } from "./streams/token_stream.ts";

const NAME = "openai";
const MODELS = "/v1/models";
/** Shortest deadline of the request that finds out what the server counts, ms: its first one may compile. */
const FIRST_MS = 60_000;

/** What a server answers that has too many requests, and a gateway that waited for too long: neither says that it loads. */
const SAY_NOTHING = [429, 504];

const FORM = { framing: "sse", saysItsEnd: true, read: readOpenAiEvent } as const;
const judge = judgeWhole(FORM);

/** Streamed chat completions and completions, as OpenAI defined them and most servers of language models speak them. */
export const openai: ProtocolFactory = {
  name: NAME,
  takesGeneration: true,

  async detect(call, options) {
    const answer = readAnswer(await call(jsonRequest("GET", MODELS), options));
    const models = succeeded(answer) ? listed(answer.value) : null;
    return models === null ? null : `GET ${MODELS} lists ${models.length} models`;
  },

  async bind(call, options) {
    const { serverTimings, lack } = await languageTimings(call, options);
    const protocol = protocolOf(call, options?.generation ?? {});
    return { ...protocol, ...serverTimings && { serverTimings }, lacks: { ...protocol.lacks, ...lack } };
  },
};

function protocolOf(call: Call, generation: Generation): Protocol {
  /** What each model's server can be asked to count; before it was asked, what all take. */
  const countings = new Map<string, Counting>();
  return {
    name: NAME,
    generation: { temperature: 0, ...generation },
    openStream: () => new TokenStream(FORM, generation.keepsText),
    resolveModel: (name) => name,
    itemForm: () => JSON_ITEMS,
    encode: (model, inputs) => encodeGeneration(model, inputs, countings.get(model) ?? "usage", generation),
    judge,
    health: async (options) => {
      const answer = await ask(call, jsonRequest("GET", MODELS), "ask for the server's health", options);
      const detail = `GET ${MODELS} answers ${inStatus(answer)}`;
      return succeeded(answer) ? { healthy: true, detail: "" } : { healthy: false, detail };
    },
    listModels: async (options) => (await models(call, options)).map(summaryOf),
    describeModel: async (model, options) => {
      const route = { path: pathOf(generation), model };
      const names = (await unlessHidden(call, models(call, options), route, options))?.map(({ id }) => id);
      if (names?.includes(model) === false) throw lacksModel(model, names);
      return { name: model, input: promptsOf(generation), maxBatchSize: 1, device: null };
    },
    verifyAbsent: async (model, options) => {
      const found = listed(await askForObject(call, jsonRequest("GET", MODELS), "list the models", options));
      return listedAbsence(model, found?.map(({ id }) => id) ?? null, `GET ${MODELS}`);
    },
    settleForm: async (description, options) => {
      countings.set(description.name, await findCounting(call, description, generation, options));
    },
    lacks: { load: `${NAME} has no route to load models`, unload: `${NAME} has no route to unload models` },
  };
}

/** A model as the list names it. */
interface Listed {
  readonly id: string;
  readonly owner: string | null;
}

/** The models of a list, or `null` where it is none. */
function listed(value: unknown): readonly Listed[] | null {
  if (!isRecord(value) || !Array.isArray(value["data"])) return null;
  const models = value["data"].filter(isRecord);
  if (!models.every(({ id }) => typeof id === "string")) return null;
  return models.map(({ id, owned_by: owner }) => ({ id: id as string, owner: textOrNull(owner) }));
}

async function models(call: Call, options?: ProtocolCallOptions): Promise<readonly Listed[]> {
  return listed(await askIfOffered(call, jsonRequest("GET", MODELS), "list the models", options)) ?? [];
}

function summaryOf({ id, owner }: Listed): ModelSummary {
  return { name: id, loaded: true, description: owner === null ? null : `owned by ${owner}` };
}

/** The most that the server can be asked to count: the first request that it answers with words tells. */
async function findCounting(
  call: Call,
  { name, input }: ModelDescription,
  generation: Generation,
  options?: ProtocolCallOptions,
): Promise<Counting> {
  const [item] = generateInputs({ spec: input, from: 0, to: 1, seed: 1, varies: false });
  // A few tokens tell it, and no fewer than are asked for.
  const { minTokens: _, ...asked } = { ...generation, outputTokens: 2, ignoreEos: false };
  const timeoutMs = Math.max(FIRST_MS, options?.timeoutMs ?? 0);
  let taken: Counting | null = null;
  for (const counting of COUNTINGS) {
    const request = encodeGeneration(name, [short(item!)], counting, asked);
    try {
      const answer = await call(request, { ...options, timeoutMs });
      if (succeeded(answer)) {
        const verdict = judge(answer, { model: name, predictions: 1, allowNullResults: false });
        if (verdict.kind === "success" || verdict.reason !== "rejected") return counting;
        // It may refuse within the answer; where it does so whatever is asked for, the count is not why.
        taken ??= counting;
        continue;
      }
      // Some list their models while they load them.
      const read = readAnswer(answer);
      if (isNotReady(answer) && !SAY_NOTHING.includes(answer.status) && !isOfTheLoad(read)) {
        throw notReady(seen(request, read), answer);
      }
      // A server that is busy or that failed refuses nothing, and takes nothing either.
      if (answer.status !== 400 && answer.status !== 422) return "usage";
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      // No answer is no refusal: to ask again would take as long again.
      return "usage";
    }
  }
  return taken ?? "usage";
}

/** The same prompt, with as few tokens as are asked for of all. */
function short(item: ModelInput): ModelInput {
  if (item.kind !== "prompt") return item;
  const { outputTokens: _, ...others } = item;
  return others;
}
