import type { SampleTable } from "../core/sample.ts";
import { KEPT_SAMPLES } from "../load/samples/sample_store.ts";
import type { LatencyOrigin, RequestField, RequestMetric } from "../results/window/request_metrics.ts";
import {
  foundWaiting,
  type QueueEffect,
  queueEffect,
  type QueueMoments,
  queueWeight,
} from "../stats/estimates/queue_effect.ts";

/** Requests of one run of which some count. */
interface Requests {
  readonly samples: SampleTable;
  readonly origin: LatencyOrigin;
  readonly indices: Int32Array;
  readonly startMs: number;
}

/**
 * What the queue that requests wait in does to each of their times, by the first samples of each run: as many as are kept
 * of a long one.
 *
 * @param windows Of one load.
 * @param wanted Metrics of these times.
 * @returns Nothing of a closed loop: there only so many wait as it lets.
 */
export function queueEffectsOf(
  windows: readonly Requests[],
  wanted: readonly Pick<RequestMetric, "field" | "read">[],
): ReadonlyMap<RequestField, QueueEffect> {
  const open = windows.filter(({ origin }) => origin === "due").map((window) => {
    const { samples, origin, startMs } = window;
    const indices = window.indices.filter((i) => i < KEPT_SAMPLES && samples.succeeded(i));
    const moments = momentsOf(samples, startMs);
    const found = Float64Array.from(indices, (i) => foundWaiting(moments, samples.scheduledAt(i)));
    return { samples, origin, indices, moments, found };
  });
  if (open.length === 0) return new Map();
  const weight = open.reduce((sum, { moments }) => sum + queueWeight(moments), 0);
  return new Map(wanted.map(({ field, read }) => {
    const values: number[] = [], waiting: number[] = [];
    for (const { samples, origin, indices, found } of open) {
      for (let k = 0; k < indices.length; k++) {
        const value = read(samples, indices[k]!, origin);
        if (Number.isNaN(value)) continue;
        values.push(value);
        waiting.push(found[k]!);
      }
    }
    return [field, queueEffect(weight, values, waiting)];
  }));
}

/**
 * When the requests of a run were due and answered: of as many as are kept of a long one.
 *
 * @param samples Of an open loop.
 * @param fromMs What came before tells nothing of the queue.
 */
export function momentsOf(samples: SampleTable, fromMs: number): QueueMoments {
  const dueMs = new Float64Array(Math.min(samples.length, KEPT_SAMPLES)), endedMs: number[] = [];
  for (let i = 0; i < dueMs.length; i++) {
    dueMs[i] = samples.scheduledAt(i);
    // What was given up was not answered.
    if (samples.outcome(i).kind !== "cancelled") endedMs.push(samples.endedAt(i));
  }
  return { dueMs: dueMs.sort(), endedMs: Float64Array.from(endedMs).sort(), fromMs };
}
