import type { LevelWindow } from "./kinds/kind.ts";
import { loadKey } from "./window/load.ts";
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

/**
 * The measured windows of a run, each once: tests that needed the same load share its window.
 *
 * @param tests Results by kind.
 */
export function distinctWindows(tests: TestResults): readonly RunWindow[] {
  const seen = new Set<string>();
  return windowsOf(tests).filter(({ window: { load, visits } }) => {
    if (visits === undefined) return true;
    const key = loadKey({ load, visits });
    return seen.has(key) ? false : seen.add(key);
  });
}
