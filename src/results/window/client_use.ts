import * as v from "valibot";
import { nullableNumber, number } from "../schema.ts";

/**
 * What in a window shows that the client, not the server, may have set its numbers.
 *
 * - `thread`: the thread that sends was busy, or waited for a core
 * - `writing`, `reading`: it was so most of the time, and requests took most of theirs to be handed over or to be read
 * - `judging`: answers were long in being judged
 * - `between`: lanes stood long without a request, after an answer was judged and before the next was sent
 * - `late`: requests of an open loop were sent late
 */
export type ClientLimit = "thread" | "writing" | "reading" | "judging" | "between" | "late";

/** Every one, in the order in which they are told. */
export const CLIENT_LIMITS: readonly ClientLimit[] = ["thread", "writing", "reading", "judging", "between", "late"];

/** What a client reaches against a server that does nothing. */
export interface CeilingFigures {
  /** Requests per second; `null` if not measured. */
  readonly ceilingPerSecond: number | null;
  /**
   * True if the client can do more: the server that does nothing was the limit, or the client reached more elsewhere. Left
   * out where it cannot.
   */
  readonly ceilingAtLeast?: true;
  /**
   * Latency of such a request, one at a time, against that server: what of a latency may be the client's and its machine's, ms.
   * Left out where it was not measured.
   */
  readonly aloneMs?: number;
}

/**
 * What the client saw of itself in a window (method 17); where it limited some visits, in those. Shares are 0 to 1, of
 * requests' time where nothing else is said: from sending to the end of judging.
 */
export interface ClientUse extends CeilingFigures {
  /** CPU time of this process in cores: 1 is one core in use all the time; `null` where it could not be read. */
  readonly cpuShare: number | null;
  /** CPU time of the thread that sends and reads, as a share of the window; `null` where it could not be read. */
  readonly threadShare: number | null;
  /** Share of the window in which that thread had work and waited for a core; `null` where it could not be read. */
  readonly starvedShare: number | null;
  /** Cores of this machine, where the server's address is its own; `null` where it is another, or unknown. */
  readonly sharedCores: number | null;
  /** Handing requests over to the system; `null` where the transport does not tell. */
  readonly writingShare: number | null;
  /** From the first byte of answers to their last; `null` where no first byte was timed. */
  readonly readingShare: number | null;
  /** Judging answers; `null` where none came. */
  readonly judgingShare: number | null;
  /** Share of the lanes' time in which nothing was outstanding and nothing was judged; `null` in open loops. */
  readonly betweenShare: number | null;
  /** 99th percentile of how late a timer fired, ms; `null` where the window was too short. */
  readonly lagP99Ms: number | null;
  /** What shows that the client may have set the numbers; empty where nothing does. */
  readonly because: readonly ClientLimit[];
}

/** {@linkcode CeilingFigures} in a results file, as entries of the schema of what holds them. */
export const ceilingEntries = {
  ceilingPerSecond: nullableNumber,
  ceilingAtLeast: v.exactOptional(v.literal(true)),
  aloneMs: v.exactOptional(number),
};

/** {@linkcode ClientLimit}s in a results file. */
export const clientLimits = v.array(v.picklist(CLIENT_LIMITS));

/** {@linkcode ClientUse} in a results file. */
export const clientUseSchema: v.GenericSchema<unknown, ClientUse> = v.looseObject({
  cpuShare: nullableNumber,
  threadShare: nullableNumber,
  starvedShare: nullableNumber,
  sharedCores: v.nullable(number),
  writingShare: nullableNumber,
  readingShare: nullableNumber,
  judgingShare: nullableNumber,
  betweenShare: nullableNumber,
  lagP99Ms: nullableNumber,
  ...ceilingEntries,
  because: clientLimits,
});
