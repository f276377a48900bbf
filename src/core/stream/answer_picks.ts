import { seededRandom } from "../random.ts";
import type { SampleRow } from "../sample.ts";
import type { ChunkTimes } from "./chunk_times.ts";
import type { StreamRow } from "./stream_row.ts";

/** Answers of each sort that are kept: some of them may turn out to be of the warm-up. */
const USUAL = 24, WORST = 6;

/** A streamed answer with the moments of its chunks, ms since the run began. */
export interface PickedAnswer extends Pick<SampleRow, "scheduledAt" | "sentAt" | "firstByteAt" | "endedAt"> {
  /** The answer in numbers. */
  readonly stream: StreamRow;
  /** When its chunks came. */
  readonly times: ChunkTimes;
}

/** Some answers of a run. */
export interface Picked {
  /** Any of them, each as likely as each other (J. Vitter, 1985, algorithm R). */
  readonly usual: readonly PickedAnswer[];
  /** Those with the latest first tokens, the latest first. */
  readonly late: readonly PickedAnswer[];
  /** Those with the longest gaps between chunks, the longest first. */
  readonly stalled: readonly PickedAnswer[];
}

/** Keeps a few answers of many, in memory that does not grow. */
export class AnswerPicks {
  readonly #usual: PickedAnswer[] = [];
  readonly #late: PickedAnswer[] = [];
  readonly #stalled: PickedAnswer[] = [];
  readonly #random = seededRandom(1);
  #seen = 0;

  /**
   * Looks at a successful answer.
   *
   * @param row What is copied of it, if it is kept.
   * @param times When its chunks came; copied as well.
   */
  add(row: SampleRow, times: ChunkTimes): void {
    const { stream } = row;
    if (!stream || times.length === 0) return;
    const place = this.#seen++ < USUAL ? this.#usual.length : Math.floor(this.#random() * this.#seen);
    let copy: PickedAnswer | null = null;
    const copied = () => copy ??= copyOf(row, stream, times);
    if (place < USUAL) this.#usual[place] = copied();
    keepMost(this.#late, stream.firstTokenAt - row.scheduledAt, lateness, copied);
    keepMost(this.#stalled, stream.longestGapMs, longestGap, copied);
  }

  /** What was kept so far. */
  get picked(): Picked {
    return { usual: this.#usual, late: this.#late, stalled: this.#stalled };
  }
}

const lateness = ({ stream, scheduledAt }: PickedAnswer) => stream.firstTokenAt - scheduledAt;

const longestGap = ({ stream }: PickedAnswer) => stream.longestGapMs;

/** Puts an answer into its place among those with the most. */
function keepMost(
  kept: PickedAnswer[],
  own: number,
  of: (answer: PickedAnswer) => number,
  copied: () => PickedAnswer,
): void {
  if (Number.isNaN(own)) return;
  const place = kept.findIndex((other) => of(other) < own);
  if (place === -1 && kept.length === WORST) return;
  kept.splice(place === -1 ? kept.length : place, 0, copied());
  kept.length = Math.min(kept.length, WORST);
}

function copyOf(
  { scheduledAt, sentAt, firstByteAt, endedAt }: SampleRow,
  stream: StreamRow,
  times: ChunkTimes,
): PickedAnswer {
  return { scheduledAt, sentAt, firstByteAt, endedAt, stream: { ...stream }, times: copyOfTimes(times) };
}

/** What is to stay of moments that are overwritten. */
export function copyOfTimes({ length, atMs, gapMs }: ChunkTimes): ChunkTimes {
  return { length, atMs: atMs.slice(0, length), gapMs: gapMs.slice(0, length) };
}
