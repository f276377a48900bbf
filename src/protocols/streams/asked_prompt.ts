import { UsageError } from "../../core/errors.ts";
import { naming, option } from "../../core/option_words.ts";
import type { JsonValue, ModelInput, Prompt } from "../../core/model_input.ts";
import { type Generation, OUTPUT_TOKENS } from "../../core/request/generation.ts";
import { meanLength } from "../../core/request/token_lengths.ts";
import { onePrompt } from "./one_prompt.ts";

/** What one request asks a language model for. */
export interface AskedPrompt {
  /** The item. */
  readonly prompt: ModelInput;
  /** Whether it is the messages of a conversation, not a text. */
  readonly isMessages: boolean;
  /** Most output tokens. */
  readonly outputTokens: number;
  /** What it says of its own, by name. */
  readonly members: Readonly<Record<string, JsonValue>>;
}

/**
 * What a request asks for: its own prompt goes before what is asked for of all.
 *
 * @param inputs Items of the request.
 * @param generation What is asked for of all requests; of a distribution from which nothing was drawn the mean counts.
 * @throws {UsageError} If it is not one prompt.
 */
export function askedPrompt(
  inputs: readonly ModelInput[],
  { outputTokens = OUTPUT_TOKENS }: Generation,
): AskedPrompt {
  const prompt = onePrompt(inputs);
  const isMessages = prompt.kind === "prompt"
    ? typeof prompt.content !== "string"
    : prompt.kind === "json" && Array.isArray(prompt.value);
  const own: Partial<Prompt> = prompt.kind === "prompt" ? prompt : {};
  return { prompt, isMessages, outputTokens: own.outputTokens ?? meanLength(outputTokens), members: own.members ?? {} };
}

/**
 * Refuses messages where a text must be.
 *
 * @param asked What a request asks for.
 * @param where What takes texts, for people.
 * @throws {UsageError} If it is messages.
 */
export function checkText({ prompt, isMessages }: AskedPrompt, where: string): void {
  // Lists of numbers may be token ids.
  if (!isMessages || prompt.kind !== "prompt") return;
  throw new UsageError(`Cannot send a prompt as ${where} must be given a text: it is the messages of a conversation`, {
    hint: naming`Use ${option("generation.endpoint", "chat")}, or give prompts that are texts.`,
  });
}
