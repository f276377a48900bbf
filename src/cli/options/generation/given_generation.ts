import { UsageError } from "../../../core/errors.ts";
import type { JsonValue } from "../../../core/model_input.ts";
import type { Generation } from "../../../core/request/generation.ts";
import type { GivenOptions } from "../given_options.ts";

/**
 * Reads the options that say what a language model is asked to write.
 *
 * @param given The options.
 * @returns `undefined` where none is given.
 * @throws {UsageError} If the members besides are no JSON object.
 */
export function readGeneration(given: GivenOptions): Generation | undefined {
  const extraBody = given.get("extra-body");
  const found = {
    endpoint: given.get("endpoint"),
    promptTokens: given.get("prompt-tokens"),
    outputTokens: given.get("output-tokens"),
    ignoreEos: given.get("ignore-eos"),
    temperature: given.get("temperature"),
    extraBody: extraBody === undefined ? undefined : readMembers(extraBody),
  };
  const told = Object.entries(found).filter(([, value]) => value !== undefined);
  return told.length === 0 ? undefined : Object.fromEntries(told);
}

function readMembers(written: string): Readonly<Record<string, JsonValue>> {
  let value: unknown;
  try {
    value = JSON.parse(written);
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
