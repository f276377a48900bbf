import type { TimelinePoint } from "../../../results/kinds/basic.ts";
import { TIMELINE_POINTS } from "./timeline.ts";

/** Latencies in time, the slowest of each group of neighbours alone; groups are joined so that they stay few. */
export class SlowestInTime {
  #points: TimelinePoint[] = [];
  #size = 1;
  #inLast = 0;

  /** The slowest of each group, at most 2,000. */
  get points(): readonly TimelinePoint[] {
    return this.#points.length > TIMELINE_POINTS ? joined(this.#points) : this.#points;
  }

  /**
   * Adds the latency that comes next.
   *
   * @param atMs Its moment, ms.
   * @param latencyMs ms.
   */
  add(atMs: number, latencyMs: number): void {
    if (this.#inLast === 0) this.#points.push({ atMs, latencyMs });
    else if (latencyMs > this.#points.at(-1)!.latencyMs) this.#points[this.#points.length - 1] = { atMs, latencyMs };
    if (++this.#inLast < this.#size) return;
    this.#inLast = 0;
    if (this.#points.length >= 2 * TIMELINE_POINTS) this.#join();
  }

  /**
   * Adds what came after.
   *
   * @param later Is not changed.
   * @param offsetMs What is added to its moments.
   */
  append(later: SlowestInTime, offsetMs: number): void {
    let points: readonly TimelinePoint[] = later.#points;
    for (let size = later.#size; size < this.#size; size *= 2) points = joined(points);
    while (this.#size < later.#size) this.#join();
    for (const { atMs, latencyMs } of points) this.#points.push({ atMs: atMs + offsetMs, latencyMs });
    this.#inLast = 0;
    while (this.#points.length >= 2 * TIMELINE_POINTS) this.#join();
  }

  #join(): void {
    this.#points = joined(this.#points);
    this.#size *= 2;
  }
}

function joined(points: readonly TimelinePoint[]): TimelinePoint[] {
  return Array.from({ length: Math.ceil(points.length / 2) }, (_, k) => {
    const [first, second] = [points[2 * k]!, points[2 * k + 1]];
    return second !== undefined && second.latencyMs > first.latencyMs ? second : first;
  });
}
