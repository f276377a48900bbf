import { resultsOf, type TestResults } from "../results/kinds.ts";
import { distinctWindows } from "../results/windows.ts";

/**
 * What a run has to say where GPUs were read, but nothing was seen of them at some loads; pure.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { unseenGpu } from "./unseen_gpu.ts";
 *
 * assertEquals(unseenGpu({}), []);
 * ```
 *
 * @param tests Results of the run.
 * @returns One sentence for each reason; empty where they were seen throughout.
 */
export function unseenGpu(tests: TestResults): readonly string[] {
  const windows = distinctWindows(tests);
  const unseen = windows.filter(({ window: { gpu } }) => gpu === null);
  if (unseen.length === 0) return [];
  const kinds = new Set(unseen.map(({ kind }) => kind));
  const told = resultsOf(tests).flatMap(({ kind, result }) => kinds.has(kind) ? result.absences["gpu"] ?? [] : []);
  const where = unseen.length === windows.length ? "" : ` at ${unseen.length} of ${windows.length} loads`;
  return [...new Set(told)].map((reason) => `The GPU was not measured${where}: ${reason}.`);
}
