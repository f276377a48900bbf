import { PROMPT_TOKENS } from "./stream_behaviour.ts";

const utf8 = new TextEncoder();
const eventOf = (value: unknown) =>
  utf8.encode(`data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`);

const chunks: Uint8Array[] = [];

/**
 * A chunk as vLLM writes it, with a count of the tokens up to and with it.
 *
 * @param tokens That count.
 */
export function chunkOf(tokens: number): Uint8Array {
  return chunks[tokens] ??= eventOf({
    choices: [{ index: 0, delta: { content: "word " }, finish_reason: null }],
    usage: { prompt_tokens: PROMPT_TOKENS, completion_tokens: tokens },
  });
}

/** What stands behind the last chunk of an answer. */
export const FINISH: Uint8Array = eventOf({ choices: [{ index: 0, delta: {}, finish_reason: "length" }] });
/** The end of a stream. */
export const DONE: Uint8Array = eventOf("[DONE]");
/** An answer that fails in the middle. */
export const FAILURE: Uint8Array = eventOf({ error: { message: "engine died" } });
