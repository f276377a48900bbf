import { idBounds, type SequenceStep, type Sequencing } from "../core/request/sequence.ts";
import { trulyRandom } from "../core/random.ts";
import type { SampleRow } from "../core/sample.ts";
import type { Lane, WireRequest } from "../core/transport.ts";

/** Longest that a run waits for its sequences to be ended, ms. */
const ENDING_MS = 5000;
/** How often the end of a sequence is sent where the server refuses it, and the time between, ms. */
const ENDING_TRIES = 3;
const ENDING_PAUSE_MS = 50;
/** Most sequences of a lane that broke off and are ended as well. */
const MOST_BROKEN = 16;
/** A server forgets a sequence about when it says, and an answer was some time on its way. */
const IDLE_SHARE = 0.8;

/** How a first request fails so that the server keeps no sequence: others may be at work when we know nothing more. */
const BEGINS_NOTHING: ReadonlySet<SampleRow["result"]> = new Set([
  "status",
  "rejected",
  "limited",
  "refused",
  "client",
]);

/** Names sequences so that no two are the same, also not of two clients or threads: each begins at a number of its own. */
export class SequenceIds {
  /** What they are the ids of. */
  readonly sequencing: Sequencing;
  readonly #least: number;
  readonly #count: number;
  #last: number;

  /**
   * Begins at any number.
   *
   * @param sequencing How sequences are named.
   * @param random Anything from 0 to under 1: not from the run's seed, as two clients may have the same.
   */
  constructor(sequencing: Sequencing, random: number = trulyRandom()) {
    const { least, most } = idBounds(sequencing);
    this.sequencing = sequencing;
    this.#least = least;
    this.#count = most - least + 1;
    this.#last = Math.floor(random * this.#count);
  }

  /** One more. */
  next(): number {
    this.#last = (this.#last + 1) % this.#count;
    return this.#least + this.#last;
  }

  /** A sequence of one request. */
  alone(): SequenceStep {
    return { id: this.next(), start: true, end: true };
  }
}

/** The sequences of one lane, one after another: one that failed is given up, and another begins. */
export class LaneSequence {
  readonly #ids: SequenceIds;
  readonly #broken: number[] = [];
  #id = 0;
  /** Requests of the sequence that were answered. */
  #done = 0;
  #lastMs = 0;

  /**
   * Begins with the first request of a sequence.
   *
   * @param ids Names them.
   */
  constructor(ids: SequenceIds) {
    this.#ids = ids;
  }

  /** Whether the server keeps a sequence of this lane that goes on. */
  get isOpen(): boolean {
    return this.#done > 0;
  }

  /**
   * The step of the next request. One that the server has had nothing of for too long may be forgotten there: another begins,
   * and that one is ended in the end.
   *
   * @param nowMs Now.
   */
  next(nowMs: number): SequenceStep {
    const { length, idleMs } = this.#ids.sequencing;
    if (this.isOpen && idleMs !== null && nowMs - this.#lastMs > IDLE_SHARE * idleMs) this.#breakOff();
    const start = this.#done === 0;
    if (start) this.#id = this.#ids.next();
    return { id: this.#id, start, end: this.#done + 1 >= length };
  }

  /**
   * Takes note of how the request ended.
   *
   * @param result What became of it.
   * @param nowMs When.
   */
  ended(result: SampleRow["result"], nowMs: number): void {
    this.#lastMs = nowMs;
    if (result === "success") this.#done = (this.#done + 1) % this.#ids.sequencing.length;
    else if (this.isOpen || !BEGINS_NOTHING.has(result)) this.#breakOff();
  }

  /** What ends the sequences that the server may still keep. */
  endings(): SequenceStep[] {
    const open = this.isOpen ? [this.#id] : [];
    this.#done = 0;
    return [...open, ...this.#broken.splice(0)].map((id) => ({ id, start: false, end: true }));
  }

  #breakOff(): void {
    if (this.#broken.length < MOST_BROKEN) this.#broken.push(this.#id);
    this.#done = 0;
  }
}

/** A lane that sends nothing any more, and its sequences. */
export interface SequenceLane {
  readonly lane: Lane;
  readonly sequence: LaneSequence | null;
}

/** Where a run's requests come from. */
interface StepSource {
  next(step: SequenceStep): WireRequest;
  release(request: WireRequest): void;
}

/**
 * Ends what a run leaves open, so that the server keeps no slot for it. What is answered counts nowhere, and neither does
 * the time.
 *
 * @param lanes Idle lanes.
 * @param pool What the run sent.
 * @param timeoutMs Deadline of one request, ms.
 */
export async function endSequences(
  lanes: readonly SequenceLane[],
  pool: StepSource,
  timeoutMs: number,
): Promise<void> {
  const untilMs = performance.now() + ENDING_MS;
  await Promise.all(lanes.map(async ({ lane, sequence }) => {
    for (const step of sequence?.endings() ?? []) {
      // A step that was cut off may still be worked on: a server may refuse what comes beside it.
      for (let tries = 0; tries < ENDING_TRIES; tries++) {
        const leftMs = Math.min(timeoutMs, untilMs - performance.now());
        if (leftMs < 1) return;
        const request = pool.next(step);
        const isEnded = await succeeded(lane, request, leftMs);
        pool.release(request);
        if (isEnded) break;
        await new Promise((resolve) => setTimeout(resolve, ENDING_PAUSE_MS));
      }
    }
  }));
}

function succeeded(lane: Lane, request: WireRequest, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const onEnd = () => resolve(false);
    lane.send(request, timeoutMs, {
      onFirstByte: () => {},
      collectsBody: false,
      onResponse: ({ status }) => resolve(status < 400),
      onFailure: onEnd,
      onCancelled: onEnd,
    });
  });
}
