import type { Estimate } from "../../core/estimate.ts";

/** What the growth of a server's GPU memory rests on. Memory in bytes. */
export interface GpuGrowthEvidence {
  /** What told it: the allocator's counters, or the driver's word on the process. */
  readonly by: "allocator" | "process";
  /** For each completed request. */
  readonly bytesPerRequest: Estimate;
  /** Whether memory that requests leave behind grows. */
  readonly verdict: "growing" | "stable" | "cannot tell";
  /** Requests that it was observed over. */
  readonly requests: number;
  /** What filled early in the soak and was kept; left out where nothing did. */
  readonly filledBytes?: number;
  /** What the process took for each request while nothing leaked: its allocator's cache; left out where it took nothing. */
  readonly cacheBytesPerRequest?: Estimate;
  /** About how many requests would tell, where this soak cannot; left out where it can, or nobody knows. */
  readonly requestsNeeded?: number;
  /** Requests until the device is full; left out where nothing grows, or the size of the device is not known. */
  readonly requestsUntilFull?: number;
  /** Why that says nothing of the server; left out where it does. */
  readonly because?: string;
}
