import type { Estimate } from "../../core/estimate.ts";
import type { ResultKind } from "../kinds.ts";
import type { CeilingFigures, ClientLimit, ClientUse } from "../window/client_use.ts";

/** How long a lone request is moved: handed over, and its answer read. */
export interface TransferEvidence {
  /** Mean latency, ms. */
  readonly latencyMs: Estimate;
  /** Mean time until it was handed over to the system, ms. */
  readonly sendingMs: Estimate;
  /** Mean time from the first byte of its answer to the last, ms. */
  readonly readingMs: Estimate;
  /** Both as a share of latency, 0 to 1. */
  readonly transferShare: number;
  /** Items per request. */
  readonly batchSize: number;
}

/** How the client came to limit a test. Shares are the highest of the levels, and left out where they are no reason. */
export interface ClientLimitEvidence extends
  CeilingFigures,
  Partial<
    Record<
      keyof Pick<ClientUse, "starvedShare" | "writingShare" | "readingShare" | "judgingShare" | "betweenShare">,
      number
    >
  > {
  /** The test. */
  readonly test: ResultKind;
  /** Levels that were limited; empty for a test without levels. */
  readonly levels: readonly (number | string)[];
  /** Share of one core that the client used over the whole test, or `null` if unknown. */
  readonly cpuShare: number | null;
  /** What shows it; left out by versions before 0.2. */
  readonly because?: readonly ClientLimit[];
  /** Share of the time in which its thread was busy. */
  readonly threadShare?: number;
  /** How late requests of open loops were sent, p95 of the worst of these levels, ms; left out where they were in time. */
  readonly latenessMs?: number;
}

/** Where the client took most of the machine that it shares with the server. */
export interface ClientCpuEvidence {
  /** The test. */
  readonly test: ResultKind;
  /** Its level; `null` for a test without levels. */
  readonly level: number | string | null;
  /** CPU time of the client in cores. */
  readonly cpuShare: number;
  /** Cores of the machine. */
  readonly sharedCores: number;
}
