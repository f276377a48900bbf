import type { ResultKind, TestResults } from "../results/kinds.ts";
import type { LevelWindow } from "../results/kinds/kind.ts";
import type { GatePlace } from "../results/gate.ts";
import { askedRate } from "../results/window/asked_rate.ts";
import { isOpen } from "../results/window/window.ts";
import { bestWindows } from "../results/windows.ts";
import type { Absences } from "../results/result_base.ts";

/** A level that objectives are about. */
export interface GateLevel {
  /** What it showed. */
  readonly level: LevelWindow["window"];
  /** Which it is. */
  readonly place: GatePlace;
  /** Why figures of it are missing. */
  readonly absences: Absences;
}

/**
 * Whose level it is before all others: the one whose load the caller fixed, else one that the tool chose, else the warm
 * requests.
 */
const FIRST: readonly ResultKind[] = ["basic", "load", "throughput", "scalability", "latency"];

/**
 * The one level that latencies, errors and throughput of a gate are about.
 *
 * @param tests What was measured.
 * @returns The basic test's level, else the highest rate that was sustained, else the optimum of a sweep, else the warm
 * requests, else that of any other kind that has one; a test in which no level qualified stands with its first one. `null`
 * where there is none.
 */
export function gateLevel(tests: TestResults): GateLevel | null {
  for (const { kind, spec, result, best } of bestWindows(tests, FIRST)) {
    const found = best ?? spec.windows(result)[0];
    if (found !== undefined) return { level: found.window, place: placeOf(kind, found), absences: result.absences };
  }
  return null;
}

/**
 * Where a window was measured.
 *
 * @param kind The result that holds it.
 * @param found The window.
 */
export function placeOf(kind: ResultKind, { window, batchSize }: LevelWindow): GatePlace {
  const { load } = window;
  const place = { test: kind, batchSize: batchSize ?? load.batchSize };
  if (load.kind === "closed") return { ...place, concurrency: load.concurrency };
  return { ...place, concurrency: null, ...(isOpen(window) ? { offeredPerSecond: askedRate(window) } : {}) };
}
