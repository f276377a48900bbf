import type { TimelinePoint } from "../../../results/kinds/basic.ts";

/** Most points of a timeline: more would only cover each other. */
export const TIMELINE_POINTS = 2000;

/**
 * Latency over time, thinned for a chart: the slowest of each group stands for it, so that a stall is never lost.
 *
 * @param atMs Moments, ascending, ms.
 * @param latenciesMs Latency of each, ms.
 */
export function timelineOf(atMs: ArrayLike<number>, latenciesMs: ArrayLike<number>): TimelinePoint[] {
  const count = atMs.length;
  const step = Math.max(1, Math.ceil(count / TIMELINE_POINTS));
  return Array.from({ length: Math.ceil(count / step) }, (_, k) => {
    let slowest = k * step;
    for (let i = slowest; i < Math.min(count, (k + 1) * step); i++) {
      if (latenciesMs[i]! > latenciesMs[slowest]!) slowest = i;
    }
    return { atMs: atMs[slowest]!, latencyMs: latenciesMs[slowest]! };
  });
}
