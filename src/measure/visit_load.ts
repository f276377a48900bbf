import type { Load } from "../results/window/load.ts";
import { noteShift, shiftOf } from "./level_shifts.ts";
import { measureWindow, type WindowHooks } from "./window/measure_window.ts";
import { isPrecise } from "./window/precision.ts";
import type { Session } from "./session.ts";
import type { Visit } from "./window/visit.ts";
import type { WindowBudget } from "./window/window_budget.ts";
import { windowOf } from "./window/sample_window.ts";
import { collectSeries } from "./window/window_series.ts";

/** Requests that a run sends before its first visit ends by precision: a server may be slow for hundreds of them. */
const LEAST_OF_RUN = 500;
/** How many visits of a run are made once more since the server was still warming up inside of them. */
const MOST_REPEATS = 3;

/**
 * Visits a load once more, and keeps the visit with the windows of the run. A load that earlier tests know precisely is
 * visited for half as long as each of those: long enough to see the drift since then. One that was asked for so many
 * requests and has them is not visited again. One whose latency fell for good near the beginning of the run is measured again,
 * and what was measured before is left out: the server was still warming up (method 5).
 *
 * @param session The test.
 * @param load What to offer.
 * @param budget Bounds of the visit; `requests` are those of all visits of the load together.
 * @param hooks Told of the progress.
 */
export async function visitLoad(
  session: Session,
  load: Load,
  budget: WindowBudget,
  hooks: WindowHooks = {},
): Promise<void> {
  const { windows, options: { sampleLog } } = session;
  const earlier = windows.of(load);
  const counted = earlier.reduce((sum, { run }) => sum + run.windowTo - run.windowFrom, 0);
  if (budget.requests !== undefined && counted >= budget.requests) return;
  const rest = budget.requests === undefined ? {} : { requests: budget.requests - counted };
  const first = windows.isEmpty ? { leastOfRun: LEAST_OF_RUN } : {};
  const visit = await measureWindow(session, load, { ...budget, ...rest, ...first }, earlier, hooks);
  windows.add(visit, sampleLog);
  const shift = shiftOf(windows.of(load), windows.beganMs);
  const isCold = shift !== null && (visit.requestsBefore ?? 0) + visit.run.windowFrom < shift.firstAfter - 1;
  // Who says how many requests to send wants no others.
  const isFree = session.options.warmUpRequests === undefined && budget.requests === undefined;
  const isAgain = shift?.cause === "warm-up" && isFree && session.partial === null &&
    !(isCold && windows.repeats >= MOST_REPEATS);
  noteShift(session, load, isAgain ? { ...shift, again: true } : shift);
  if (!isAgain) return;
  windows.warmedUp(shift);
  windows.dropCold(load, sampleLog);
  if (!isCold) return;
  windows.repeats++;
  await visitLoad(session, load, budget, hooks);
}

/**
 * Whether other tests of the run know a load as precisely as is wanted, so that a visit only has to confirm it.
 *
 * @param session The test.
 * @param load What to offer.
 */
export function isKnown({ windows, kind }: Session, load: Load): boolean {
  const visits: readonly Visit[] = windows.of(load);
  if (visits.length === 0 || visits.some(({ by }) => by === kind)) return false;
  const series = collectSeries(visits.flatMap(({ run }) => windowOf(run)), ["latencyMs"]);
  return isPrecise(series, load.kind === "open" ? "due" : "sent");
}
