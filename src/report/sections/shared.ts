import type { LeftLevel } from "../../results/window/left_level.ts";
import type { Counts, ResultBase, Window } from "../../results/result.ts";
import type { Distribution, Estimate } from "../../core/estimate.ts";
import { readFigure } from "../../results/figures.ts";
import type { TestResult } from "../../results/kinds.ts";
import { isAbsent } from "../../results/measured.ts";
import { isOnlyOne, isUsable } from "../../results/window/usable.ts";
import { leftLevelsInWords } from "../../words/left_levels_in_words.ts";
import { cutInWords, outageInWords } from "../../words/cut_in_words.ts";
import { interval, quantity, say, type Words } from "../../words/inline.ts";
import { inlineTime, inlineTimeEstimate, inlineTimeValue } from "../../words/inline_quantity.ts";
import { estimateText } from "../../words/estimate/estimate_text.ts";
import { formatShare, type Unit } from "../../words/quantity.ts";
import { askedOf, cutNotes } from "../../words/window/level_notes.ts";
import { onlyOne } from "../../words/window/only_one.ts";
import { failuresInWords } from "../../words/words.ts";
import { type Block, type Fact, fact, type FactValue, paragraph, type Row } from "./block.ts";

/** Value and interval as two cells, the unit with the value. */
export function estimateCells(estimate: Estimate | null, unit: Unit): [Words, Words] {
  if (estimate === null) return ["-", ""];
  const { value, interval: ends, suffix } = estimateText(estimate, unit);
  return [quantity(value + suffix), interval(ends)];
}

/** A time as a cell, an estimate in the digits that its interval supports; empty where it is not known. */
export function timeCell(time: number | Estimate | null | undefined): Words {
  if (time === null || time === undefined) return "";
  return typeof time === "number" ? inlineTime(time) : inlineTimeValue(time);
}

/**
 * A figure of a result, as the value of a fact.
 *
 * @param result The result.
 * @param id Of the figure.
 * @param inWords How it reads where it was measured.
 * @returns Else why it was not, as everything else that reads the figure says it.
 */
export function figureValue(result: TestResult, id: string, inWords: (estimate: Estimate) => Words): FactValue {
  const measured = readFigure(result, id);
  return isAbsent(measured) ? { notMeasured: measured.detail } : inWords(measured);
}

/** Mean and the percentiles that people ask for. */
export function latencyFacts({ mean, p50, p95, p99, p999, min, max }: Distribution): Fact[] {
  return [
    fact("Average", inlineTimeEstimate(mean)),
    fact("Median", inlineTimeEstimate(p50)),
    fact("95th percentile", inlineTimeEstimate(p95)),
    fact("99th percentile", inlineTimeEstimate(p99)),
    ...(p999 === undefined ? [] : [fact("99.9th percentile", inlineTimeEstimate(p999))]),
    rangeFact({ min, max }),
  ];
}

/** The shortest and the longest time. */
export function rangeFact({ min, max }: Pick<Distribution, "min" | "max">): Fact {
  return fact("Range", say`${inlineTime(min)} to ${inlineTime(max)}`);
}

/**
 * Success rate, of what was never answered too, and, where there are any, failures with their reasons.
 *
 * @param counts Of one window.
 * @param whose Stands before the labels where there are several: `A: `.
 */
export function successFacts(
  counts: Counts & Pick<Partial<Window>, "due" | "unanswered" | "cutShort">,
  whose = "",
): Fact[] {
  const { requests, succeeded, failed, failuresByReason, failureExamples, due } = counts;
  const label = `${whose}Success Rate`;
  if (requests === 0) return [fact(label, { notMeasured: due === 0 ? "no request was due" : "no request ended" })];
  const asked = askedOf(counts);
  const rest = asked > requests ? `, ${asked - requests} not answered` : "";
  const success = fact(label, `${formatShare(succeeded, asked)} (${succeeded} of ${asked}${rest})`);
  if (failed === 0) return [success];
  return [success, fact(`${whose}Failures`, failuresInWords(failuresByReason, failureExamples))];
}

/** The counts of several windows together, with the first example of each reason. */
export function totalOf(windows: readonly Counts[]): Counts {
  const none: Counts = {
    requests: 0,
    succeeded: 0,
    failed: 0,
    cancelled: 0,
    failuresByReason: {},
    failureExamples: {},
  };
  return windows.reduce((sum, each) => ({
    requests: sum.requests + each.requests,
    succeeded: sum.succeeded + each.succeeded,
    failed: sum.failed + each.failed,
    cancelled: sum.cancelled + each.cancelled,
    failuresByReason: added(sum.failuresByReason, each.failuresByReason),
    failureExamples: { ...each.failureExamples, ...sum.failureExamples },
  }), none);
}

