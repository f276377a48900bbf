import type { Clock } from "../core/clock.ts";

/**
 * When the requests of a lane are sent and when their answers come, one after another: as near to the socket as the lane tells.
 * What the client does before the first byte is handed over and after the last one was read is no part of a latency.
 */
export class ExchangeTimes {
  /** When the request was sent. */
  sentAt = NaN;
  readonly #clock: Pick<Clock, "now">;
  #readAt = NaN;

  /** @param clock Gives the time, ms. */
  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** A request is given to the lane: from then on time counts where a connection has to be opened first. */
  begin(): void {
    this.sentAt = this.#clock.now();
    this.#readAt = NaN;
  }

  /** As `onSending` of an observer. */
  sending(): void {
    this.sentAt = this.#clock.now();
  }

  /** As `onRead` of an observer. */
  read(): void {
    this.#readAt = this.#clock.now();
  }

  /** When that came which the lane tells now. */
  get cameAt(): number {
    return Number.isNaN(this.#readAt) ? this.#clock.now() : this.#readAt;
  }
}
