import { type Random, seededRandom } from "../../../src/core/random.ts";
import { serviceTimeAt } from "../service_time.ts";
import type { StreamBehaviour } from "./stream_behaviour.ts";

/** Time that an engine lives in: as it plans it, so that what comes late makes nothing behind it late. */
export interface EngineTime {
  /** In what `after` calls, the moment for which it was planned. */
  now(): number;
  /** Calls `fire` in so many ms; the returned function takes that back. */
  after(ms: number, fire: () => void): () => void;
}

/** Who takes an answer. */
export interface AnswerSink {
  /** Chunks are written now: tokens of the answer up to and with each. */
  onChunks(upTo: readonly number[]): void;
  /** The answer is over, well or not. */
  onEnd(failed: boolean): void;
}

/** Time between two steps of a batch. */
const BETWEEN_STEPS_MS = 0.05;

interface Answer {
  readonly sink: AnswerSink;
  readonly cameMs: number;
  readonly tokens: number;
  readonly failsAt: number;
  /** Tokens that are written, and those that are made and not written yet. */
  written: number;
  held: number;
  /** Draw that its next time is correlated with. */
  last: number;
  revoke: () => void;
}

/** Makes the answers of a {@linkcode StreamBehaviour}. It knows neither sockets nor whether its time is real. */
export class StreamEngine {
  readonly #behaviour: StreamBehaviour;
  readonly #time: EngineTime;
  readonly #random: Random;
  readonly #waiting: Answer[] = [];
  readonly #active = new Set<Answer>();
  #stepping = false;
  #lastStep: number;

  /** @param behaviour What to do. @param seed Of everything random. @param time What it lives in. */
  constructor(behaviour: StreamBehaviour, seed: number, time: EngineTime) {
    this.#behaviour = behaviour;
    this.#time = time;
    this.#random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ 0x2545f491);
    this.#lastStep = this.#normal();
  }

  /**
   * A request comes.
   *
   * @param sink Takes its answer.
   * @returns Ends it without an answer.
   */
  submit(sink: AnswerSink): () => void {
    const { tokens: [least, most], singles = 0, failureRate = 0, batch = null } = this.#behaviour;
    const drawn = least + Math.floor(this.#random() * (most - least + 1));
    const tokens = this.#random() < singles ? 1 : drawn;
    const fails = this.#random() < failureRate;
    const failsAt = fails ? Math.floor(this.#random() * tokens) : Infinity;
    const answer: Answer = {
      ...{ sink, cameMs: this.#time.now(), tokens, failsAt },
      ...{ written: 0, held: 0, last: this.#normal(), revoke: () => {} },
    };
    if (batch === null) answer.revoke = this.#time.after(this.#firstMs(), () => this.#alone(answer));
    else {
      this.#waiting.push(answer);
      this.#step();
    }
    return () => {
      answer.revoke();
      this.#active.delete(answer);
      const at = this.#waiting.indexOf(answer);
      if (at >= 0) this.#waiting.splice(at, 1);
    };
  }

  /** The next token of an answer that goes by itself. */
  #alone(answer: Answer): void {
    if (this.#token(answer)) return;
    answer.last = this.#correlated(answer.last);
    answer.revoke = this.#time.after(this.#tokenMs(answer.last), () => this.#alone(answer));
  }

  /** A step of all answers together. */
  #step(): void {
    const { slots, ownMs } = this.#behaviour.batch!;
    if (this.#stepping) return;
    const nowMs = this.#time.now();
    // What comes before a moment that is late, and after what was planned, is no part of it, but where nobody else is.
    const beginMs = this.#active.size > 0 ? nowMs : Math.max(nowMs, this.#waiting[0]?.cameMs ?? nowMs);
    let beginning = 0;
    while (this.#active.size < slots && this.#waiting.length > 0 && this.#waiting[0]!.cameMs <= beginMs) {
      this.#active.add(this.#waiting.shift()!);
      beginning++;
    }
    if (this.#active.size === 0) return;
    this.#stepping = true;
    this.#lastStep = this.#correlated(this.#lastStep);
    let stepMs = beginMs - nowMs + this.#tokenMs(this.#lastStep) + ownMs * this.#active.size;
    for (let i = 0; i < beginning; i++) stepMs += this.#firstMs();
    this.#time.after(stepMs, () => {
      for (const answer of [...this.#active]) if (this.#token(answer)) this.#active.delete(answer);
      // What is sent as an answer ends is in the next step.
      this.#time.after(BETWEEN_STEPS_MS, () => {
        this.#stepping = false;
        this.#step();
      });
    });
  }

  /** A token is made; says whether the answer is over. */
  #token(answer: Answer): boolean {
    const { tokensAChunk = 1, burst = 1 } = this.#behaviour;
    const { sink } = answer;
    const made = answer.written + answer.held;
    if (made >= answer.failsAt) {
      sink.onEnd(true);
      return true;
    }
    answer.held++;
    const isLast = made + 1 === answer.tokens, isFirst = answer.written === 0;
    if (isFirst || isLast || answer.held >= tokensAChunk * burst) {
      const upTo: number[] = [];
      for (; answer.held > 0; answer.held = Math.max(0, answer.held - tokensAChunk)) {
        upTo.push(answer.written += Math.min(tokensAChunk, answer.held));
      }
      sink.onChunks(upTo);
    }
    if (isLast) sink.onEnd(false);
    return isLast;
  }

  #firstMs(): number {
    const { firstMs: meanMs, firstVariation: variation = 0 } = this.#behaviour;
    return serviceTimeAt({ kind: "lognormal", meanMs, variation }, this.#normal());
  }

  #tokenMs(z: number): number {
    const { tokenMs: meanMs, tokenVariation: variation = 0 } = this.#behaviour;
    return serviceTimeAt({ kind: "lognormal", meanMs, variation }, z);
  }

  #correlated(last: number): number {
    const { autocorrelation = 0 } = this.#behaviour;
    return autocorrelation * last + Math.sqrt(1 - autocorrelation ** 2) * this.#normal();
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
  }
}
