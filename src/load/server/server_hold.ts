import type { Clock } from "../../core/clock.ts";

/** Longest that a server is waited for at a time, ms: an absurd time must not end a run. */
export const MOST_HOLD_MS = 60_000;

/** Longest sleep, ms: a run that ended meanwhile is seen after it. */
const LOOK_MS = 250;

/**
 * Times for which a server asked to be left alone. A server means the client, not one of its connections: while it is to be
 * left alone no lane sends.
 */
export class ServerHold {
  /** Is told how long nothing is sent from now on, ms, when that begins. */
  onHold: (waitMs: number) => void = () => {};
  readonly #clock: Clock;
  #untilMs = -Infinity;
  #heldMs = 0;

  /** @param clock Source of time. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When something may be sent again, by the clock; `-Infinity` before anything was asked for. */
  get untilMs(): number {
    return this.#untilMs;
  }

  /** How long nothing may be sent from now on, ms. */
  get leftMs(): number {
    return Math.max(0, this.#untilMs - this.#clock.now());
  }

  /** How long nothing was sent so far, ms. */
  get heldMs(): number {
    return this.#heldMs - this.leftMs;
  }

  /**
   * Takes note of what the server asks for.
   *
   * @param waitMs How long it wants to be left alone, ms; no more than {@linkcode MOST_HOLD_MS} is granted.
   */
  asked(waitMs: number): void {
    this.until(this.#clock.now() + Math.min(waitMs, MOST_HOLD_MS));
  }

  /**
   * Nothing is to be sent before a moment; an earlier one than is known changes nothing.
   *
   * @param untilMs The moment, by the clock.
   */
  until(untilMs: number): void {
    const nowMs = this.#clock.now(), fromMs = Math.max(nowMs, this.#untilMs);
    if (untilMs <= fromMs) return;
    const began = this.#untilMs <= nowMs;
    this.#heldMs += untilMs - fromMs;
    this.#untilMs = untilMs;
    if (began) this.onHold(untilMs - nowMs);
  }

  /**
   * Resolves when something may be sent again.
   *
   * @param goesOn Whether it is still to be waited. @default {() => true}
   * @param signal Ends the wait; it then rejects with its reason.
   */
  async passed(goesOn: () => boolean = () => true, signal?: AbortSignal): Promise<void> {
    while (this.leftMs > 0 && goesOn()) await this.#clock.sleep(Math.min(LOOK_MS, this.leftMs), signal);
  }
}
