import { isPrecise } from "./precision.ts";
import type { WindowBudget } from "./window_budget.ts";
import type { SampleWindow } from "./sample_window.ts";
import { collectSeries } from "./window_series.ts";

/** However fast a server is, a window shorter than this shows the scheduler of the operating system, ms. */
const SHORTEST_WINDOW_MS = 500;
const SHORTEST_WINDOW_QUICK_MS = 250;

/**
 * A visit ends when its intervals are narrower than wanted by this factor. One that ends at the first look at which they are just
 * narrow enough ends too often where chance made them so (Y. S. Chow and H. Robbins, 1965), and claims too much.
 */
const STOP_MARGIN = 0.9;

/**
 * Whether a load is known precisely enough to end its visit.
 *
 * @param current The window in progress.
 * @param before Windows of earlier visits.
 * @param budget Bounds of the visit.
 * @param quick Whether shorter windows are enough.
 */
export function isEnough(
  current: SampleWindow,
  before: readonly SampleWindow[],
  budget: WindowBudget,
  quick: boolean = false,
): boolean {
  const shortestMs = quick ? SHORTEST_WINDOW_QUICK_MS : SHORTEST_WINDOW_MS;
  // A visit that only confirms must still be long enough to see the drift since the ones before it.
  const shareMs = before.reduce((sum, window) => sum + window.endMs - window.startMs, 0) /
    Math.max(1, 2 * before.length);
  if (current.endMs - current.startMs < Math.max(shortestMs, shareMs)) return false;
  const series = collectSeries([...before, current], ["latencyMs"]);
  const ended = series.succeeded + series.failed;
  if (series.durationMs < budget.minimumMs && ended < budget.minimumRequests) return false;
  // More of nothing but failures teaches nothing.
  return series.succeeded === 0 || isPrecise(series, current.origin, STOP_MARGIN * (budget.slack ?? 1));
}
