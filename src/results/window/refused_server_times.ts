import * as v from "valibot";
import type { SampleTable } from "../../core/sample.ts";
import { number } from "../schema.ts";

/** Server times that were told with successes and cannot be, as they are longer than the request or below 0. */
export interface RefusedServerTimes {
  /** Those that were refused. */
  readonly refused: number;
  /** All that were told. */
  readonly told: number;
}

/** {@linkcode RefusedServerTimes} in a results file. */
export const refusedServerTimesSchema: v.GenericSchema<unknown, RefusedServerTimes> = v.looseObject({
  refused: number,
  told: number,
});

/**
 * Whether the server time that came with a sample cannot be: the server worked on the request while it was outstanding.
 *
 * @param samples Where the sample stands.
 * @param i Which.
 * @returns `false` also where no time was told.
 */
export function isRefusedServerTime(samples: SampleTable, i: number): boolean {
  const serverMs = samples.serverMs(i);
  return serverMs < 0 || serverMs > samples.endedAt(i) - samples.sentAt(i);
}

/** Where more of them cannot be, as a share of all that were told, the others are no better. */
const MOST_REFUSED = 0.05;

/**
 * Whether what the server tells of its own time is not to be believed at all: where it tells the time of another request, or one
 * in another unit, those that happen to be short enough are as wrong as the others.
 *
 * @param times How many were told, and refused.
 */
export function areUnbelieved({ refused, told }: RefusedServerTimes): boolean {
  return refused > MOST_REFUSED * told;
}
