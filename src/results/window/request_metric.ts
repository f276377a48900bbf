import type { SampleTable } from "../../core/sample.ts";
import type { Unit } from "../units.ts";

/** Where a latency begins: when the request was sent (closed loop), or when it was due (open loop). */
export type LatencyOrigin = "sent" | "due";

/** One time of each successful request. A window holds its distribution under `field`. */
export interface RequestMetric {
  /** Name of the distribution in a window. */
  readonly field: RequestField;
  /** Name in tables of figures, in snake case. */
  readonly id: string;
  /** Name for people, as in `p95 latency`. */
  readonly label: string;
  /** What objectives write before `-p95`; empty where they write `p95` alone; left out where they cannot ask for it. */
  readonly gatePrefix?: "" | `${string}-`;
  /** Left out of closed loops, where it says nothing. */
  readonly openLoopOnly?: true;
  /** Left out by versions before 0.2. */
  readonly isNew?: true;
  /** Left out of windows whose answers were not streamed. */
  readonly streamedOnly?: true;
  /** An answer of one token has none. */
  readonly betweenTokens?: true;
  /** What it is measured in. @default {"ms"} */
  readonly unit?: Unit;
  /** Which side of it is better. @default {"less"} */
  readonly better?: "less" | "more";
  /** How it is defined, and where tools differ, for people. */
  readonly definition?: string;
  /** Why a window with successes may have none, for people. */
  readonly absence: string;
  /**
   * Reads it from a sample.
   *
   * @param samples Where the sample stands.
   * @param i Which.
   * @param origin Where the latency of the window begins.
   * @returns In `unit`; `NaN` where this request has none.
   */
  readonly read: (samples: SampleTable, i: number, origin: LatencyOrigin) => number;
}

/** Distributions that every window has. */
export type AlwaysField = "latencyMs" | "firstByteMs" | "serverMs";
/** Parts of a request's time, in their order; versions before 0.2 did not tell them apart. */
export type PartField = "sendingMs" | "waitingMs" | "readingMs" | "judgingMs";
/** Distributions of open loops. */
export type OpenField = "serviceMs" | "latenessMs";
/** Distributions of streamed answers. */
export type StreamField =
  | "firstTokenMs"
  | "firstVisibleMs"
  | "tokenMs"
  | "userTokensPerSecond"
  | "chunkGapMs"
  | "longestGapMs"
  | "lastTokenMs"
  | "outputTokens"
  | "promptTokens";
/** Names of the distributions of a window. */
export type RequestField = AlwaysField | PartField | OpenField | StreamField;
