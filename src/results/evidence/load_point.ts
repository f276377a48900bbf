import * as v from "valibot";
import type { LevelWindow } from "../kinds/kind.ts";
import { RESULT_KINDS, type ResultKind } from "../kinds.ts";
import { nullableNumber, number } from "../schema.ts";
import { type Load, rateOf } from "../window/load.ts";

/** A load by what tells it from the others of a run: what cards, tables and advice name. */
export interface LoadPoint {
  /** The test that measured it. */
  readonly test: ResultKind;
  /** Items per request; where the server makes batches of single requests, its batch. */
  readonly batchSize: number;
  /** Requests outstanding at any time; `null` for an open loop. */
  readonly concurrency: number | null;
  /** `server` where single requests were sent, and the server made the batches; else left out. */
  readonly batching?: "server";
  /** Rate of an open loop, requests per second; `null` for a closed one, and for a trace. */
  readonly ratePerSecond: number | null;
  /** Words of each prompt, where a test compares them; left out where the run's own items are sent. */
  readonly promptWords?: number;
}

/**
 * The load of a window.
 *
 * @param test The test that measured it.
 * @param measured The window with its place in the test.
 */
export function loadPoint(
  test: ResultKind,
  { batchSize, window: { load } }: Pick<LevelWindow, "batchSize" | "window">,
): LoadPoint {
  const base = { test, batchSize: batchSize ?? load.batchSize };
  return load.kind === "closed"
    ? {
      ...base,
      concurrency: load.concurrency,
      ...batchingOfLoad(load),
      ratePerSecond: null,
      ...load.promptWords === undefined ? {} : { promptWords: load.promptWords },
    }
    : { ...base, concurrency: null, ratePerSecond: rateOf(load.arrivals) };
}

/**
 * Who makes the batches of a load, as an entry of what holds it.
 *
 * @param load What was offered.
 * @returns Nothing where a request holds its items.
 */
export function batchingOfLoad(load: Load): { readonly batching?: "server" } {
  return load.kind === "closed" && load.serverBatchSize !== undefined ? { batching: "server" } : {};
}

/** {@linkcode batchingOfLoad} in a results file. */
export const batchingEntries = { batching: v.exactOptional(v.literal("server")) };

/**
 * Whether two points are the same load, whichever tests measured them.
 *
 * @param a One point.
 * @param b Another.
 */
export function isSameLoad(a: LoadPoint, b: LoadPoint): boolean {
  return a.batchSize === b.batchSize && a.concurrency === b.concurrency && a.batching === b.batching &&
    a.ratePerSecond === b.ratePerSecond &&
    a.promptWords === b.promptWords;
}

/** {@linkcode LoadPoint} in a results file, as entries of the schema of what holds one. */
export const loadPointEntries = {
  test: v.picklist(RESULT_KINDS),
  batchSize: number,
  concurrency: nullableNumber,
  ...batchingEntries,
  ratePerSecond: nullableNumber,
  promptWords: v.exactOptional(number),
};
