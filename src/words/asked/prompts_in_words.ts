import type { GenerationAsked } from "../../results/asked/generation_asked.ts";
import { resultsOf, type TestResults } from "../../results/kinds.ts";
import { generationInWords } from "./generation_in_words.ts";

/**
 * What was sent to a language model, for people: the prompts test sends lengths of its own, whatever else was asked for.
 *
 * @param asked What was asked for.
 * @param tests The results.
 */
export function promptsInWords(asked: GenerationAsked, tests: TestResults): string {
  const usual = generationInWords(asked).prompts;
  const { levels = [], refused = [] } = tests.prompts ?? {};
  const lengths = [...levels, ...refused].map(({ words }) => words);
  if (lengths.length === 0) return usual;
  const least = Math.min(...lengths), most = Math.max(...lengths);
  const words = least === most ? `${most} words` : `${least} to ${most} words`;
  const isAlone = resultsOf(tests).length === 1;
  return isAlone ? `made of ${words} (${asked.endpoint})` : `${usual}; in the prompts test made of ${words}`;
}
