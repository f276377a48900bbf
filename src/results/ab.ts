import type { ComparisonVerdict } from "./comparison.ts";
import type { Estimate } from "../core/estimate.ts";
import type { TargetDescription } from "./report.ts";
import type { LevelMeasurement, ResultBase } from "./result.ts";

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

/** Two servers, measured alternately. */
export interface PairedResult extends ResultBase {
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
  readonly a: { readonly target: TargetDescription } & LevelMeasurement;
  /** The second server. */
  readonly b: { readonly target: TargetDescription } & LevelMeasurement;
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
  /** That of the throughput, named before the run, so that no luck among several figures decides. */
  readonly verdict: ComparisonVerdict;
}
