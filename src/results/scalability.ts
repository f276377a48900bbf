import type { Estimate } from "../core/estimate.ts";
import type { LevelMeasurement } from "./window.ts";
import type { ResultBase } from "./result_base.ts";

/** One concurrency of a scalability test. */
export interface ScalabilityLevel extends LevelMeasurement {
  /** Requests outstanding at any time. */
  readonly concurrency: number;
  /** X(n) / (n X(1)); `null` if either is missing. */
  readonly efficiency: Estimate | null;
  /** n / (X times mean latency): 1 by Little's law; `null` if nothing succeeded. */
  readonly littlesLawRatio: number | null;
}

/** Universal Scalability Law (N. Gunther): X(n) = lambda n / (1 + sigma (n - 1) + kappa n (n - 1)). */
export interface UslFit {
  /** Throughput of one client, requests per second. */
  readonly lambda: Estimate;
  /** Contention: the serial share. */
  readonly sigma: Estimate;
  /** Coherency: the cost of each pair. */
  readonly kappa: Estimate;
  /** Concurrency of the highest throughput, sqrt((1 - sigma) / kappa); `null` where it grows without end. */
  readonly peakConcurrency: number | null;
  /** Coefficient of determination, 0 to 1. */
  readonly rSquared: number;
}

/** What a figure of a curve is, in a 95 % interval. */
export interface CurveInterval {
  /** Lower end, concurrency. */
  readonly low: number;
  /** Upper end, concurrency; `null` where the curve may have none. */
  readonly high: number | null;
}

/** Requests per second over concurrency. */
export interface ScalabilityResult extends ResultBase {
  /** Tells the results apart. */
  readonly kind: "scalability";
  /** Items per request. */
  readonly batchSize: number;
  /** Ascending by concurrency. */
  readonly levels: readonly ScalabilityLevel[];
  /** The smallest concurrency whose interval overlaps the best's, errors under 1 %; `null` if there is none. */
  readonly optimalConcurrency: number | null;
  /** All levels whose interval overlaps the best's, ascending. */
  readonly equivalentConcurrencies: readonly number[];
  /** 100 (1 - X(highest level) / max X). */
  readonly degradationPercent: Estimate | null;
  /** `null` where it was refused; `absences.usl` says why. */
  readonly usl: UslFit | null;
  /** Knee of the curve (Kneedle); `null` if there is none. */
  readonly kneeConcurrency: number | null;
  /** Interval of `usl.peakConcurrency` (parametric bootstrap); `null` where it cannot be given. */
  readonly peakInterval?: CurveInterval | null;
  /** Interval of the knee (parametric bootstrap); `null` where it cannot be given. */
  readonly kneeInterval?: CurveInterval | null;
}
