import * as v from "valibot";
import { baseEntries, type ResultBase } from "../result_base.ts";
import { nullableNumber, number } from "../schema.ts";
import { type AnswerTimeline, answerTimelineSchema } from "./answer_timeline.ts";
import { type Window, windowEntries } from "../window/window.ts";
import { type CacheCheck, cacheCheckEntries } from "./cache_check.ts";
import type { Kind } from "./kind.ts";

/** A moment of a run and a latency, for a chart; both ms. */
export interface TimelinePoint {
  /** When it ended, in an open loop when it was due, ms since the window began. */
  readonly atMs: number;
  /** Latency, ms. */
  readonly latencyMs: number;
}

/** One load: a closed loop at one concurrency, or an open loop at one arrival rate. */
export interface BasicResult extends ResultBase, Window {
  /** Tells the results apart. */
  readonly kind: "basic";
  /** Requests outstanding at any time; `null` in an open loop. */
  readonly concurrency: number | null;
  /** Items per request. */
  readonly batchSize: number;
  /** Latency over time for a chart, at most 2,000 points. */
  readonly timeline: readonly TimelinePoint[];
  /** The same for the warm-up, what MSER-5 cut included: moments up to 0, at most 500 points. */
  readonly warmUpTimeline?: readonly TimelinePoint[];
  /**
   * Quantiles of the latency by their share, 0 to 1: every half percent and 20 to each decade of the tail. Left out where
   * `timeline` holds every latency.
   */
  readonly latencyQuantiles?: readonly { readonly share: number; readonly latencyMs: number }[];
  /** Quantiles of streamed answers by their share, 0 to 1; ms. Left out where answers were not streamed. */
  readonly streamQuantiles?: {
    readonly [Field in "firstTokenMs" | "tokenMs"]?: readonly { readonly share: number; readonly latencyMs: number }[];
  };
  /** A few streamed answers over their time, for a chart; left out where answers were not streamed. */
  readonly answers?: readonly AnswerTimeline[];
  /** Whether a response cache answers repeated requests; left out where that was not asked. */
  readonly cache?: CacheCheck;
}

const quantiles = v.array(v.looseObject({ share: number, latencyMs: number }));
const timeline = v.array(v.looseObject({ atMs: number, latencyMs: number }));

/** What the house knows of the basic test. */
export const basicKind: Kind<BasicResult> = {
  title: "Basic",
  name: "the basic test",
  question: "How fast does the server answer at one load?",
  axis: null,
  schema: v.looseObject({
    kind: v.literal("basic"),
    concurrency: nullableNumber,
    batchSize: number,
    ...windowEntries,
    ...baseEntries,
    timeline,
    warmUpTimeline: v.exactOptional(timeline),
    latencyQuantiles: v.exactOptional(quantiles),
    streamQuantiles: v.exactOptional(
      v.looseObject({ firstTokenMs: v.exactOptional(quantiles), tokenMs: v.exactOptional(quantiles) }),
    ),
    answers: v.exactOptional(v.array(answerTimelineSchema)),
    cache: v.exactOptional(v.looseObject(cacheCheckEntries)),
  }) as unknown as v.GenericSchema<unknown, BasicResult>,
  windows: (window) => [{ level: null, window }],
  best: (window) => ({ level: null, window }),
  asked: ({ load }) => ({ ...load }),
  figures: [],
  details: ({ cache }) =>
    cache === undefined ? [] : [{
      at: null,
      values: [
        { id: "cache_new_over_repeated", unit: "times", value: cache.ratio },
        { id: "cache_new_latency", unit: "ms", value: cache.newMs },
        { id: "cache_repeated_latency", unit: "ms", value: cache.repeatedMs },
      ],
    }],
  comparedOfBest: [
    "requests_per_second",
    "latency_p50",
    "latency_p95",
    "latency_p99",
    "time_to_first_token_p50",
    "time_to_first_token_p95",
    "time_per_output_token_p50",
    "output_tokens_per_second",
    "error_rate",
    "energy_per_prediction",
  ],
};
