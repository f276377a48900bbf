import type { CeilingFigures, ClientLimit, ClientUse } from "../../results/window/client_use.ts";
import { LATE_MS } from "../../results/window/at_least.ts";

/**
 * From where on the client may have set the numbers of a window (method 17). Each is a share of the window itself: what a
 * client can do elsewhere decides nothing.
 */
export const CLIENT_THRESHOLDS = {
  /**
   * JavaScript runs on one thread: busy for so long it has no more to give, and what is left is its waking up. Where it waits
   * for a core that others use, it has no more to give either.
   */
  threadShare: 0.9,
  /**
   * Where its thread works for so long, and requests take as much of their time to be moved, a client that is infinitely
   * fast would make the rate four times as high, a server that is, a third higher. A busy thread alone may serve many
   * lanes, and a long transfer alone may wait for the network or for a server that reads slowly.
   */
  movingShare: 0.75,
  /** Judging is the client's alone: so much of a request's time is twice what a rate is known to when it converged. */
  judgingShare: 0.1,
  /** The same of a lane that has nothing outstanding: encoding, recording and the loop's other work. */
  betweenShare: 0.1,
  /** p95 of the lateness of sending, ms. */
  latenessMs: LATE_MS,
} as const;

/** What a verdict on one visit rests on. */
export interface ClientEvidence extends
  Pick<
    ClientUse,
    "threadShare" | "starvedShare" | "writingShare" | "readingShare" | "judgingShare" | "betweenShare"
  > {
  /** p95 of how late requests were sent that waited for no connection, ms; `null` in closed loops. */
  readonly latenessP95Ms: number | null;
}

/**
 * What in a visit shows that the client, not the server, may have set its numbers. Pure.
 *
 * @param evidence Of this visit alone.
 * @returns Empty where nothing shows it, also where nothing is known.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { clientLimitsOf } from "./client_use.ts";
 * const idle = { threadShare: 0.3, starvedShare: null, writingShare: 0.8, readingShare: 0.05, judgingShare: 0.01, betweenShare: 0.02 };
 * assertEquals(clientLimitsOf({ ...idle, latenessP95Ms: null }), [], "a slow network, or a server that reads slowly");
 * assertEquals(clientLimitsOf({ ...idle, threadShare: 0.8, latenessP95Ms: null }), ["writing"]);
 * assertEquals(clientLimitsOf({ ...idle, threadShare: 0.95, latenessP95Ms: 6 }), ["thread", "writing", "late"]);
 * ```
 */
export function clientLimitsOf(evidence: ClientEvidence): ClientLimit[] {
  const { threadShare, starvedShare, writingShare, readingShare, judgingShare, betweenShare, latenessP95Ms } = evidence;
  const { movingShare } = CLIENT_THRESHOLDS;
  const working = (threadShare ?? 0) + (starvedShare ?? 0);
  const writing = writingShare ?? 0, reading = readingShare ?? 0;
  const moves = working >= movingShare && writing + reading >= movingShare;
  const found: Readonly<Record<ClientLimit, boolean>> = {
    thread: working >= CLIENT_THRESHOLDS.threadShare,
    writing: moves && writing >= reading,
    reading: moves && reading > writing,
    judging: (judgingShare ?? 0) >= CLIENT_THRESHOLDS.judgingShare,
    between: (betweenShare ?? 0) >= CLIENT_THRESHOLDS.betweenShare,
    late: (latenessP95Ms ?? 0) > CLIENT_THRESHOLDS.latenessMs,
  };
  return (Object.keys(found) as ClientLimit[]).filter((limit) => found[limit]);
}

/** What the client saw of itself in one visit. */
export interface VisitUse {
  /** Length of its window, ms. */
  readonly durationMs: number;
  /** What was seen. */
  readonly use: Omit<ClientUse, keyof CeilingFigures>;
}

const SHARES = [
  "cpuShare",
  "threadShare",
  "starvedShare",
  "writingShare",
  "readingShare",
  "judgingShare",
  "betweenShare",
] as const;

/**
 * What the client saw of itself over the visits to a load: over those that it limited, where there are any, so that what
 * is told agrees with what it is blamed for. Pure.
 *
 * @param visits One at least.
 * @param ceiling What it reaches against a server that does nothing.
 * @returns Shares weighted by the length of the visits, the highest lag, and every reason.
 */
export function clientUseOf(visits: readonly VisitUse[], ceiling: CeilingFigures): ClientUse {
  const limited = visits.filter(({ use }) => use.because.length > 0);
  const told = limited.length > 0 ? limited : visits;
  const because = new Set(told.flatMap(({ use }) => use.because));
  const lags = told.flatMap(({ use: { lagP99Ms } }) => lagP99Ms ?? []);
  return {
    ...Object.fromEntries(SHARES.map((field) => [field, weighted(told, field)])) as Pick<
      ClientUse,
      typeof SHARES[number]
    >,
    sharedCores: visits[0]!.use.sharedCores,
    lagP99Ms: lags.length === 0 ? null : Math.max(...lags),
    ...ceiling,
    because: [...because],
  };
}

/** Mean of a share over visits that know it. */
function weighted(visits: readonly VisitUse[], field: typeof SHARES[number]): number | null {
  let sum = 0, weight = 0;
  for (const { durationMs, use: { [field]: share } } of visits) {
    if (share === null) continue;
    sum += share * durationMs;
    weight += durationMs;
  }
  return weight > 0 ? sum / weight : null;
}
