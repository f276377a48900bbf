import { type AnyRun, isOpenRun } from "../../load/run_load.ts";
import type { ClientFigures } from "../../observe/client_monitor.ts";
import type { Load } from "../../results/window/load.ts";
import { ascending } from "../../stats/estimates/ascending.ts";
import { quantile } from "../../stats/estimates/quantile.ts";
import type { Session } from "../session.ts";
import { clientLimitsOf } from "./client_use.ts";
import { requestShares } from "./request_shares.ts";
import type { Visit } from "./visit.ts";
import { type FoldedRun, windowOf } from "./sample_window.ts";

/**
 * What the client saw of itself in a visit.
 *
 * @param session The test.
 * @param load What was offered.
 * @param run What was recorded.
 * @param figures Of its threads while the window was open.
 */
export function useOf(session: Session, load: Load, run: FoldedRun, figures: ClientFigures): Visit["use"] {
  const { cpuMsPerRequest: _, eventLoopLagP99Ms: lagP99Ms, ...seen } = figures;
  const shares = sharesOf(load, run);
  const because = clientLimitsOf({ ...seen, ...shares, latenessP95Ms: latenessOf(load, run) });
  return { ...seen, ...shares, sharedCores: session.sharedCores, lagP99Ms, because };
}

/** Where the time of requests and lanes went; lanes that kept still as the server asked do not show the client's own work. */
function sharesOf(load: Load, run: FoldedRun) {
  const shares = requestShares(load, run);
  return run.heldMs === undefined ? shares : { ...shares, betweenShare: null };
}

/**
 * Answers per second, whatever they were worth: what the client had to do.
 *
 * @param run What was recorded.
 * @returns `null` where the window has no length.
 */
export function answersPerSecond({ windowFrom, windowTo, windowStartMs, windowEndMs }: AnyRun): number | null {
  return windowEndMs > windowStartMs ? (windowTo - windowFrom) / ((windowEndMs - windowStartMs) / 1000) : null;
}

/**
 * How late this client sent the requests of an open loop, p95 in ms; `null` where they waited for one of the connections
 * or as the server asked, which was asked for, and of a closed loop.
 */
function latenessOf(load: Load, run: FoldedRun): number | null {
  if (
    load.kind !== "open" || !isOpenRun(run) || run.heldMs !== undefined || run.mostOutstanding > load.maxConnections
  ) return null;
  return p95Lateness(run);
}

/** How late requests of an open loop were sent, ms; 0 where none was. */
function p95Lateness(run: FoldedRun): number {
  const lateness = windowOf(run).flatMap(({ samples, indices }) =>
    Array.from(indices, (i) => samples.sentAt(i) - samples.scheduledAt(i))
  );
  const folded = run.fold?.metrics.get("latenessMs");
  const later = folded === undefined || folded.n === 0 ? 0 : folded.quantile(0.95);
  return Math.max(later, lateness.length === 0 ? 0 : quantile(ascending(lateness), 0.95));
}
