import { type KindResult, RESULT_KINDS, type ResultKind, resultsOf, type TestResults } from "./kinds.ts";
import type { LevelWindow } from "./kinds/kind.ts";

/** A result whose kind knows which window stands for the whole. */
export interface BestWindow extends KindResult {
  /** That window; `null` where none qualified. */
  readonly best: LevelWindow | null;
}

/**
 * The results one of whose windows stands for the whole, of every kind that has such a window.
 *
 * @param tests Results by kind.
 * @param first Kinds that stand before the others, in this order.
 * @returns The others follow in the order of a report.
 */
export function bestWindows(tests: TestResults, first: readonly ResultKind[]): readonly BestWindow[] {
  const order = [...new Set([...first, ...RESULT_KINDS])];
  return resultsOf(tests)
    .flatMap((found) => found.spec.best === null ? [] : [{ ...found, best: found.spec.best(found.result) }])
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}
