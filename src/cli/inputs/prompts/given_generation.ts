import type { Generation } from "../../../core/request/generation.ts";
import type { GivenGeneration } from "../../options/generation/given_generation.ts";
import { readPrompts } from "./read_prompts.ts";

/**
 * What a language model is asked to write, with what its files hold.
 *
 * @param given What was given.
 * @param note Is told what is passed over.
 * @throws {UsageError} If a file cannot be read.
 */
export async function givenGeneration(
  { generation, prompts: path }: GivenGeneration,
  note: (text: string) => void,
): Promise<Generation> {
  if (path === undefined) return generation;
  const { prompts, notes } = await readPrompts(path);
  for (const text of notes) note(text);
  const all = prompts.map(({ prompt }) => prompt);
  if (generation.outputTokens === undefined) return { ...generation, prompts: all };
  // What the command says goes before what the file does.
  const plain = all.map(({ outputTokens: _, ...prompt }) => prompt);
  return { ...generation, prompts: plain };
}
