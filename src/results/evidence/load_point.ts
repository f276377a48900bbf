import * as v from "valibot";
import type { LevelWindow } from "../kinds/kind.ts";
import { RESULT_KINDS, type ResultKind } from "../kinds.ts";
import { nullableNumber, number } from "../schema.ts";
import { rateOf } from "../window/load.ts";

/** A load by what tells it from the others of a run: what cards, tables and advice name. */
export interface LoadPoint {
  /** The test that measured it. */
  readonly test: ResultKind;
  /** Items per request; where the server makes batches of single requests, its batch. */
  readonly batchSize: number;
  /** Requests outstanding at any time, where the server makes batches, batches; `null` for an open loop. */
  readonly concurrency: number | null;
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
      concurrency: load.concurrency / (load.serverBatchSize ?? 1),
      ratePerSecond: null,
      ...load.promptWords === undefined ? {} : { promptWords: load.promptWords },
    }
    : { ...base, concurrency: null, ratePerSecond: rateOf(load.arrivals) };
}

/**
 * Whether two points are the same load, whichever tests measured them.
 *
 * @param a One point.
 * @param b Another.
 */
export function isSameLoad(a: LoadPoint, b: LoadPoint): boolean {
  return a.batchSize === b.batchSize && a.concurrency === b.concurrency && a.ratePerSecond === b.ratePerSecond &&
    a.promptWords === b.promptWords;
}

/** {@linkcode LoadPoint} in a results file, as entries of the schema of what holds one. */
export const loadPointEntries = {
  test: v.picklist(RESULT_KINDS),
  batchSize: number,
  concurrency: nullableNumber,
  ratePerSecond: nullableNumber,
  promptWords: v.exactOptional(number),
};
