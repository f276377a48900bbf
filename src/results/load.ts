import type { Distribution, Estimate } from "../core/estimate.ts";
import type { Counts } from "./window.ts";
import type { ResultBase } from "./result_base.ts";

/** One offered rate of a load test. Requests count by the moment at which they were due. */
export interface OfferedLevel extends Counts {
  /** Rate that was offered, requests per second: those due in the window by its length. */
  readonly offeredPerSecond: number;
  /** Requests that were due in the window. */
  readonly due: number;
  /** Those that were given up: not answered some seconds after the window. */
  readonly unanswered: number;
  /** Length of the window, ms. */
  readonly durationMs: number;
  /** Successes per second that ended inside the window; `null` if none did. */
  readonly achievedPerSecond: Estimate | null;
  /** Latency of successes from the moment they were due, ms; `null` if none succeeded. */
  readonly latencyMs: Distribution | null;
  /** The same from the moment they were sent, ms: what the server took. */
  readonly serviceMs: Distribution | null;
  /** How late requests were sent, ms. */
  readonly latenessMs: Distribution | null;
  /** Failed share of requests, unanswered ones among them, 0 to 1; `null` if none was due. */
  readonly errorRate: Estimate | null;
  /** How fast the number of unanswered requests grew, per second; `null` where the window was too short. */
  readonly backlogGrowthPerSecond: Estimate | null;
  /** True if the server did not keep up: latencies then grow with the length of the window. */
  readonly saturated: boolean;
  /** Whether the interval of the p95 latency is within 10 %. */
  readonly converged: boolean;
  /** True if the client may have set the numbers. */
  readonly clientLimited: boolean;
}

/** One trial of a capacity search. */
export interface CapacityProbe {
  /** What was tried: requests per second, or requests outstanding. */
  readonly level: number;
  /** Whether the objectives held; `unclear` where an interval straddles a limit even after a second run. */
  readonly verdict: "met" | "missed" | "unclear";
  /** Each objective with what was found, for people. */
  readonly evidence: readonly string[];
  /** Runs that it rests on. */
  readonly runs: number;
}

/** The highest level that holds the objectives. */
export interface CapacitySearch {
  /** Highest level that met them; `null` if none did. */
  readonly highest: number | null;
  /** Lowest level above it that did not; `null` if every level met them. */
  readonly lowestMissed: number | null;
  /** Why the search ended: it closed in, no level met the objectives, or all did up to the bound of the client. */
  readonly ended: "found" | "never met" | "always met" | "stopped early";
  /** Trials in the order in which they ran. */
  readonly probes: readonly CapacityProbe[];
}

/** How the server does at given arrival rates (open loop). */
export interface LoadResult extends ResultBase {
  /** Tells the results apart. */
  readonly kind: "load";
  /** How requests arrive: `constant`, `poisson`, `bursts of 10`, ... */
  readonly arrivals: string;
  /** Items per request. */
  readonly batchSize: number;
  /** Ascending by offered rate. */
  readonly levels: readonly OfferedLevel[];
  /** Highest offered rate that the server kept up with; `null` if there was none. */
  readonly sustainedPerSecond: number | null;
  /** Lowest offered rate that it did not keep up with; `null` if there was none. */
  readonly saturatedPerSecond: number | null;
  /** With objectives: the capacity under them. */
  readonly capacity: {
    /** As given: `p99<100ms,errors<1%`. */
    readonly objectives: string;
    /** Highest arrival rate, requests per second. */
    readonly rate: CapacitySearch;
    /** Highest concurrency of a closed loop. */
    readonly concurrency: CapacitySearch;
    /** Successes per second that met the latency objectives at the highest rate (goodput); `null` if none did. */
    readonly goodputPerSecond: number | null;
  } | null;
}
