import { distance } from "fastest-levenshtein";

/**
 * The names that somebody may have meant.
 *
 * @param written What was written.
 * @param names What exists.
 * @returns Those that begin with what was written, else those with the fewest letters to change, if they are few.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(closestNames("concurency", ["concurrency", "requests"]), ["concurrency"]);
 * assertEquals(closestNames("batch", ["batch-size", "batch-sizes", "levels"]), ["batch-size", "batch-sizes"]);
 * assertEquals(closestNames("banana", ["levels", "seed"]), []);
 * ```
 */
export function closestNames(written: string, names: readonly string[]): readonly string[] {
  const word = written.toLowerCase().replaceAll("_", "-");
  if (names.includes(word)) return [word];
  const longer = names.filter((name) => word.length > 1 && name.startsWith(word));
  if (longer.length > 0) return longer;
  const changes = names.map((name) => distance(word, name));
  const fewest = Math.min(...changes);
  if (fewest > Math.max(1, word.length / 3)) return [];
  return names.filter((_, index) => changes[index] === fewest);
}
