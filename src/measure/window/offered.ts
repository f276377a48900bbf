import { UsageError } from "../../core/errors.ts";
import type { Issue } from "../../load/run_load.ts";
import type { Load } from "../../results/window/load.ts";
import type { Session } from "../session.ts";
import { arrivalsOf } from "./arrivals_of.ts";
import type { WindowBudget } from "./window_budget.ts";

/**
 * Refuses a rate that this client cannot send, where it is known what it can. A test of several rates asks for all of them
 * before it measures the first: none of what was measured is then lost.
 *
 * @param session The test.
 * @param load What is to be offered; a closed loop offers what it can.
 * @param budget How long.
 * @returns What is to be sent.
 * @throws {UsageError} If the rate is above what this client can send.
 */
export async function checkOffered(session: Session, load: Load, budget: WindowBudget): Promise<Issue> {
  const perSecond = await mostOffered(session, load.batchSize);
  const issue = issueOf(session, load, budget);
  if (issue.kind === "closed" || issue.arrivals.ratePerSecond <= perSecond) return issue;
  throw new UsageError(
    `Cannot offer the load as its rate must be at most what this client can send, ` +
      `${Math.floor(perSecond)} requests per second: current value is ${issue.arrivals.ratePerSecond}`,
    { hint: "Offer less, or run several clients." },
  );
}

/**
 * The highest rate that this client can send, all threads together that it has or may come to have.
 *
 * @param session The test.
 * @param batchSize Items per request.
 * @returns Requests per second; `Infinity` where it is not known, or only known to be at least something.
 */
export async function mostOffered(session: Session, batchSize: number): Promise<number> {
  const ceiling = await session.ceiling.of(session, batchSize);
  if (ceiling === null || ceiling.isAtLeast) return Infinity;
  return ceiling.perSecond * (session.options.workers?.most ?? 1);
}

function issueOf({ seed, options }: Session, load: Load, { durationMs }: WindowBudget): Issue {
  if (load.kind === "closed") return { kind: "closed", concurrency: load.concurrency };
  const { traceMs } = options as { readonly traceMs?: readonly number[] };
  const arrivals = arrivalsOf(load.arrivals, { seed, durationMs, ...(traceMs === undefined ? {} : { traceMs }) });
  return { kind: "open", arrivals, maxConnections: load.maxConnections };
}
