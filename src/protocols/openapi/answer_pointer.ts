import { escaped } from "./example.ts";
import { readSchema } from "./schema.ts";

/** By what servers call predictions, the surest first. */
const NAMES = [
  /^(predictions?|outputs?|results?)$/,
  /^(embeddings?|labels?|classes|class_ids?|scores?|probabilities|detections|answers?|generated_text|completions?|choices)$/,
  /^(data|text|vectors?|items|values)$/,
];

/**
 * Where an answer holds the predictions, as far as its schema says.
 *
 * @param document What references point into.
 * @param answer The answer's schema.
 * @param isBatch Whether it must be a list.
 * @returns A JSON pointer, or `null`.
 */
export function answerPointer(document: unknown, answer: unknown, isBatch: boolean): string | null {
  const { type, properties, required } = readSchema(document, answer);
  if (type === "array") return "";
  const ranked = [...properties].flatMap(([name, schema]) => {
    const byName = NAMES.findIndex((pattern) => pattern.test(name.toLowerCase()));
    const isList = readSchema(document, schema).type === "array";
    if (isBatch && !isList) return [];
    return [{
      name,
      rank: (byName === -1 ? NAMES.length : byName) + (required.has(name) ? 0 : 1) + (isList ? 0 : 0.5),
    }];
  });
  const best = ranked.sort((a, b) => a.rank - b.rank)[0];
  return best === undefined ? null : `/${escaped(best.name)}`;
}
