import { clearTimeout, setTimeout } from "node:timers";

/** Something with at most one deadline. */
export interface Timed {
  /** Time that what is outstanding may take, ms; `NaN` while nothing is. */
  timeoutMs: number;
  /** When it ends; 0 until the next sweep sets it. */
  deadlineAt: number;
  /** The time is over. */
  expire(): void;
}

/** Sweeps within one timeout: a deadline is told by so much of it too late at most, and never too early. */
const SWEEPS_PER_TIMEOUT = 16;
const SHORTEST_PERIOD_MS = 2;
const LONGEST_PERIOD_MS = 100;

/**
 * Watches the deadlines of all lanes of a transport by one timer, which runs only while something is outstanding.
 *
 * Nothing is read or set when a request is sent or answered, as reading the clock costs as much as a request's other work
 * together. The first sweep after sending sets the deadline, which is later than it should be by one period at most.
 */
export class Deadlines {
  readonly #watched = new Set<Timed>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #periodMs = Infinity;

  /** Takes one more. */
  add(timed: Timed): void {
    this.#watched.add(timed);
  }

  /** Lets one go. */
  delete(timed: Timed): void {
    this.#watched.delete(timed);
    if (this.#watched.size === 0) this.#stop();
  }

  /** Something became outstanding. */
  began(timed: Timed, timeoutMs: number): void {
    timed.timeoutMs = timeoutMs;
    timed.deadlineAt = 0;
    const periodMs = periodOf(timeoutMs);
    if (periodMs < this.#periodMs) {
      this.#stop();
      this.#periodMs = periodMs;
      this.#start(periodMs);
    }
  }

  #start(afterMs: number): void {
    this.#timer = setTimeout(() => this.#sweep(), afterMs);
    // The socket of an outstanding request keeps the process alive; an idle lane must not.
    this.#timer.unref();
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#periodMs = Infinity;
  }

  #sweep(): void {
    this.#stop();
    const now = performance.now();
    const expired: Timed[] = [];
    let next = Infinity;
    for (const timed of this.#watched) {
      if (Number.isNaN(timed.timeoutMs)) continue;
      if (timed.deadlineAt === 0) timed.deadlineAt = now + timed.timeoutMs;
      if (timed.deadlineAt <= now) expired.push(timed);
      else {
        this.#periodMs = Math.min(this.#periodMs, periodOf(timed.timeoutMs));
        next = Math.min(next, timed.deadlineAt);
      }
    }
    if (next < Infinity) this.#start(Math.max(1, Math.min(this.#periodMs, Math.ceil(next - now))));
    expired.sort((a, b) => a.deadlineAt - b.deadlineAt);
    for (const timed of expired) {
      // One that expired may have been cancelled, and even sent again, by one before it.
      if (timed.deadlineAt !== 0 && timed.deadlineAt <= now) timed.expire();
    }
  }
}

function periodOf(timeoutMs: number): number {
  return Math.min(Math.max(timeoutMs / SWEEPS_PER_TIMEOUT, SHORTEST_PERIOD_MS), LONGEST_PERIOD_MS);
}
