import { FAILURE_REASONS, type FailureReason, type Outcome } from "./outcome.ts";
import type { StreamNumber, StreamRow } from "./stream/stream_row.ts";
import { StreamTable } from "./stream/stream_table.ts";

/** One attempt, for reading. Moments are milliseconds since the run began, on one monotonic clock. */
export interface Sample {
  /** When the request was due. In a closed loop this is the moment it was sent. */
  readonly scheduledAt: number;
  /** When its first byte was handed to the system, or a connection was about to be opened for it. */
  readonly sentAt: number;
  /** When its last byte was handed to the socket, or `null` where the transport does not tell. */
  readonly writtenAt: number | null;
  /** When the first byte of the answer came, or `null` if none came. */
  readonly firstByteAt: number | null;
  /** When the attempt ended, whatever the outcome. */
  readonly endedAt: number;
  /** Milliseconds that the server says it worked on the request, or `null` if it does not say. */
  readonly serverMs: number | null;
  /** Milliseconds that the client took to judge the answer; 0 where none came. */
  readonly judgingMs: number;
  /** What became of it. */
  readonly outcome: Outcome;
}

/** One attempt as it is recorded. Moments are ms since the run began; absent ones, and an absent time, are `NaN`. */
export interface SampleRow {
  /** When it was due. */
  readonly scheduledAt: number;
  /** When it was sent. */
  readonly sentAt: number;
  /** When its last byte was handed to the socket. */
  readonly writtenAt: number;
  /** When the first byte of an answer came. */
  readonly firstByteAt: number;
  /** When it ended. */
  readonly endedAt: number;
  /** What the server says it worked on it, ms. */
  readonly serverMs: number;
  /** What the client took to judge the answer, ms; 0 where none came. */
  readonly judgingMs: number;
  /** What became of it. */
  readonly result: "success" | "cancelled" | FailureReason;
  /** When its tokens came; left out, or `null`, where answers are not streamed or none came. */
  readonly stream?: StreamRow | null;
  /** What was written, where that is kept until it is counted; left out, or empty, where it is not. */
  readonly text?: string;
}

const SUCCESS = 0;
const CANCELLED = 255;
const OUTCOMES: readonly Outcome[] = [
  { kind: "success" },
  ...FAILURE_REASONS.map((reason) => ({ kind: "failure", reason } as const)),
];

/**
 * Samples in the order in which they ended, as columns of typed arrays that grow by doubling:
 * recording one allocates nothing, so that the client does not disturb what it measures.
 */
export class SampleTable {
  /** Number of recorded samples. */
  length = 0;
  #scheduledAt = new Float64Array(1024);
  #sentAt = new Float64Array(1024);
  #writtenAt = new Float64Array(1024);
  #firstByteAt = new Float64Array(1024);
  #endedAt = new Float64Array(1024);
  #serverMs = new Float64Array(1024);
  #judgingMs = new Float64Array(1024);
  #outcome = new Uint8Array(1024);
  /** Of streamed answers alone. */
  #streams: StreamTable | null = null;

