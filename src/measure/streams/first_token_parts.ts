import type { Estimate } from "../../core/estimate.ts";
import type { SampleTable } from "../../core/sample.ts";
import type { FirstTokenCounters } from "../../core/stream/first_token_counters.ts";
import type { FirstTokenParts } from "../../results/window/streams/first_token_parts.ts";
import { DEFAULT_LEVEL, studentTMultiplier } from "../../stats/confidence_level.ts";
import type { FirstTokenReading } from "./first_token_watch.ts";

/** One visit: the server's counters in the order of time, and what the client saw. Moments are ms since its run began. */
export interface CountedVisit {
  readonly readings: readonly FirstTokenReading[];
  readonly samples: SampleTable;
  /** Requests outstanding at any time: so many may be on either side of a reading. */
  readonly concurrency: number;
}

/** How far the server's count may be from the client's, besides those at the edges. */
const MOST_OFF = 0.02;
/** Of fewer parts of a window nobody knows how the difference varies. */
const FEWEST_PARTS = 3;

/** What passed between two readings. */
interface Part {
  readonly counted: FirstTokenCounters;
  readonly seen: number;
  readonly seenMs: number;
}

/**
 * The time to first token by the server's own counters, held against the client's. The counters are read several times in a window:
 * each part of it between two readings gives one difference of the means, and their interval is that of a mean weighted by the
 * answers of each part (Student's t).
 *
 * @param visits To one load, those whose counters were read.
 * @returns In words, why it cannot be told: the server counted other answers than the client's.
 */
export function firstTokenParts(visits: readonly CountedVisit[]): FirstTokenParts | string | null {
  const parts = visits.flatMap(partsOf);
  const counted = sumOf(parts, ({ counted }) => counted.firstTokens), seen = sumOf(parts, ({ seen }) => seen);
  if (counted === 0 || seen === 0) return null;
  const edges = visits.reduce((sum, { concurrency }) => sum + 2 + 2 * concurrency, 0);
  if (Math.abs(counted - seen) > edges + MOST_OFF * seen) {
    return `the server counted ${counted} first tokens where ${seen} were seen: ` +
      (counted > seen ? "others use it too" : "its metrics are of one of several processes");
  }
  const mean = (ms: (part: Part) => number, count: (part: Part) => number) => {
    const all = sumOf(parts, count);
    return all <= 0 ? null : sumOf(parts, ms) / all;
  };
  const clientMs = sumOf(parts, ({ seenMs }) => seenMs) / seen;
  const serverMs = sumOf(parts, ({ counted }) => counted.firstTokenMs) / counted;
  if (serverMs < 0) return "the server's counters of first tokens went back";
  const source = visits[0]?.readings[0]?.source;
  return {
    ...source === undefined ? {} : { source },
    requests: counted,
    clientMs,
    serverMs,
    queueMs: mean(({ counted }) => counted.queuedMs, ({ counted }) => counted.queued),
    prefillMs: mean(({ counted }) => counted.prefilledMs, ({ counted }) => counted.prefilled),
    differenceMs: differenceOf(parts, clientMs - serverMs, counted),
  };
}

function differenceOf(parts: readonly Part[], value: number, n: number): Estimate {
  const known = parts.filter(({ counted, seen }) => counted.firstTokens > 0 && seen > 0);
  const answers = sumOf(known, ({ seen }) => seen), count = known.length;
  if (count < FEWEST_PARTS) return { value, low: null, high: null, level: DEFAULT_LEVEL, n };
  const squares = sumOf(known, ({ counted, seen, seenMs }) => {
    const own = seenMs / seen - counted.firstTokenMs / counted.firstTokens;
    return (seen * (own - value)) ** 2;
  });
  const error = Math.sqrt(squares * count / (count - 1)) / answers;
  const halfWidth = studentTMultiplier(DEFAULT_LEVEL, count - 1) * error;
  return { value, low: value - halfWidth, high: value + halfWidth, level: DEFAULT_LEVEL, n };
}

/** Readings are of whole windows: what the client saw between two of them is told by when its first tokens came. */
function partsOf({ readings, samples }: CountedVisit): Part[] {
  return readings.slice(1).map((after, k) => {
    const before = readings[k]!;
    let seen = 0, seenMs = 0;
    for (let i = 0; i < samples.length; i++) {
      const atMs = samples.stream(i, "firstTokenAt");
      if (!(atMs > before.atMs && atMs <= after.atMs)) continue;
      seen++;
      seenMs += atMs - samples.sentAt(i);
    }
    return { counted: difference(after, before), seen, seenMs };
  });
}

function difference(after: FirstTokenCounters, before: FirstTokenCounters): FirstTokenCounters {
  return {
    firstTokens: after.firstTokens - before.firstTokens,
    firstTokenMs: after.firstTokenMs - before.firstTokenMs,
    queued: after.queued - before.queued,
    queuedMs: after.queuedMs - before.queuedMs,
    prefilled: after.prefilled - before.prefilled,
    prefilledMs: after.prefilledMs - before.prefilledMs,
  };
}

function sumOf(parts: readonly Part[], read: (part: Part) => number): number {
  return parts.reduce((sum, part) => sum + read(part), 0);
}
