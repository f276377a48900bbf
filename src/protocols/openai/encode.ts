import type { JsonValue, ModelInput } from "../../core/model_input.ts";
import type { EncodedRequest } from "../../core/protocol.ts";
import type { Generation } from "../../core/request/generation.ts";
import { BodyParts } from "../../items/body_parts.ts";
import { encodedItem } from "../../items/encoded_item.ts";
import { jsonText } from "../../items/exact/json_text.ts";
import { type AskedPrompt, askedPrompt, checkText } from "../streams/asked_prompt.ts";
import { requestTokens } from "../streams/request_tokens.ts";
import { JSON_ITEMS } from "../shared/json_form.ts";

/**
 * What of the counts of tokens a server is asked for: those of the first are taken by vLLM alone, and others may refuse what
 * they do not know.
 */
export const COUNTINGS = ["ids", "continuous", "usage", "none"] as const;

/** One of {@linkcode COUNTINGS}. */
export type Counting = typeof COUNTINGS[number];

/** The same array for every request, so that a lane prepares it once. */
const HEADERS: readonly string[] = ["content-type", "application/json", "accept", "text/event-stream"];

/**
 * Encodes a request for a streamed answer.
 *
 * @param model The model.
 * @param inputs One item: a prompt, a text, or the messages of a conversation as JSON.
 * @param counting What is asked for of the counts of tokens.
 * @param generation What is to be written.
 * @throws {UsageError} If it cannot be encoded.
 */
export function encodeGeneration(
  model: string,
  inputs: readonly ModelInput[],
  counting: Counting,
  generation: Generation,
): EncodedRequest {
  const asked = askedPrompt(inputs, generation);
  const { prompt, isMessages } = asked;
  const { endpoint = "chat" } = generation;
  const body = new BodyParts().text(`${jsonText(fieldsOf(model, counting, asked, generation)).slice(0, -1)},`);
  if (endpoint === "completions") {
    checkText(asked, "the endpoint of completions");
    body.text('"prompt":').list([encodedItem(JSON_ITEMS, prompt)]).text("}");
  } else if (isMessages) body.text('"messages":').list([encodedItem(JSON_ITEMS, prompt)]).text("}");
  else body.text('"messages":[{"role":"user","content":').list([encodedItem(JSON_ITEMS, prompt)]).text("}]}");
  const tokens = requestTokens(asked, generation);
  return { method: "POST", path: pathOf(generation), headers: HEADERS, tokens, ...body.encoded() };
}

/** Where generation is asked for. */
export function pathOf({ endpoint = "chat" }: Generation): string {
  return endpoint === "chat" ? "/v1/chat/completions" : "/v1/completions";
}

function fieldsOf(
  model: string,
  counting: Counting,
  { outputTokens, members }: AskedPrompt,
  generation: Generation,
): Readonly<Record<string, JsonValue>> {
  const { ignoreEos = false, minTokens, temperature = 0, topP, topK, samplingSeed, extraBody = {} } = generation;
  const continuous = counting === "ids" || counting === "continuous";
  return {
    model,
    stream: true,
    ...counting !== "none" && {
      stream_options: { include_usage: true, ...continuous && { continuous_usage_stats: true } },
    },
    ...counting === "ids" && { return_token_ids: true },
    max_tokens: outputTokens,
    temperature,
    ...topP !== undefined && { top_p: topP },
    ...topK !== undefined && { top_k: topK },
    ...samplingSeed !== undefined && { seed: samplingSeed },
    ...minTokens !== undefined && { min_tokens: Math.min(minTokens, outputTokens) },
    ...ignoreEos && { ignore_eos: true, min_tokens: outputTokens },
    ...members,
    ...extraBody,
  };
}
