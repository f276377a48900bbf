import * as v from "valibot";
import { number } from "../schema.ts";

/** A server that was lost while it was measured. */
export interface LostServer {
  /** When it last answered, ms since the run began. */
  readonly atMs: number;
  /** What showed it, for people. */
  readonly reason: string;
  /** Requests that failed since then. */
  readonly failed: number;
}

/** {@linkcode LostServer} in a results file. */
export const lostServerSchema: v.GenericSchema<unknown, LostServer> = v.looseObject({
  atMs: number,
  reason: v.string(),
  failed: number,
});

/** A time in which the server did not answer, and after which it did. */
export interface Outage {
  /** When it last answered before, ms since the run began. */
  readonly fromMs: number;
  /** When it answered again, ms since the run began. */
  readonly toMs: number;
  /** Requests that failed meanwhile. */
  readonly failed: number;
}

/** {@linkcode Outage} in a results file. */
export const outageSchema: v.GenericSchema<unknown, Outage> = v.looseObject({
  fromMs: number,
  toMs: number,
  failed: number,
});
