import { UsageError } from "../../../core/errors.ts";
import type { JsonValue } from "../../../core/model_input.ts";
import type { Generation } from "../../../core/request/generation.ts";
import { parseExactly } from "../../../items/exact/exact_json.ts";
import type { GivenOptions } from "../given_options.ts";

/** What a language model is asked to write. Files are yet to be read. */
export interface GivenGeneration {
  /** What stands on the command line itself. */
  readonly generation: Generation;
  /** File of prompts. */
  readonly prompts?: string;
  /** Tokenizer of the model: a file or a folder. */
  readonly tokenizer?: string;
}

/**
 * Reads the options that say what a language model is asked to write.
 *
 * @param given The options.
 * @returns `undefined` where none is given.
 * @throws {UsageError} If the members besides are no JSON object, or lengths are drawn for what has none of its own.
 */
export function readGeneration(given: GivenOptions): GivenGeneration | undefined {
  const extraBody = given.get("extra-body");
  const found = {
    endpoint: given.get("endpoint"),
    promptTokens: given.get("prompt-tokens"),
    outputTokens: given.get("output-tokens"),
    minTokens: given.get("min-tokens"),
    ignoreEos: given.get("ignore-eos"),
    temperature: given.get("temperature"),
    topP: given.get("top-p"),
    topK: given.get("top-k"),
    samplingSeed: given.get("sampling-seed"),
    extraBody: extraBody === undefined ? undefined : readMembers(extraBody),
  };
  const told = Object.entries(found).filter(([, value]) => value !== undefined);
  const prompts = given.get("prompts"), tokenizer = given.get("tokenizer");
  if (told.length === 0 && prompts === undefined && tokenizer === undefined) return undefined;
  if (typeof found.outputTokens === "object" && given.pathOf("inputs") !== null) {
    throw new UsageError(
      'Cannot draw "--output-tokens" as what is sent must be prompts: it is that of "--input-data"',
      {
        hint: "Give them with --prompts, or write a number.",
      },
    );
  }
  return {
    generation: Object.fromEntries(told),
    ...prompts !== undefined && { prompts },
    ...tokenizer !== undefined && { tokenizer },
  };
}

function readMembers(written: string): Readonly<Record<string, JsonValue>> {
  let value: unknown;
  try {
    value = parseExactly(written);
  } catch {
    value = undefined;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, JsonValue>>;
  }
  // What is sent may be a secret.
  throw new UsageError(`Cannot read the command line as "--extra-body" must be a JSON object: it is none`, {
    hint: `Write --extra-body '{"top_p": 0.9}'.`,
  });
}
