import { seededRandom } from "../../../src/core/random.ts";
import { ascending } from "../../../src/stats/estimates/ascending.ts";
import { quantile } from "../../../src/stats/estimates/quantile.ts";
import { PROMPT_TOKENS, type StreamBehaviour } from "./stream_behaviour.ts";
import { type EngineTime, StreamEngine } from "./stream_engine.ts";
import { recordFrom, type StreamRecord, takeDown } from "./stream_record.ts";
import type { Way } from "./way_probe.ts";

/** What is sent to a server of streamed answers. */
export type StreamLoad = { readonly concurrency: number } | { readonly ratePerSecond: number };

/** What each request is held against, ms. */
export interface StreamLimits {
  readonly firstMs: number;
  readonly tokenMs: number;
}

/** Mean and quantiles of a time of single answers. */
export interface TimeTruth {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
}

/** What a server of streamed answers does in the long run. */
export interface StreamTruth {
  readonly first: TimeTruth;
  readonly token: TimeTruth;
  readonly gap: TimeTruth;
  readonly longest: TimeTruth;
  readonly latency: TimeTruth;
  readonly requestsPerSecond: number;
  readonly tokensPerSecond: number;
  readonly promptTokensPerSecond: number;
  readonly errorRate: number;
  readonly goodShare: number;
  readonly goodPerSecond: number;
  readonly goodTokensPerSecond: number;
}

/** Answers that the truth is taken from, and those before them. */
const ANSWERS = 40_000, BEFORE = 2000;

/** What a real machine adds to what a server means to do. */
export interface MetTimes {
  /** How late each moment of writing of single answers was, ms, as a sample of answers. */
  readonly latenessesMs: readonly (readonly number[])[];
  /** From the end of an answer until its client's next request came, ms, as a sample: in a batch that meets a later step. */
  readonly restsMs: readonly number[];
  /** What the way to the server and back takes, as a sample. */
  readonly ways: readonly Way[];
}

const NONE: MetTimes = { latenessesMs: [[0]], restsMs: [0], ways: [{ thereMs: 0, backMs: 0 }] };

/** Time that passes from one event to the next. */
class EventTime implements EngineTime {
  #nowMs = 0;
  #order = 0;
  #events: { atMs: number; order: number; fire: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  after(ms: number, fire: () => void): () => void {
    const event = { atMs: this.#nowMs + ms, order: this.#order++, fire };
    let at = this.#events.length;
    // The next is the last: what is soon is near the end.
    while (at > 0 && this.#events[at - 1]!.atMs <= event.atMs) at--;
    this.#events.splice(at, 0, event);
    return () => {
      event.fire = () => {};
    };
  }

  next(): void {
    const { atMs, fire } = this.#events.pop()!;
    this.#nowMs = atMs;
    fire();
  }
}

/**
 * How late the moments of one answer after another are: the first as the first one of an answer that was met, all others as
 * those behind it in their order, so that what was late together is.
 */
class Latenesses {
  readonly #firstsMs: readonly number[];
  readonly #othersMs: readonly number[];
  /** Where the others of each answer begin. */
  readonly #begins: readonly number[];
  readonly #random = seededRandom(192_837_465);

  constructor(answersMs: readonly (readonly number[])[]) {
    const met = answersMs.filter(({ length }) => length > 0);
    this.#firstsMs = met.map(([first]) => first!);
    this.#othersMs = met.flatMap(([, ...others]) => others);
    let begin = 0;
    this.#begins = met.map(({ length }) => (begin += length - 1) - (length - 1));
  }

