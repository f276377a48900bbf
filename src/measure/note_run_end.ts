import type { LoadRun } from "../load/load_run.ts";
import { type AnyRun, isOpenRun } from "../load/run_load.ts";
import type { LostRun } from "../load/server_watch.ts";
import { whyGone } from "../load/why_gone.ts";
import { askTarget } from "./ask_target.ts";
import type { Session } from "./session.ts";

/**
 * Marks the test partial where a run was cut short: by the user's signal, or because the server is gone. Where its end leaves
 * that in doubt, the server is asked: one that drops only these requests, too large ones say, is not lost.
 *
 * @param session The test.
 * @param run How its last run ended.
 * @param beganMs When the run began, ms since that of all tests.
 * @returns The run; one that lost the server measured until then.
 */
export async function noteRunEnd<Run extends AnyRun>(session: Session, run: Run, beganMs: number): Promise<Run> {
  for (const { fromMs, toMs, failed } of run.outages) {
    session.outages.push({ fromMs: beganMs + fromMs, toMs: beganMs + toMs, failed });
  }
  if (run.endReason === "interrupted") {
    session.partial ??= "interrupted";
    return run;
  }
  const lost = run.lost ?? await lostBehind(session, run);
  if (lost === null) return run;
  const { sinceMs, failed, reason } = lost;
  noteLoss(session, { atMs: beganMs + sinceMs, failed, reason });
  return cutAtLoss(run, lost);
}

/**
 * Marks the test partial as the server was lost.
 *
 * @param session The test.
 * @param lost When and how.
 */
export function noteLoss(session: Session, lost: NonNullable<Session["lost"]>): void {
  session.partial ??= "target-lost";
  if (session.partial === "target-lost") session.lost ??= lost;
}

/**
 * Why the server is gone, where a request to it has failed.
 *
 * @param session The test.
 * @param longestMs Longest time that a request has taken, ms.
 * @returns `null` where it is there.
 */
export function whyLost({ target, timeoutMs, clock, options }: Session, longestMs: number): Promise<string | null> {
  const signal = options.signal ?? new AbortController().signal;
  return whyGone({ ask: askTarget(target, timeoutMs), clock, longestMs, signal });
}

async function lostBehind(session: Session, { doubt }: Pick<LoadRun, "doubt">): Promise<LostRun | null> {
  if (doubt === null) return null;
  const reason = await whyLost(session, doubt.longestMs);
  return reason === null ? null : { sinceMs: doubt.sinceMs, failed: doubt.failed, reason };
}

/** Its time ends where the server was lost: all successes ended before, and a rate is one of the time in which it was there. */
function cutAtLoss<Run extends AnyRun>(run: Run, lost: LostRun): Run {
  const windowEndMs = Math.max(run.windowStartMs, Math.min(run.windowEndMs, lost.sinceMs));
  if (!isOpenRun(run)) return { ...run, windowEndMs, lost };
  const dueToMs = Math.max(run.dueFromMs, Math.min(run.dueToMs, lost.sinceMs));
  // The arrivals of a window are about even; those that were waited for in vain were cut off, as by the user's signal.
  const due = Math.round(run.due * share(dueToMs - run.dueFromMs, run.dueToMs - run.dueFromMs));
  return { ...run, windowEndMs, dueToMs, due, unanswered: 0, lost };
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
