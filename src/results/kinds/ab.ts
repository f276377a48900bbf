import * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import { measuredOr } from "../measured.ts";
import { type Absences, baseEntries, type ClientCheck, clientSchema, type ResultBase } from "../result_base.ts";
import { nullableEstimate, nullableNumber, number, textsByName } from "../schema.ts";
import { type TargetDescription, targetSchema } from "../target_description.ts";
import type { ComparisonVerdict } from "../verdict.ts";
import { type Window, windowEntries } from "../window/window.ts";
import type { Detail, Kind } from "./kind.ts";

/** What one server showed in one block: its two visits together. */
export interface BlockSide {
  /** Successful requests per second; `null` if there was none. */
  readonly requestsPerSecond: number | null;
  /** Median latency, ms. */
  readonly p50Ms: number | null;
  /** 95th percentile of the latency, ms. */
  readonly p95Ms: number | null;
}

/** Four visits close together in time: each server twice, so that a steady drift within them cancels. */
export interface PairedBlock {
  /** In which order the servers were visited. */
  readonly order: "ABBA" | "BAAB";
  /** The first server. */
  readonly a: BlockSide;
  /** The second. */
  readonly b: BlockSide;
}

/** How the second server stands against the first in one figure. */
export interface PairedEffect {
  /** b / a over the blocks; `null` where no block has both. */
  readonly ratio: Estimate | null;
  /** Whether b is better. */
  readonly verdict: ComparisonVerdict;
  /** Smallest change that such a run shows four times in five, as a share of a; `null` without an interval. */
  readonly smallestShown: number | null;
}

/** One of the two servers over all its visits. */
export interface AbSide extends Window {
  /** Which server. */
  readonly target: TargetDescription;
  /** How the client fared while it measured this server. */
  readonly client: ClientCheck;
  /** Why fields of this server are missing. */
  readonly absences: Absences;
}

/** Two servers, measured alternately. */
export interface AbResult extends ResultBase {
  /** Tells the results apart. */
  readonly kind: "ab";
  /** Seed of the orders and of the inputs. */
  readonly seed: number;
  /** Requests outstanding at any time. */
  readonly concurrency: number;
  /** Items per request. */
  readonly batchSize: number;
  /** Requests of each visit, its first ones apart. */
  readonly requestsPerVisit: number;
  /** The first server, which the second is held against, over all its visits. */
  readonly a: AbSide;
  /** The second server. */
  readonly b: AbSide;
  /** In the order in which they ran. */
  readonly blocks: readonly PairedBlock[];
  /** Effects, each from the blocks' ratios. */
  readonly effects: {
    /** Of the throughput: the one that the verdict is about. */
    readonly throughput: PairedEffect;
    /** Of the median latency; this and the next hold together at 95 % (Bonferroni). */
    readonly p50: PairedEffect;
    /** Of the 95th percentile of the latency. */
    readonly p95: PairedEffect;
  };
  /** Error rate of b less that of a, 0 to 1; `null` where one ended no request. */
  readonly errorDifference: Estimate | null;
  /**
   * That of the throughput, named before the run, so that no luck among several figures decides. Where `absences` say that
   * answers differ in length, nothing can be told by it.
   */
  readonly verdict: ComparisonVerdict;
}

const side = v.looseObject({
  target: targetSchema,
  ...windowEntries,
  client: clientSchema,
  absences: textsByName,
});
const blockSide = v.looseObject({ requestsPerSecond: nullableNumber, p50Ms: nullableNumber, p95Ms: nullableNumber });
const verdict = v.picklist(["better", "worse", "no difference found", "cannot tell"]);
const effect = v.looseObject({ ratio: nullableEstimate, verdict, smallestShown: nullableNumber });

function detailsOf({ errorDifference, effects, blocks, a, b }: AbResult): Detail[] {
  return [
    {
      at: null,
      values: [
        { id: "error_rate_difference", unit: "share", value: errorDifference },
        ...(["throughput", "p50", "p95"] as const).map((name) => ({
          id: `${name}_smallest_shown`,
          unit: "share",
          value: effects[name].smallestShown,
        })),
      ],
    },
    ...blocks.flatMap((block, index) =>
      (["a", "b"] as const).map((side) => ({
        at: { axis: "block x server", level: `${index + 1} x ${side.toUpperCase()}`, target: { a, b }[side].target },
        values: [
          { id: "requests_per_second", unit: "requests/s", value: block[side].requestsPerSecond },
          { id: "latency_p50", unit: "ms", value: block[side].p50Ms },
          { id: "latency_p95", unit: "ms", value: block[side].p95Ms },
        ],
      }))
    ),
  ];
}

/** What the house knows of the A/B test. */
export const abKind: Kind<AbResult> = {
  title: "A/B",
  name: "the A/B test",
  question: "Is the second server faster than the first?",
  axis: { label: "server", id: "server" },
  schema: v.looseObject({
    kind: v.literal("ab"),
    seed: number,
    concurrency: number,
    batchSize: number,
    requestsPerVisit: number,
    verdict,
    effects: v.looseObject({ throughput: effect, p50: effect, p95: effect }),
    a: side,
    b: side,
    blocks: v.array(v.looseObject({ order: v.picklist(["ABBA", "BAAB"]), a: blockSide, b: blockSide })),
    errorDifference: nullableEstimate,
    ...baseEntries,
  }) as unknown as v.GenericSchema<unknown, AbResult>,
  windows: ({ a, b }) => [
    { level: "A", target: a.target, window: a },
    { level: "B", target: b.target, window: b },
  ],
  best: null,
  asked: ({ concurrency, batchSize }) => ({ concurrency, batchSize }),
  figures: (["throughput", "p50", "p95"] as const).map((name) => ({
    id: `${name}_ratio`,
    label: `${name === "throughput" ? name : name === "p50" ? "median latency" : "p95 latency"} of B to A`,
    unit: "times",
    better: name === "throughput" ? "more" : "less",
    read: ({ effects, absences }: AbResult) =>
      measuredOr(effects[name].ratio, absences, ["effects"], "no block was finished"),
    compared: true,
  } as const)),
  details: detailsOf,
  sides: ({ a, b }) => [{ ...a, title: "Server A" }, { ...b, title: "Server B" }],
  isAnswered: ({ a, b }) => a.succeeded > 0 && b.succeeded > 0,
};
