import type { SampleTable } from "../../core/sample.ts";
import { limitedMetric } from "../../objectives/metrics.ts";
import { limitVerdict } from "../../objectives/limit_verdict.ts";
import type { Objective } from "../../results/objective.ts";
import type { LatencyOrigin } from "../../results/window/request_metrics.ts";
import { GroupedSums, makeRoom } from "../../stats/grouped/grouped_sums.ts";

/**
 * Which requests kept their limits, in the order in which they are told, in memory that does not grow with their number.
 *
 * One that failed is not good. One that keeps every limit that it can be held against, but lacks a time that is limited, is
 * left out of the share and counted by itself: nobody knows whether it would have kept it.
 */
export class GoodputSeries {
  /** 1 for a request that kept all limits, 0 for one that did not. */
  readonly kept: GroupedSums = new GroupedSums();
  /** 1 for a good request, 0 for any other that ended. */
  readonly good: GroupedSums = new GroupedSums();
  /** Output tokens of each that is good, 0 of any other that ended. */
  readonly goodTokens: GroupedSums = new GroupedSums();
  /** Time since the request before it, ms. */
  readonly gapsMs: GroupedSums = new GroupedSums();
  /** Those without some time that is limited, by its name. */
  readonly unjudged: Record<string, number> = {};
  /** Good requests whose tokens were counted. */
  counted: number = 0;
  readonly #origin: LatencyOrigin;
  readonly #limits;
  #lastMs: number;

  /**
   * @param limits From `parseRequestLimits`.
   * @param origin Where the latency of the window begins.
   * @param startMs When the time before the first request began, ms since the run began. @default {with it}
   */
  constructor(limits: readonly Objective[], origin: LatencyOrigin, startMs: number = NaN) {
    this.#origin = origin;
    this.#lastMs = startMs;
    this.#limits = limits.map((limit) => ({ limit, read: limitedMetric(limit.metric).read }));
  }

  /**
   * Takes in an attempt that counts; a cancelled one is left out.
   *
   * @param samples Where it stands.
   * @param i Which.
   * @param atMs Its place in time, ms since the run began.
   */
  add(samples: SampleTable, i: number, atMs: number): void {
    const succeeded = samples.succeeded(i);
    if (!succeeded && samples.outcome(i).kind !== "failure") return;
    const lacks = succeeded ? this.#lacking(samples, i) : "bad";
    if (lacks === null || lacks === "bad") this.kept.add(lacks === null ? 1 : 0);
    else this.unjudged[lacks.metric] = (this.unjudged[lacks.metric] ?? 0) + 1;
    this.good.add(lacks === null ? 1 : 0);
    const tokens = lacks === null ? samples.stream(i, "outputTokens") : NaN;
    if (!Number.isNaN(tokens)) this.counted++;
    this.goodTokens.add(Number.isNaN(tokens) ? 0 : tokens);
    this.gapsMs.add(Math.max(0, Number.isNaN(this.#lastMs) ? 0 : atMs - this.#lastMs));
    this.#lastMs = atMs;
  }

  /** Takes in one that was never answered. */
  addUnanswered(): void {
    this.kept.add(0);
    for (const sums of [this.good, this.goodTokens, this.gapsMs]) sums.add(0);
  }

  /**
   * Adds what came after.
   *
   * @param later Is not changed.
   */
  append(later: GoodputSeries): void {
    this.kept.append(later.kept, makeRoom(this.kept, later.kept));
    for (const sums of ["good", "goodTokens", "gapsMs"] as const) {
      this[sums].append(later[sums], makeRoom(this[sums], later[sums]));
    }
    for (const [name, count] of Object.entries(later.unjudged)) {
      this.unjudged[name] = (this.unjudged[name] ?? 0) + count;
    }
    this.counted += later.counted;
  }

  /** The first limit of which a success has no time, where it keeps all others; `null` where it is good. */
  #lacking(samples: SampleTable, i: number): Objective | "bad" | null {
    let lacks: Objective | null = null;
    for (const { limit, read } of this.#limits) {
      const value = read(samples, i, this.#origin);
      if (Number.isNaN(value)) lacks ??= limit;
      else if (limitVerdict({ value, low: value, high: value, level: 1, n: 1 }, limit) !== "met") return "bad";
    }
    return lacks;
  }
}
