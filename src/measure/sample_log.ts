import type { SampleRow } from "../core/sample.ts";
import type { ResultKind } from "../results/kinds.ts";
import type { Load } from "../results/window/load.ts";

/** Is told every attempt of the windows of a run, as it is recorded. */
export interface SampleLog {
  /**
   * A window begins, with its warm-up.
   *
   * @param test The test that measures it.
   * @param load What is offered.
   * @returns Is called with each attempt when it has ended; what is to stay is copied.
   */
  begin(test: ResultKind, load: Load): (row: SampleRow) => void;
  /**
   * The window that began last is over.
   *
   * @param visit What its figures need besides the attempts, as plain data.
   */
  ended(visit: object): void;
  /**
   * A visit that is over counts, or no longer: trials never do, nor what is measured again. Left out where nobody asks.
   *
   * @param visit What tells it from all others.
   * @param counts Whether it does.
   */
  counts?(visit: { readonly by: ResultKind; readonly atMs: number }, counts: boolean): void;
}
