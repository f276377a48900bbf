import { batchMeans, meanEnds, type MeanVariance } from "../estimates/batch_means.ts";
import { foundWaiting, type QueueMoments } from "../estimates/queue_effect.ts";

/** Whether a server kept up with what was offered. */
export type BacklogVerdict = "kept up" | "saturated" | "cannot tell";

/** Requests of one run of an open loop. */
export interface OfferedMoments extends QueueMoments {
  /** Only requests that were due by then, and answers until then, count. */
  readonly toMs: number;
  /** Mean time between two that were due, as it was asked for, ms; `null` where it is only known from these. */
  readonly gapMs: number | null;
  /** Whether they came at one rate all along: not those of a ramp, nor surely those of a trace. @default {true} */
  readonly oneRate?: boolean;
}

/** Fewest requests that tell anything, and gaps between answers. */
const FEWEST = 5;
/** One-sided probabilities at which a server is said not to have kept up, and to have. */
const SATURATED_BY_CHANCE = 0.01, KEPT_BY_CHANCE = 0.004;
/**
 * Places among the backlogs that answers left behind, from which on all workers of a server may have been busy. Nobody knows
 * how many it has: with one, every answer that leaves somebody behind counts, with many only those with many behind them.
 */
const BUSY_FROM = [0, 0.25, 0.5];
/** Answers that follow each other within this share of the mean time between two are of one batch. */
const TOGETHER = 0.05;
/** Means that differ by a smaller share are alike, however exactly they are known. */
const ALIKE = 0.01;
/** The backlog is down where it is no longer than for this share of the requests. */
const DOWN = 0.15;
/** So many requests in a row, as a share of all, find it down nowhere at most: at one rate, at others, and at the end. */
const AWAY = 0.2, AWAY_AT_OTHERS = 0.1, AWAY_AT_END = 1 / 16;

/**
 * Whether a server kept up with an open loop, told only where it is surely so.
 *
 * What arrives and what is answered differ by little near the limit, and the backlog wanders there by itself: its slope is
 * no proof. Two things are. The mean time between answers behind which others wait is that of a server which has all to do
 * that it can: surely longer than the time between arrivals, it is saturated; surely shorter, it kept up. Where
 * arrivals are independent their mean is the one that was asked for, so that their luck does not count. By level crossing
 * answers behind which k or more wait come faster than arrivals on any server in equilibrium, whatever its workers are (P. H.
 * Brill and M. J. M. Posner, 1977). And a backlog that grows does not come back: kept up is also a server whose backlog is
 * never away for long from where it is lowest. Of a walk without drift the longest time away, as a share of all, has one law
 * whatever its steps are (J. Lamperti, 1961; J. Pitman and M. Yor, 1997): it is seldom under a fifth. How often it comes back
 * has none, since that depends on the steps.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { backlogVerdict } from "./backlog_verdict.ts";
 * const dueMs = Float64Array.from({ length: 300 }, (_, i) => 10 * i);
 * const answered = (ms: number) => dueMs.map((_, i) => ms * (i + 1));
 * const verdict = (endedMs: Float64Array) => backlogVerdict({ dueMs, endedMs, toMs: 3000, gapMs: 10 });
 * assertEquals(verdict(dueMs.map((ms) => ms + 8)), "kept up");
 * assertEquals(verdict(answered(12)), "saturated");
 * ```
 *
 * @param moments Of the run.
 */
export function backlogVerdict(moments: OfferedMoments): BacklogVerdict {
  const { dueMs, fromMs = -Infinity, toMs, gapMs, oneRate = true } = moments;
  const due = dueMs.filter((ms) => ms >= fromMs && ms < toMs);
  if (due.length < FEWEST) return "cannot tell";
  // Before the first answer a backlog can only grow, on any server.
  const found = due.filter((ms) => ms >= moments.endedMs[0]!).map((ms) => foundWaiting(moments, ms));
  if (found.length >= FEWEST && returns(found, oneRate ? AWAY : AWAY_AT_OTHERS)) return "kept up";
  const arrivals = gapMs === null ? batchMeans(due.subarray(1).map((ms, i) => ms - due[i]!)) : surely(gapMs);
  const answers = answersWhileBusy(moments);
  if (answers.some((gaps) => isLonger(arrivals, gaps, KEPT_BY_CHANCE))) return "kept up";
  const [all] = answers;
  return all !== undefined && isLonger(all, arrivals, SATURATED_BY_CHANCE) ? "saturated" : "cannot tell";
}

/** Whether the backlog is never away for long from where it is lowest. */
function returns(found: Float64Array, away: number): boolean {
  const down = found.toSorted()[Math.floor(DOWN * (found.length - 1))]!;
  let last = -1, longest = 0;
  found.forEach((waiting, i) => {
    if (waiting > down) return;
    longest = Math.max(longest, i - last);
    last = i;
  });
  const n = found.length;
  return longest <= Math.max(1, away * n) && n - last <= Math.max(1, AWAY_AT_END * n);
}

/** Times between answers behind which so many waited, for each of {@linkcode BUSY_FROM} that has enough of them. */
function answersWhileBusy({ dueMs, endedMs, fromMs = -Infinity, toMs }: OfferedMoments): MeanVariance[] {
  const ended = endedMs.filter((ms) => ms < toMs);
  let due = 0;
  // What is due at the very moment at which another ends did not wait for it.
  const left = ended.map((ms, i) => {
    while (due < dueMs.length && dueMs[due]! < ms) due++;
    return due - (i + 1);
  });
  const first = ended.findIndex((ms) => ms >= fromMs);
  if (first < 0) return [];
  // A server that answers in batches leaves the more behind the earlier of a batch: its answers count together or not at all.
  const together = TOGETHER * (ended.at(-1)! - ended[first]!) / (ended.length - first);
  const ranked = left.subarray(first).toSorted();
  return BUSY_FROM.flatMap((share) => {
    const busy = Math.max(1, ranked[Math.floor(share * ranked.length)]!);
    const gaps: number[] = [];
    let counts = false;
    for (let i = first; i + 1 < ended.length; i++) {
      const gap = ended[i + 1]! - ended[i]!;
      if (gap > together) counts = left[i]! >= busy;
      if (counts) gaps.push(gap);
    }
    return gaps.length < FEWEST ? [] : [batchMeans(gaps)];
  });
}

function surely(mean: number): MeanVariance {
  return { mean, batchedMean: mean, variance: 0, degreesOfFreedom: 1e4, skewness: 0, weight: Infinity };
}

/** Whether one mean is surely longer than another. */
function isLonger(a: MeanVariance, b: MeanVariance, byChance: number): boolean {
  const level = 1 - 2 * byChance;
  const reach = Math.hypot(a.mean - meanEnds(a, a.mean, level).low, meanEnds(b, b.mean, level).high - b.mean);
  return a.mean - b.mean > Math.max(reach, ALIKE * b.mean);
}
