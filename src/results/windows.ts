import type { LevelWindow } from "./kinds/kind.ts";
import { type ResultKind, resultsOf, type TestResults } from "./kinds.ts";

/** One measured window of a run. */
export interface RunWindow extends LevelWindow {
  /** The result that holds it. */
  readonly kind: ResultKind;
}

/**
 * Every measured window of a run, in the order of a report: the one place that enumerates them.
 *
 * @param tests Results by kind.
 */
export function windowsOf(tests: TestResults): readonly RunWindow[] {
  return resultsOf(tests).flatMap(({ kind, spec, result }) =>
    spec.windows(result).map((window) => ({ kind, ...window }))
  );
}
