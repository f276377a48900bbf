import type { JsonValue, Prompt, Variation } from "../../core/model_input.ts";
import { isRecord } from "../given/tensor_value.ts";
import { FRONT_WORDS } from "../made_values.ts";
import { variationOf } from "../variation.ts";

type Content = Prompt["content"];

/** Enough for words of any length: the places that tell the requests of a run apart are fewer. */
const MOST_PLACES = 32;

/**
 * A content with a text in front of what its user says first; what a system says before stays as it is, as it is the same for
 * all users.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(withFront("Hello", "One "), "One Hello");
 * assertEquals(withFront([{ role: "user", content: "Hello" }], "One "), [{ role: "user", content: "One Hello" }]);
 * assertEquals(withFront([{ role: "system", content: "Be brief" }], "One "), null);
 * ```
 *
 * @param content A text, or messages.
 * @param front What is put in front.
 * @returns `null` where no user says a text.
 */
export function withFront(content: Content, front: string): Content | null {
  if (typeof content === "string") return front + content;
  for (const [i, message] of content.entries()) {
    if (!isRecord(message) || message["role"] !== "user") continue;
    const said = spokenWithFront(message["content"] ?? null, front);
    if (said !== null) return content.with(i, { ...message, content: said });
  }
  return null;
}

/** What a user says: a text, or parts of which one may be a text. */
function spokenWithFront(said: JsonValue, front: string): JsonValue | null {
  if (typeof said === "string") return front + said;
  if (!Array.isArray(said)) return null;
  const parts = said as readonly JsonValue[];
  const at = parts.findIndex((part) => isRecord(part) && typeof part["text"] === "string");
  if (at < 0) return null;
  const part = parts[at] as { readonly text: string };
  return parts.with(at, { ...part, text: front + part.text });
}

/**
 * A prompt that may differ from request to request: words of one length stand in front of what its user says.
 *
 * @param prompt The prompt; it stays as it is.
 * @param vocabulary Words that are one token each; then the prompt's own count goes up by them. @default {usual ones}
 * @returns The same prompt where no user says a text.
 */
export function variedPrompt(prompt: Prompt, vocabulary?: readonly string[]): Prompt {
  const variation = frontVariation(vocabulary);
  const content = variation === null ? null : withFront(prompt.content, frontText(variation));
  if (variation === null || content === null) return prompt;
  const { tokens, ...others } = prompt;
  return {
    ...others,
    content,
    variation,
    ...tokens !== undefined && vocabulary !== undefined && { tokens: tokens + variation.places },
  };
}

/**
 * Which words tell prompts apart: as many as do so for all requests of a run.
 *
 * @param vocabulary Words that are one token each. @default {usual ones}
 * @param available Most that there may be. @default {as many as it takes}
 * @returns `null` where nothing can differ.
 */
export function frontVariation(vocabulary?: readonly string[], available: number = MOST_PLACES): Variation | null {
  const values = vocabulary === undefined ? FRONT_WORDS : evenWords(vocabulary).map((word) => `${word} `);
  const variation = variationOf(values, available);
  return variation === undefined ? null : { ...variation, atFront: true };
}

/** The words that stand in front before they are rewritten. */
export function frontText({ values, places }: Variation): string {
  return String(values[0]).repeat(places);
}

/** Those of one length in ASCII of which there are most. */
function evenWords(words: readonly string[]): readonly string[] {
  const groups = Map.groupBy(words.filter((word) => /^[\x21-\x7e]+$/.test(word)), ({ length }) => length);
  return [...groups.values()].reduce((most, group) => group.length > most.length ? group : most, []);
}