  /** Of another answer: gives one for each of its moments. */
  next(): () => number {
    const which = Math.floor(this.#firstsMs.length * this.#random());
    let next = -1;
    return () => {
      if (next++ < 0) return this.#firstsMs[which] ?? 0;
      return this.#othersMs[(this.#begins[which]! + next - 1) % this.#othersMs.length] ?? 0;
    };
  }
}

const known = new Map<string, StreamTruth>();

/**
 * The truth by a long run of the same server, without the tool: what it wrote, by its own account.
 *
 * @param behaviour What it does.
 * @param load What is sent.
 * @param limits What each request is held against.
 * @param met What the machine added. @default {nothing}
 */
export function streamTruth(
  behaviour: StreamBehaviour,
  load: StreamLoad,
  limits: StreamLimits,
  met = NONE,
): StreamTruth {
  const key = JSON.stringify([behaviour, load, limits, met]);
  let truth = known.get(key);
  if (truth === undefined) known.set(key, truth = longRunTruth(longRun(behaviour, load, met), load, limits));
  return truth;
}

function longRunTruth(
  all: readonly StreamRecord[],
  load: StreamLoad,
  limits: StreamLimits,
): StreamTruth {
  const records = all.slice(BEFORE);
  // What arrives in the long run is known.
  const seconds = "ratePerSecond" in load
    ? records.length / load.ratePerSecond
    : (records.at(-1)!.endedMs - all[BEFORE - 1]!.endedMs) / 1000;
  return truthOf(records, seconds, limits);
}

/** What a client sees whose clock is never late. */
function longRun(
  behaviour: StreamBehaviour,
  load: StreamLoad,
  { latenessesMs, restsMs, ways }: MetTimes,
): StreamRecord[] {
  const time = new EventTime();
  const latenesses = new Latenesses(latenessesMs);
  const engine = new StreamEngine(behaviour, 987_654_321, time);
  const records: StreamRecord[] = [];
  const random = seededRandom(123_456_789), draw = seededRandom(564_738_291);
  const oneOf = <T>(sample: readonly T[]) => sample[Math.floor(sample.length * draw())]!;
  const come = () => {
    const record = recordFrom(time.now() - oneOf(ways).thereMs);
    const nextLateMs = latenesses.next();
    let writtenMs = NaN, lateMs = 0, seenMs = 0;
    const write = () => {
      // What is written first is seen first, and what is written together is seen together.
      if (time.now() !== writtenMs) {
        lateMs = nextLateMs();
        seenMs = Math.max(seenMs, time.now() + lateMs + oneOf(ways).backMs);
      }
      writtenMs = time.now();
      return seenMs;
    };
    engine.submit({
      onChunks: (upTo) => takeDown(record, write(), upTo),
      onEnd: (failed) => {
        records.push(Object.assign(record, { failed, endedMs: write() }));
        // Not from inside the step that ended it.
        if ("concurrency" in load) time.after(lateMs + oneOf(restsMs), come);
      },
    });
  };
  const arrive = (ratePerSecond: number) => {
    come();
    time.after(-1000 * Math.log(1 - random()) / ratePerSecond, () => arrive(ratePerSecond));
  };
  if ("concurrency" in load) { for (let i = 0; i < load.concurrency; i++) come(); }
  else arrive(load.ratePerSecond);
  while (records.length < BEFORE + ANSWERS) time.next();
  return records;
}

function truthOf(
  records: readonly StreamRecord[],
  seconds: number,
  limits: StreamLimits,
): StreamTruth {
  const whole = records.filter(({ failed }) => !failed);
  const firstOf = ({ firstMs, cameMs }: StreamRecord) => firstMs - cameMs;
  const tokenOf = (record: StreamRecord) => (record.lastMs - record.firstMs) / (record.tokens - record.firstTokens);
  const several = whole.filter(({ tokens, firstTokens }) => tokens > firstTokens);
  const judged = records.filter((record) =>
    record.failed || record.tokens > record.firstTokens || !(firstOf(record) < limits.firstMs)
  );
  const good = several.filter((record) => firstOf(record) < limits.firstMs && tokenOf(record) < limits.tokenMs);
  const tokensOf = (of: readonly StreamRecord[]) => of.reduce((sum, { tokens }) => sum + tokens, 0);
  const chunked = whole.filter(({ chunks }) => chunks > 1);
  return {
    first: timeOf(whole.map(firstOf)),
    token: timeOf(several.map(tokenOf)),
    gap: timeOf(chunked.map(({ firstMs, lastMs, chunks }) => (lastMs - firstMs) / (chunks - 1))),
    longest: timeOf(chunked.map(({ longestGapMs }) => longestGapMs)),
    latency: timeOf(whole.map(({ endedMs, cameMs }) => endedMs - cameMs)),
    requestsPerSecond: whole.length / seconds,
    tokensPerSecond: tokensOf(whole) / seconds,
    promptTokensPerSecond: PROMPT_TOKENS * whole.length / seconds,
    errorRate: 1 - whole.length / records.length,
    goodShare: good.length / judged.length,
    goodPerSecond: good.length / seconds,
    goodTokensPerSecond: tokensOf(good) / seconds,
  };
}

function timeOf(values: readonly number[]): TimeTruth {
  const sorted = ascending(values);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}
