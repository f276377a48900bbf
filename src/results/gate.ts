import type { ResultKind } from "./kinds.ts";
import type { ObjectiveOutcome } from "./objective.ts";

/** Where a figure was measured; what does not apply is `null`. */
export interface GatePlace {
  /** The kind of result that holds it. */
  readonly test: ResultKind;
  /** Items per request. */
  readonly batchSize: number | null;
  /** Requests outstanding at any time; `null` in an open loop. */
  readonly concurrency: number | null;
  /** Offered rate, requests per second; left out in a closed loop. */
  readonly offeredPerSecond?: number;
}

/** One objective of a gate with its evidence. */
export interface GateOutcome extends ObjectiveOutcome {
  /** Where it was measured; `null` where it was not. */
  readonly place: GatePlace | null;
  /** Why it was not measured, or why what was measured does not tell, for people; `null` where neither is so. */
  readonly absence: string | null;
  /**
   * About how many observations (requests, cold starts) would narrow the interval enough to tell; `null` where it can be told,
   * or where no number of them would.
   */
  readonly observationsNeeded: number | null;
}

/** Whether a run keeps its objectives. */
export interface Gate {
  /** Whether the run passes. */
  readonly passed: boolean;
  /** Whether an objective that cannot be told lets it pass. */
  readonly lenient: boolean;
  /** One for each objective, in their order. */
  readonly outcomes: readonly GateOutcome[];
}
