import type { WireRequest } from "../../src/core/transport.ts";

/** What one tool says of one window. */
export interface Figures {
  /** Answers per second. */
  readonly requestsPerSecond: number;
  /** Median latency, ms. */
  readonly p50Ms: number;
  /** 95th percentile of the latency, ms. */
  readonly p95Ms: number;
  /** 99th percentile of the latency, ms. */
  readonly p99Ms: number;
}

/** The figures' names, in the order in which they are printed. */
export const FIGURES = ["requestsPerSecond", "p50Ms", "p95Ms", "p99Ms"] as const satisfies (keyof Figures)[];

/** What every tool is asked to measure. */
export interface Load {
  /** Base URL of the server. */
  readonly url: string;
  /** The model. */
  readonly model: string;
  /** Requests that are sent in turn. */
  readonly requests: readonly WireRequest[];
  /** Items in each of them. */
  readonly batchSize: number;
  /** Requests outstanding at any time. */
  readonly concurrency: number;
  /** Length of the window, s. */
  readonly seconds: number;
}

/** Another client that measures the same. */
export interface Peer {
  /** Its name and version. */
  readonly name: string;
  /** In what it differs by its making, one sentence. */
  readonly note: string;
  /** Measures one window; rejects if a request failed. */
  measure(load: Load): Promise<Figures>;
}

/** Something that the comparison needs is not here; the message says what to install. */
export class MissingToolError extends Error {
  override readonly name = "MissingToolError";
}
