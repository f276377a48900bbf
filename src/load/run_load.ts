import type { Arrivals } from "./arrivals.ts";
import { runClosedLoop } from "./closed_loop.ts";
import type { LoadRun } from "./load_run.ts";
import { type OpenLoopRun, runOpenLoop } from "./open_loop.ts";
import type { RunPlan } from "./run_plan.ts";

/** How requests are issued: so many outstanding at any time, or each when it is due. */
export type Issue =
  | { readonly kind: "closed"; readonly concurrency: number }
  | { readonly kind: "open"; readonly arrivals: Arrivals; readonly maxConnections: number };

/** What one run recorded, whichever way its requests were issued. */
export type AnyRun = LoadRun | OpenLoopRun;

/**
 * Whether a run is one of an open loop.
 *
 * @param run The run.
 */
export function isOpenRun(run: AnyRun): run is OpenLoopRun {
  return "dueFromMs" in run;
}

/**
 * Runs a load. Never rejects because of what the server does: failures are samples.
 *
 * @param issue How requests are issued.
 * @param plan What to send and when to stop.
 * @returns What was recorded, also when interrupted.
 */
export function runLoad(issue: Issue, plan: RunPlan): Promise<AnyRun> {
  return issue.kind === "closed"
    ? runClosedLoop({ ...plan, concurrency: issue.concurrency })
    : runOpenLoop({ ...plan, arrivals: issue.arrivals, maxLanes: issue.maxConnections });
}
