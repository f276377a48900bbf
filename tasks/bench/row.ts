import { ascending } from "../../src/stats/estimates/ascending.ts";
import { quantile } from "../../src/stats/estimates/quantile.ts";

/** The figures of the benchmark, each in one unit. */
export interface Figures {
  /** Requests that were answered, per second. */
  readonly requestsPerSecond: number;
  /** Bytes of bodies, 1e9 per second. */
  readonly gigabytesPerSecond: number;
  /** CPU time of the client for each request, us. */
  readonly cpuUs: number;
  /** The same as a share of one core. */
  readonly cpuShare: number;
  /** Median latency or time, ms. */
  readonly p50Ms: number;
  /** 99th percentile, ms. */
  readonly p99Ms: number;
  /** Resident memory, MB of 1e6 bytes. */
  readonly rssMb: number;
}

/** What one client did in one case: of each figure one value a round. */
export interface Row {
  /** The case, as a title: `1.9 KB, 8 connections`. */
  readonly group: string;
  /** Name of the client. */
  readonly client: string;
  /** Values in the order of the rounds. */
  readonly rounds: { readonly [K in keyof Figures]?: readonly number[] };
}

/**
 * The median of values.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { median } from "./row.ts";
 * assertEquals(median([3, 1, 2]), 2);
 * ```
 *
 * @param values At least one.
 */
export function median(values: readonly number[]): number {
  return quantile(ascending(values), 0.5);
}

/**
 * The values of one client in one case, `undefined` where they were not measured.
 *
 * @param rows All rows.
 * @param group The case.
 * @param client The client.
 * @param figure Which figure.
 */
export function valuesOf(
  rows: readonly Row[],
  group: string,
  client: string,
  figure: keyof Figures,
): readonly number[] | undefined {
  const values = rows.find((row) => row.group === group && row.client === client)?.rounds[figure];
  return values === undefined || values.length === 0 ? undefined : values;
}

/**
 * The median over the rounds of one figure divided by the same of another, each round for itself: what drifts meets both.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ratioOf } from "./row.ts";
 * assertEquals(ratioOf([2, 30, 4], [1, 10, 2]), 2);
 * assertEquals(ratioOf([2], undefined), null);
 * ```
 *
 * @param values Those above.
 * @param others Those below, of the same rounds.
 * @returns The ratio, `null` where one was not measured.
 */
export function ratioOf(values: readonly number[] | undefined, others: readonly number[] | undefined): number | null {
  if (values === undefined || others === undefined) return null;
  return median(values.slice(0, others.length).map((value, round) => value / others[round]!));
}
