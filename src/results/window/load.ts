import * as v from "valibot";
import { number } from "../schema.ts";

/** When requests arrive in an open loop, as it was asked for. Rates are requests per second. */
export type ArrivalPattern =
  | { readonly kind: "constant" | "poisson"; readonly ratePerSecond: number }
  | { readonly kind: "bursts"; readonly ratePerSecond: number; readonly size: number }
  | { readonly kind: "ramp"; readonly fromPerSecond: number; readonly toPerSecond: number }
  | Trace;

/** Recorded moments at which requests are due. */
export interface Trace {
  /** Tells the patterns apart. */
  readonly kind: "trace";
  /** How many moments. */
  readonly requests: number;
  /** From the first to the last, ms; left out by versions before 0.2. */
  readonly lengthMs?: number;
  /** The same for the same moments, another for others; left out by versions before 0.2. */
  readonly digest?: string;
}

/** What all levels of an open loop have in common: the pattern but for its rate. */
export type ArrivalShape =
  | { readonly kind: "constant" | "poisson" }
  | { readonly kind: "bursts"; readonly size: number }
  | Extract<ArrivalPattern, { kind: "ramp" }>
  | Trace;

/** So many requests are outstanding at any time: each is followed by the next when it was answered. */
export interface ClosedLoad {
  /** Tells the loads apart. */
  readonly kind: "closed";
  /** Requests outstanding at any time. */
  readonly concurrency: number;
  /** Items per request. */
  readonly batchSize: number;
  /** Single requests that the server was told to join into one batch; left out where it makes none. */
  readonly serverBatchSize?: number;
  /** Words of each prompt, made for it; left out where the run's own items are sent. */
  readonly promptWords?: number;
}

/** Requests are sent when they are due, whether or not earlier ones were answered. */
export interface OpenLoad {
  /** Tells the loads apart. */
  readonly kind: "open";
  /** When they are due. */
  readonly arrivals: ArrivalPattern;
  /** Most connections; requests that are due beyond wait in the client, and their latency counts on. */
  readonly maxConnections: number;
  /** Items per request. */
  readonly batchSize: number;
}

/** What is offered to a server, as it was asked for: what came out is a result, not a load. */
export type Load = ClosedLoad | OpenLoad;

/**
 * A text that is the same for the same load, and another for another.
 *
 * @example
 * ```ts
 * import { assertEquals, assertNotEquals } from "@std/assert";
 * import { loadKey } from "./load.ts";
 *
 * const load = { kind: "closed", concurrency: 4, batchSize: 1 } as const;
 * assertEquals(loadKey(load), loadKey({ batchSize: 1, kind: "closed", concurrency: 4 }));
 * assertNotEquals(loadKey(load), loadKey({ ...load, serverBatchSize: 4 }));
 * ```
 *
 * @param load What was asked for.
 */
export function loadKey(load: Load | object): string {
  const sorted = (value: unknown): unknown =>
    typeof value === "object" && value !== null
      ? Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : 1).map(([key, of]) => [key, sorted(of)])
      : value;
  return JSON.stringify(sorted(load));
}

/**
 * Mean rate that an open loop offers, requests per second; `null` for a trace, whose rate is what its file holds.
 *
 * @param arrivals What was asked for.
 */
export function rateOf(arrivals: ArrivalPattern): number | null {
  switch (arrivals.kind) {
    case "trace":
      return null;
    case "ramp":
      return (arrivals.fromPerSecond + arrivals.toPerSecond) / 2;
    default:
      return arrivals.ratePerSecond;
  }
}

/**
 * A pattern but for its rate.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { shapeOf } from "./load.ts";
 *
 * assertEquals(shapeOf({ kind: "bursts", ratePerSecond: 50, size: 10 }), { kind: "bursts", size: 10 });
 * ```
 *
 * @param arrivals What was asked for.
 */
export function shapeOf(arrivals: ArrivalPattern): ArrivalShape {
  if (arrivals.kind === "ramp" || arrivals.kind === "trace") return arrivals;
  const { ratePerSecond: _, ...shape } = arrivals;
  return shape;
}

const ramp = v.looseObject({ kind: v.literal("ramp"), fromPerSecond: number, toPerSecond: number });
const trace = v.looseObject({
  kind: v.literal("trace"),
  requests: number,
  lengthMs: v.exactOptional(number),
  digest: v.exactOptional(v.string()),
});

/** {@linkcode ArrivalShape} in a results file. */
export const arrivalShapeSchema: v.GenericSchema<unknown, ArrivalShape> = v.variant("kind", [
  v.looseObject({ kind: v.picklist(["constant", "poisson"]) }),
  v.looseObject({ kind: v.literal("bursts"), size: number }),
  ramp,
  trace,
]);

const arrivalPattern = v.variant("kind", [
  v.looseObject({ kind: v.picklist(["constant", "poisson"]), ratePerSecond: number }),
  v.looseObject({ kind: v.literal("bursts"), ratePerSecond: number, size: number }),
  ramp,
  trace,
]);

/** {@linkcode Load} in a results file. */
export const loadSchema: v.GenericSchema<unknown, Load> = v.variant("kind", [
  v.looseObject({
    kind: v.literal("closed"),
    concurrency: number,
    batchSize: number,
    serverBatchSize: v.exactOptional(number),
    promptWords: v.exactOptional(number),
  }),
  v.looseObject({ kind: v.literal("open"), arrivals: arrivalPattern, maxConnections: number, batchSize: number }),
]);
