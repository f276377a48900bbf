import type { Load } from "../results/window/load.ts";
import { measureWindow, type WindowHooks } from "./window/measure_window.ts";
import { isPrecise } from "./window/precision.ts";
import type { Session } from "./session.ts";
import type { Visit } from "./window/visit.ts";
import type { WindowBudget } from "./window/window_budget.ts";
import { collectSeries, windowOf } from "./window/window_series.ts";

/**
 * Visits a load once more, and keeps the visit with the windows of the run. A load that earlier tests know precisely is
 * visited for half as long as each of those: long enough to see the drift since then. One that was asked for so many
 * requests and has them is not visited again.
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
  const earlier = session.windows.of(load);
  const counted = earlier.reduce((sum, { run }) => sum + run.windowTo - run.windowFrom, 0);
  if (budget.requests !== undefined && counted >= budget.requests) return;
  const rest = budget.requests === undefined ? {} : { requests: budget.requests - counted };
  session.windows.add(await measureWindow(session, load, { ...budget, ...rest }, earlier, hooks));
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
