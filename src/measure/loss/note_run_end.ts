import type { LoadRun } from "../../load/load_run.ts";
import { dueWithin } from "../../load/due_count.ts";
import { type AnyRun, isOpenRun, type Issue } from "../../load/run_load.ts";
import type { LostRun } from "../../load/server/server_watch.ts";
import { whyGone } from "../../load/server/why_gone.ts";
import { askTarget } from "./ask_target.ts";
import type { Session } from "../session.ts";

/**
 * Marks the test partial where a run was cut short: by the user's signal, or because the server is gone. Where its end leaves
 * that in doubt, the server is asked: one that drops only these requests, too large ones say, is not lost.
 *
 * @param session The test.
 * @param run How its last run ended.
 * @param issue How its requests were issued.
 * @param beganMs When the run began, ms since that of all tests.
 * @returns The run; one that lost the server measured until then.
 */
export async function noteRunEnd(session: Session, run: AnyRun, issue: Issue, beganMs: number): Promise<AnyRun> {
  for (const { fromMs, toMs, failed } of run.outages) {
    session.outages.push({ fromMs: beganMs + fromMs, toMs: beganMs + toMs, failed });
  }
  if (run.endReason === "interrupted") {
    session.partial ??= "interrupted";
    return run;
  }
  const lost = run.lost ?? await lostBehind(session, run, beganMs);
  if (lost === null) return run;
  const { sinceMs, failed, reason } = lost;
  noteLoss(session, { atMs: beganMs + sinceMs, failed, reason });
  return cutAtLoss(run, issue, lost);
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
 * Asks after a question or a single request that failed whether the server is there, whatever its model is doing. Marks the
 * test where it is not.
 *
 * @param session The test.
 * @returns Why it counts as lost, `null` where it is there.
 */
export async function noteIfLost(session: Session): Promise<string | null> {
  if (session.lost !== null) return session.lost.reason;
  const { target, timeoutMs, windows, clock } = session;
  const atMs = windows.since(clock.now());
  const reason = await whyGone({
    ask: askTarget(target, timeoutMs, "health"),
    clock,
    longestMs: 0,
    signal: signalOf(session),
  });
  if (reason !== null) noteLoss(session, { atMs, failed: 0, reason });
  return reason;
}

function signalOf({ options: { signal } }: Session): AbortSignal {
  return signal ?? new AbortController().signal;
}

/** One that answers again before it counts as lost was away meanwhile. */
async function lostBehind(
  session: Session,
  { doubt }: Pick<LoadRun, "doubt">,
  beganMs: number,
): Promise<LostRun | null> {
  if (doubt === null) return null;
  const { target, timeoutMs, clock, windows, outages } = session;
  const { sinceMs, failed, longestMs, isSilent: wasSilent = false } = doubt;
  const signal = signalOf(session);
  let isSilent: boolean = wasSilent;
  const onSilent = () => isSilent = true;
  const reason = await whyGone({ ask: askTarget(target, timeoutMs), clock, longestMs, signal, onSilent });
  if (reason !== null) return { sinceMs, failed, reason };
  if (isSilent && !signal.aborted) {
    outages.push({ fromMs: beganMs + sinceMs, toMs: windows.since(clock.now()), failed });
  }
  return null;
}

/** Its time ends where the server was lost: all successes ended before, and a rate is one of the time in which it was there. */
function cutAtLoss(run: AnyRun, issue: Issue, lost: LostRun): AnyRun {
  const windowEndMs = Math.max(run.windowStartMs, Math.min(run.windowEndMs, lost.sinceMs));
  if (!isOpenRun(run) || issue.kind === "closed") return { ...run, windowEndMs, lost };
  const dueToMs = Math.max(run.dueFromMs, Math.min(run.dueToMs, lost.sinceMs));
  // Those that were waited for in vain were cut off, as by the user's signal.
  const due = dueWithin(issue.arrivals, run.dueFromMs, dueToMs);
  return { ...run, windowEndMs, dueToMs, due, unanswered: 0, lost };
}
