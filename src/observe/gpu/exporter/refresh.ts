import type { GpuSource } from "../gpu_source.ts";
import { inSeconds } from "../in_seconds.ts";

/** A window of fewer refreshes is told of by one or two values, which may be older than it. */
const LEAST_REFRESHES = 3;

/**
 * How long values stand before an exporter refreshes them, as far as its readings show: as long as the same were seen, and
 * a reading's interval more. What is seen once says nothing, so that a pause between readings is not taken for a refresh.
 */
export class Refresh {
  readonly #intervalMs: number;
  #values: string | null = null;
  #sinceMs = 0;
  #stoodMs = 0;
  #stoodBeforeMs = 0;

  /**
   * Begins with nothing seen.
   *
   * @param intervalMs Usual time between two readings, ms.
   */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /**
   * Takes a reading.
   *
   * @param values All of it, as text.
   * @param atMs When it was read, ms.
   */
  saw(values: string, atMs: number): void {
    if (values === this.#values) {
      this.#stoodMs = atMs - this.#sinceMs;
      return;
    }
    if (this.#stoodMs > 0) this.#stoodBeforeMs = this.#stoodMs;
    this.#values = values;
    this.#sinceMs = atMs;
    this.#stoodMs = 0;
  }

  /** Longest that the last values or those before them stood, ms. */
  get refreshMs(): number {
    return Math.max(this.#stoodMs, this.#stoodBeforeMs) + this.#intervalMs;
  }
}

/**
 * Why a source cannot tell of a window; pure.
 *
 * @param source The source, at the end of the window.
 * @param windowMs How long the window lasted, ms.
 * @returns The reason, a clause, or `null` if it can.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tooShortFor } from "./refresh.ts";
 * assertEquals(
 *   tooShortFor({ name: "triton-metrics", refreshMs: 2000 }, 4000),
 *   "the values of triton-metrics stand for 2 s and more, and a window must last three times as long: this one lasted 4 s",
 * );
 * assertEquals(tooShortFor({ name: "triton-metrics", refreshMs: 2000 }, 8000), null);
 * assertEquals(tooShortFor({ name: "nvml" }, 500), null);
 * ```
 */
export function tooShortFor(
  { name, refreshMs = 0 }: Pick<GpuSource, "name" | "refreshMs">,
  windowMs: number,
): string | null {
  if (windowMs >= LEAST_REFRESHES * refreshMs) return null;
  return `the values of ${name} stand for ${
    inSeconds(refreshMs)
  } and more, and a window must last three times as long: this one lasted ${inSeconds(windowMs)}`;
}
