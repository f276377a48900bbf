import type { VisitSlices } from "../../../results/window/visit_slices.ts";
import { endedInside, type SampleWindow } from "../sample_window.ts";
import { SlicesInTime } from "./slices_in_time.ts";

/** Most slices of all visits of a load together, and of one. */
const MOST_OF_LOAD = 120;
const MOST_OF_VISIT = 30;

/**
 * The window of one visit over time.
 *
 * @param window The part of a run that counts.
 * @param durationMs Its length without what was cut as warm-up.
 * @param visits How many visits its load has: of many, each is told in less detail.
 * @param atMs When the run of the visit began, ms since the first test of the run began.
 */
export function slicesOf(window: SampleWindow, durationMs: number, visits: number, atMs: number): VisitSlices {
  const { samples, origin, indices, endMs, fold } = window;
  const startMs = endMs - durationMs;
  const slices = new SlicesInTime();
  for (const i of indices) {
    if (origin === "sent" && samples.endedAt(i) <= startMs) continue;
    slices.add(samples, i, origin);
    if (origin === "sent" && samples.succeeded(i)) slices.succeeded(samples.endedAt(i));
  }
  if (origin === "due") endedInside(samples, startMs, endMs, (ended) => slices.succeeded(ended));
  if (fold !== undefined) slices.append(fold.slices);
  const most = Math.min(MOST_OF_VISIT, Math.max(1, Math.floor(MOST_OF_LOAD / visits)));
  return slices.between(startMs, endMs, most, atMs);
}
