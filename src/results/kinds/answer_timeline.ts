import * as v from "valibot";
import { nullableNumber, number, numbers } from "../schema.ts";

/** One streamed answer over its time. Moments are ms since its request was due, in a closed loop since it was sent. */
export interface AnswerTimeline {
  /** Why it is shown: it is any one, its first token came latest, or it had the longest gaps. */
  readonly why: "usual" | "late first token" | "long gap";
  /** When the request was sent; 0 in a closed loop. */
  readonly sentMs: number;
  /** When the head of the answer came; `null` where that is not known. */
  readonly headersMs: number | null;
  /** When the first event came, whatever it held. */
  readonly firstEventMs: number;
  /** When the first chunk came that added something. */
  readonly firstTokenMs: number;
  /** When the answer was over. */
  readonly endMs: number;
  /** Chunks that added something. */
  readonly chunks: number;
  /** Output tokens; `null` where nothing counts them. */
  readonly tokens: number | null;
  /** Moments at which chunks came, ascending, at most 256: where there were more, that behind the longest gap of its neighbours. */
  readonly atMs: readonly number[];
  /** The gap before each, ms; 0 before the first. */
  readonly gapMs: readonly number[];
}

/** {@linkcode AnswerTimeline} in a results file. */
export const answerTimelineSchema: v.GenericSchema<unknown, AnswerTimeline> = v.looseObject({
  why: v.picklist(["usual", "late first token", "long gap"]),
  sentMs: number,
  headersMs: nullableNumber,
  firstEventMs: number,
  firstTokenMs: number,
  endMs: number,
  chunks: number,
  tokens: nullableNumber,
  atMs: numbers,
  gapMs: numbers,
});
