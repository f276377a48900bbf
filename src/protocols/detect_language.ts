import { ExchangeError, TargetError } from "../core/errors.ts";
import type { ModelDetection, ModelSummary, ProtocolFactory } from "../core/protocol.ts";
import type { Call } from "../core/transport.ts";
import { openai } from "./openai.ts";
import { listOf } from "./shared/lacks_model.ts";

/**
 * Whether what is to be measured on a server that speaks another protocol too is a language model: the model that is named,
 * where only the list of language models has it; where none is named, when the other protocol has none that is loaded. Where it is
 * told what to write, any of its language models comes first.
 *
 * @param call Carries the questions.
 * @param other The protocol that the server showed.
 * @param options Which model it is said to have, and whether it is told what to write.
 * @returns What was seen, `null` where the other protocol is the one.
 */
export async function detectLanguageModel(
  call: Call,
  other: ProtocolFactory,
  { model = null, writes = false, ...options }: Partial<ModelDetection> & { readonly writes?: boolean },
): Promise<string | null> {
  if (other.takesGeneration) return null;
  const names = await modelsOf(openai, call, options);
  if (names === null || names.length === 0) return null;
  const has = (list: readonly ModelSummary[], name: string) => list.some((one) => one.name === name);
  if (model !== null && !has(names, model)) {
    // Where neither has it, those that write are what can be chosen from.
    const others = writes ? await modelsOf(other, call, options) : null;
    if (others === null || has(others, model)) return null;
  } else if (!writes) {
    const others = await modelsOf(other, call, options);
    if (others === null) return null;
    if (model === null ? others.some(({ loaded }) => loaded !== false) : has(others, model)) return null;
  }
  return `GET /v1/models lists ${model !== null && has(names, model) ? model : listOf(names.map(({ name }) => name))}`;
}

/** The models that a protocol lists; `null` where the server does not speak it, or has no list. */
async function modelsOf(
  factory: ProtocolFactory,
  call: Call,
  options: Omit<Partial<ModelDetection>, "model">,
): Promise<readonly ModelSummary[] | null> {
  try {
    if (factory === openai && await factory.detect(call, options) === null) return null;
    return await (await factory.bind(call, options)).listModels?.(options) ?? null;
  } catch (error) {
    if (options.signal?.aborted || !(error instanceof TargetError || error instanceof ExchangeError)) throw error;
    return null;
  }
}
