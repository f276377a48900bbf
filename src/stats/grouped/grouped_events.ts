import { GroupedSums, makeRoom } from "./grouped_sums.ts";

/**
 * Moments of events, in time order, in memory that does not grow with their number: how many there were, and the gaps
 * between them in groups. {@linkcode rateEstimate} takes it in place of the moments.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { GroupedEvents } from "./grouped_events.ts";
 * const events = new GroupedEvents();
 * for (let i = 0; i < 100; i++) events.add(5 + 10 * i);
 * assertEquals([events.n, events.gaps.mean], [100, 10]);
 * ```
 */
export class GroupedEvents {
  /** Number of events. */
  n: number = 0;
  /** The time between neighbours. */
  readonly gaps: GroupedSums = new GroupedSums();
  #last: number = NaN;

  /**
   * Adds the event that came next.
   *
   * @param atMs When, in the unit that gaps shall have.
   */
  add(atMs: number): void {
    if (this.n++ > 0) this.gaps.add(atMs - this.#last);
    this.#last = atMs;
  }

  /**
   * Adds what came after on a clock of its own: the gap between the two is not known.
   *
   * @param later Is not changed.
   */
  append(later: GroupedEvents): void {
    this.gaps.append(later.gaps, makeRoom(this.gaps, later.gaps));
    this.n += later.n;
    this.#last = later.#last;
  }

  /**
   * Adds what came before on a clock of its own: the gap between the two is not known.
   *
   * @param earlier Is not changed.
   */
  prepend(earlier: GroupedEvents): void {
    this.gaps.prepend(earlier.gaps, makeRoom(this.gaps, earlier.gaps));
    this.n += earlier.n;
  }
}
