import type { Picked, PickedAnswer } from "../../core/stream/answer_picks.ts";
import type { AnswerTimeline } from "../../results/kinds/answer_timeline.ts";
import type { LatencyOrigin } from "../../results/window/request_metric.ts";

/** Answers of each sort that are shown. */
const USUAL = 6, WORST = 3;

/** Some answers of a run, and the part of its time that counts. Moments are ms since the run began. */
export interface PickedWindow {
  readonly answers: Picked | undefined;
  readonly origin: LatencyOrigin;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * A few answers over their time: some of the usual ones, from early to late first tokens, those with the latest first tokens,
 * and those with the longest gaps between chunks, each once.
 *
 * @param windows Those of one load.
 * @returns Nothing where no answer was streamed.
 */
export function answerTimelines(windows: readonly PickedWindow[]): { readonly answers?: readonly AnswerTimeline[] } {
  const counted = (which: keyof Picked) =>
    windows.flatMap(({ answers, origin, startMs, endMs }) =>
      (answers?.[which] ?? []).filter(({ scheduledAt, endedAt }) =>
        origin === "due" ? scheduledAt >= startMs && scheduledAt < endMs : endedAt > startMs && endedAt <= endMs
      )
    );
  // Of a few answers all are usual.
  const worst = Math.min(WORST, Math.floor(counted("usual").length / 4));
  const late = counted("late").toSorted((a, b) => firstTokenOf(b) - firstTokenOf(a)).slice(0, worst);
  const stalled = counted("stalled").filter((answer) => !late.includes(answer))
    .toSorted((a, b) => b.stream.longestGapMs - a.stream.longestGapMs).slice(0, worst);
  const shown = new Set([...late, ...stalled].map(idOf));
  const others = counted("usual").filter((answer) => !shown.has(idOf(answer)))
    .toSorted((a, b) => firstTokenOf(a) - firstTokenOf(b));
  const answers = [
    ...spread(others, USUAL).map((answer) => timelineOf(answer, "usual")),
    ...late.map((answer) => timelineOf(answer, "late first token")),
    ...stalled.map((answer) => timelineOf(answer, "long gap")),
  ];
  return answers.length === 0 ? {} : { answers };
}

const firstTokenOf = ({ stream, scheduledAt }: PickedAnswer) => stream.firstTokenAt - scheduledAt;

/** No two answers of one load were sent and over at the same moments. */
const idOf = ({ sentAt, endedAt }: PickedAnswer) => `${sentAt} ${endedAt}`;

/** So many of a list, as evenly over it as can be. */
function spread<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, k) => list[Math.round(k * (list.length - 1) / (most - 1))]!);
}

function timelineOf(
  { scheduledAt, sentAt, firstByteAt, endedAt, stream, times }: PickedAnswer,
  why: AnswerTimeline["why"],
): AnswerTimeline {
  const since = (atMs: number) => rounded(atMs - scheduledAt);
  return {
    why,
    sentMs: since(sentAt),
    headersMs: Number.isNaN(firstByteAt) ? null : since(firstByteAt),
    firstEventMs: since(stream.firstEventAt),
    firstTokenMs: since(stream.firstTokenAt),
    endMs: since(endedAt),
    chunks: stream.chunks,
    tokens: Number.isNaN(stream.outputTokens) ? null : stream.outputTokens,
    atMs: Array.from(times.atMs.subarray(0, times.length), since),
    gapMs: Array.from(times.gapMs.subarray(0, times.length), rounded),
  };
}

/** A chart shows no less than a hundredth of a millisecond. */
const rounded = (ms: number) => Math.round(100 * ms) / 100;
