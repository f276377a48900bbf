/**
 * The names that somebody may have meant.
 *
 * @param written What was written.
 * @param names What exists.
 * @returns Those that begin with what was written, else those with the fewest slips to mend, if they are few.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(closestNames("concurency", ["concurrency", "requests"]), ["concurrency"]);
 * assertEquals(closestNames("modle", ["model", "levels"]), ["model"]);
 * assertEquals(closestNames("bacis", ["basic", "memory"]), ["basic"]);
 * assertEquals(closestNames("batch", ["batch-size", "batch-sizes", "levels"]), ["batch-size", "batch-sizes"]);
 * assertEquals(closestNames("banana", ["levels", "seed"]), []);
 * ```
 */
export function closestNames(written: string, names: readonly string[]): readonly string[] {
  const word = written.toLowerCase().replaceAll("_", "-");
  if (names.includes(word)) return [word];
  const longer = names.filter((name) => word.length > 1 && name.startsWith(word));
  if (longer.length > 0) return longer;
  const slips = names.map((name) => lettersOf(word) === lettersOf(name) ? 1 : slipsBetween(word, name));
  const fewest = Math.min(...slips);
  if (fewest > Math.max(1, word.length / 3)) return [];
  return names.filter((_, index) => slips[index] === fewest);
}

/** The same for words that have the same letters in any order. */
const lettersOf = (word: string) => [...word].sort().join("");

/**
 * Slips that turn one word into another: a letter left out, one too many, a wrong one, or two neighbours swapped. A
 * letter takes part in one slip (F. J. Damerau, 1964, as optimal string alignment).
 *
 * @param from The one.
 * @param to The other.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const slips = ["modle", "mdel", "modell", "motel", "model", ""].map((word) => slipsBetween(word, "model"));
 * assertEquals(slips, [1, 1, 1, 1, 0, 5]);
 * ```
 */
export function slipsBetween(from: string, to: string): number {
  const a = [...from], b = [...to];
  /** Slips between the first letters of both, by how many of `a`. */
  const rows: number[][] = [[0, ...b.map((_, j) => j + 1)]];
  for (let i = 1; i <= a.length; i++) {
    const above = rows[i - 1]!, row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (isSame ? 0 : 1));
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
    }
  }
  return rows[a.length]![b.length]!;
}