function added<Name extends string>(
  a: Readonly<Partial<Record<Name, number>>>,
  b: Readonly<Partial<Record<Name, number>>>,
): Partial<Record<Name, number>> {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])] as Name[];
  return Object.fromEntries(names.map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)])) as Record<Name, number>;
}

/** That the intervals are wider than wanted, if they are. */
export function precisionFacts(converged: boolean): Fact[] {
  return converged ? [] : [fact("Precision", "rough: a longer duration narrows the intervals")];
}

/** How many of some requests failed, where any did. */
export function failedNote({ requests, succeeded, failed }: Pick<Counts, "requests" | "succeeded" | "failed">): string {
  return succeeded === 0 ? `all ${requests} failed` : `${formatShare(failed, requests)} failed`;
}

/** What limits what a level can carry, in few words; empty if nothing does. */
export function levelNote(window: Window): string {
  const { requests, failed, succeeded, clientLimited } = window;
  if (requests === 0) return ["no request ended", ...cutNotes(window)].join(", ");
  if (succeeded === 0) return [failedNote({ requests, succeeded, failed }), ...cutNotes(window)].join(", ");
  return [
    ...cutNotes(window),
    ...(failed > 0 ? [failedNote({ requests, succeeded, failed })] : []),
    ...(clientLimited ? ["client-limited"] : []),
    ...(isRefused(window.latencyMs) ? ["the queue is not known well enough for its latency"] : []),
  ].join(", ");
}

/** Whether a mean of many requests that depend on a queue has no interval. */
const isRefused = (latency: Distribution | null): boolean =>
  latency !== null && latency.n > 30 && latency.mean.high === null;

/** Whether a window was cut short: no longer duration makes it more precise. */
export function isCut(window: Pick<Window, "lost" | "cutShort">): boolean {
  return cutNotes(window).length > 0;
}

/** What cut a window short, and what that means for its figures. */
export function cutFacts(window: Window): Fact[] {
  const { lost, cutShort, succeeded } = window;
  if (lost !== undefined) {
    const failed = `${lost.failed} ${lost.failed === 1 ? "request" : "requests"} failed as it was lost`;
    return [fact("Cut Short", `the server was lost: rates are of the time before; ${failed}`, "warning")];
  }
  if (cutShort === undefined || isUsable(window)) return [];
  return [fact("Cut Short", `after ${succeeded} ${succeeded === 1 ? "success" : "successes"}: too few to advise on`)];
}

/** What a level rests on: its successes and whether they were enough. */
export function basisOf({ succeeded, converged }: Pick<Window, "succeeded" | "converged">): Pick<
  Row,
  "n" | "converged"
> {
  return succeeded > 0 ? { n: succeeded, converged } : { n: null, converged: null };
}

/** Which levels were visited once only, if any were. */
export function leftFacts(left: readonly LeftLevel[] = []): Fact[] {
  return left.length === 0 ? [] : [fact("Visited Once", leftLevelsInWords(left))];
}

/** Says where a result was cut, if it was, when the server did not answer, if ever, and how many of its requests were sent twice, if any were. */
export function notices(
  { partial, lost, outages = [], resentRequests = 0 }: Pick<
    ResultBase,
    "partial" | "lost" | "outages" | "resentRequests"
  >,
): Block[] {
  const cause = partial === "interrupted" ? "it was interrupted" : partial === null ? null : cutInWords(partial, lost);
  const cut = cause === null
    ? []
    : [paragraph(`PARTIAL: ${cause} during this test; what is below was measured before.`, "warning")];
  const gaps = outages.map((outage) => paragraph(outageInWords(outage), "warning"));
  return [...cut, ...gaps, ...resentRequests === 0 ? [] : [paragraph(resentInWords(resentRequests), "warning")]];
}

function resentInWords(requests: number): string {
  const [met, is] = requests === 1 ? ["1 request", "It is"] : [`${requests} requests`, "Each is"];
  return `${met} met a connection that the server had closed without saying so, behind an answer or while it was idle. ` +
    `${is} counted as the one that was sent once more on a new connection, with the time lost.`;
}

/** How the optimum stands among the other levels, in brackets; empty if it is the best alone. */
export function withinNoise(
  levels: readonly Window[],
  equivalent: readonly number[],
  optimum: number,
  rivals: readonly number[] = [],
): string {
  if (isOnlyOne(levels)) return ` (${onlyOne(levels)})`;
  const others = equivalent.filter((level) => level !== optimum && !rivals.includes(level));
  const notes = [
    ...(rivals.length === 0 ? [] : [`cannot tell whether ${rivals.join(" or ")} is better`]),
    ...(others.length === 0 ? [] : [`within noise: ${others.join(", ")}`]),
  ];
  return notes.length === 0 ? "" : ` (${notes.join("; ")})`;
}