  /**
   * Records one attempt.
   *
   * @param row What is copied.
   */
  record(row: SampleRow): void {
    const { scheduledAt, sentAt, writtenAt, firstByteAt, endedAt, serverMs, judgingMs, result, stream = null } = row;
    if (this.length === this.#endedAt.length) this.#grow();
    const i = this.length++;
    this.#scheduledAt[i] = scheduledAt;
    this.#sentAt[i] = sentAt;
    this.#writtenAt[i] = writtenAt;
    this.#firstByteAt[i] = firstByteAt;
    this.#endedAt[i] = endedAt;
    this.#serverMs[i] = serverMs;
    this.#judgingMs[i] = judgingMs;
    this.#outcome[i] = result === "success"
      ? SUCCESS
      : result === "cancelled"
      ? CANCELLED
      : 1 + FAILURE_REASONS.indexOf(result);
    if (stream === null && this.#streams === null) return;
    if (this.#streams === null) {
      this.#streams = new StreamTable();
      for (let earlier = 0; earlier < i; earlier++) this.#streams.set(earlier, null);
    }
    this.#streams.set(i, stream);
  }

  /** Forgets all samples; their memory serves the next ones. */
  clear(): void {
    this.length = 0;
  }

  /** When sample `i` was due, ms since the run began. */
  scheduledAt(i: number): number {
    return this.#scheduledAt[this.#checked(i)]!;
  }

  /** When sample `i` was sent, ms since the run began. */
  sentAt(i: number): number {
    return this.#sentAt[this.#checked(i)]!;
  }

  /** When the last byte of sample `i` was handed to the socket, ms since the run began; `NaN` if that is not known. */
  writtenAt(i: number): number {
    return this.#writtenAt[this.#checked(i)]!;
  }

  /** When sample `i` ended, ms since the run began. */
  endedAt(i: number): number {
    return this.#endedAt[this.#checked(i)]!;
  }

  /** When the first byte of sample `i` came, ms since the run began; `NaN` if none came. */
  firstByteAt(i: number): number {
    return this.#firstByteAt[this.#checked(i)]!;
  }

  /** Server time of sample `i` in ms; `NaN` if the server does not say. */
  serverMs(i: number): number {
    return this.#serverMs[this.#checked(i)]!;
  }

  /** What the client took to judge sample `i`, ms. */
  judgingMs(i: number): number {
    return this.#judgingMs[this.#checked(i)]!;
  }

  /**
   * A number of the streamed answer of sample `i`; `NaN` if that was none.
   *
   * @param i Which.
   * @param name Which number.
   */
  stream(i: number, name: StreamNumber): number {
    return this.#streams?.get(this.#checked(i), name) ?? NaN;
  }

  /**
   * Sets a number of the streamed answer of sample `i`, which must be one.
   *
   * @param i Which.
   * @param name Which number.
   * @param value What it is from now on.
   */
  setStream(i: number, name: StreamNumber, value: number): void {
    this.#streams!.change(this.#checked(i), name, value);
  }

  /** Whether sample `i` succeeded. */
  succeeded(i: number): boolean {
    return this.#outcome[this.#checked(i)] === SUCCESS;
  }

  /** What became of sample `i`. */
  outcome(i: number): Outcome {
    const code = this.#outcome[this.#checked(i)]!;
    return code === CANCELLED ? { kind: "cancelled" } : OUTCOMES[code]!;
  }

  /** Sample `i` as it was recorded. */
  row(i: number): SampleRow {
    const outcome = this.outcome(i);
    return {
      scheduledAt: this.scheduledAt(i),
      sentAt: this.sentAt(i),
      writtenAt: this.writtenAt(i),
      firstByteAt: this.firstByteAt(i),
      endedAt: this.endedAt(i),
      serverMs: this.serverMs(i),
      judgingMs: this.judgingMs(i),
      result: outcome.kind === "failure" ? outcome.reason : outcome.kind,
      ...this.#streams === null ? {} : { stream: this.#streams.row(i) },
    };
  }

  /** Sample `i` as an object, for reading outside the hot path. */
  at(i: number): Sample {
    const firstByteAt = this.firstByteAt(i);
    const serverMs = this.serverMs(i), writtenAt = this.writtenAt(i);
    return {
      scheduledAt: this.scheduledAt(i),
      sentAt: this.sentAt(i),
      writtenAt: Number.isNaN(writtenAt) ? null : writtenAt,
      firstByteAt: Number.isNaN(firstByteAt) ? null : firstByteAt,
      endedAt: this.endedAt(i),
      serverMs: Number.isNaN(serverMs) ? null : serverMs,
      judgingMs: this.judgingMs(i),
      outcome: this.outcome(i),
    };
  }

  #checked(i: number): number {
    if (!(i >= 0 && i < this.length)) {
      throw new RangeError(
        `Cannot read a sample as the index must be from 0 to ${this.length - 1}: current value is ${i}`,
      );
    }
    return i;
  }

  #grow(): void {
    const grow = (column: Float64Array<ArrayBuffer>) => {
      const wider = new Float64Array(column.length * 2);
      wider.set(column);
      return wider;
    };
    this.#scheduledAt = grow(this.#scheduledAt);
    this.#sentAt = grow(this.#sentAt);
    this.#writtenAt = grow(this.#writtenAt);
    this.#firstByteAt = grow(this.#firstByteAt);
    this.#endedAt = grow(this.#endedAt);
    this.#serverMs = grow(this.#serverMs);
    this.#judgingMs = grow(this.#judgingMs);
    const outcome = new Uint8Array(this.#outcome.length * 2);
    outcome.set(this.#outcome);
    this.#outcome = outcome;
  }
}
