import type { Estimate } from "../../core/estimate.ts";
import type { ResultKind } from "../kinds.ts";
import type { Load } from "../window/load.ts";

/** One load that was visited more than once in a run, and came out differently. */
export interface DriftEvidence {
  /** What was offered. */
  readonly load: Load;
  /** Where it was slowest. */
  readonly slower: RepeatedMeasurement;
  /** Where it was fastest. */
  readonly faster: RepeatedMeasurement;
}

/** One of several visits to the same load. */
export interface RepeatedMeasurement {
  /** The test that made it, by its kind. */
  readonly source: ResultKind;
  /** When it began, ms since the run began; left out where that was not kept. */
  readonly atMs?: number;
  /** What it came to, requests per second. */
  readonly requestsPerSecond: Estimate;
}
