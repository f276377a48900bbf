import type { CeilingFigures } from "../results/window/client_use.ts";

/** Requests per second that a client reaches with requests of one batch size, as far as is known. */
export class CeilingRate {
  #perSecond: number;
  #isAtLeast: boolean;
  /** Latency of one request at a time, ms; `null` where it was not measured. */
  readonly aloneMs: number | null;

  /**
   * Notes what was measured against a server that does nothing.
   *
   * @param perSecond Requests per second.
   * @param isAtLeast True where not the client was the limit.
   * @param aloneMs Latency of one request at a time against it, ms. @default {null}
   */
  constructor(perSecond: number, isAtLeast: boolean, aloneMs: number | null = null) {
    this.aloneMs = aloneMs;
    this.#perSecond = perSecond;
    this.#isAtLeast = isAtLeast;
  }

  /** Requests per second. */
  get perSecond(): number {
    return this.#perSecond;
  }

  /** Whether the client can do more than that. */
  get isAtLeast(): boolean {
    return this.#isAtLeast;
  }

  /**
   * The same for several clients like this one; one that is told later what they reached does not change it.
   *
   * @param clients How many; of one it is this one.
   */
  times(clients: number): CeilingRate {
    return clients === 1 ? this : new CeilingRate(this.#perSecond * clients, this.#isAtLeast, this.aloneMs);
  }

  /**
   * Tells what a window reached: a ceiling below it is none, and becomes that rate, at least.
   *
   * @param perSecond Requests per second.
   */
  reached(perSecond: number): void {
    if (perSecond <= this.#perSecond) return;
    this.#perSecond = perSecond;
    this.#isAtLeast = true;
  }
}

/**
 * A ceiling as results hold it.
 *
 * @param ceiling `null` where none was measured.
 */
export function ceilingFigures(ceiling: CeilingRate | null): CeilingFigures {
  if (ceiling === null) return { ceilingPerSecond: null };
  const { perSecond, isAtLeast, aloneMs } = ceiling;
  return {
    ceilingPerSecond: perSecond,
    ...(isAtLeast ? { ceilingAtLeast: true } : {}),
    ...(aloneMs === null ? {} : { aloneMs }),
  };
}
