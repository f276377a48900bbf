import type { LevelWindow } from "./kinds/kind.ts";
import { loadKey } from "./window/load.ts";
import { type KindResult, RESULT_KINDS, type ResultKind, resultsOf, type TestResults } from "./kinds.ts";

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

/** The window that a report names first. */
export interface LeadingWindow extends KindResult {
  /** That window. */
  readonly best: LevelWindow;
}

/** Whose level leads before all others: what was to be recommended, what a sweep found, what the caller asked for. */
const LEADING: readonly ResultKind[] = ["operating-points", "throughput", "scalability", "load", "basic"];

/**
 * The window that a report names first, on its cards and wherever it tells what limits the server and what it costs.
 *
 * @param tests Results by kind.
 * @returns `null` where no window stands for any result.
 */
export function leadingWindow(tests: TestResults): LeadingWindow | null {
  for (const found of bestWindows(tests, LEADING)) if (found.best !== null) return { ...found, best: found.best };
  return null;
}
