import { runLoad } from "../../load/run_load.ts";
import type { RunPlan } from "../../load/run_plan.ts";
import type { ClientFigures } from "../../observe/client_monitor.ts";
import type { WorkersLoad, WorkersRun } from "../lane_workers.ts";
import { requestOptionsOf } from "../request_options.ts";
import type { Session } from "../session.ts";

/**
 * Runs a load in this thread, or spread over those that the options give.
 *
 * @param session The test.
 * @param what What is offered.
 * @param plan What to send and when to stop.
 * @returns What was recorded; of threads also what each saw of itself.
 */
export async function sendLoad(
  session: Session,
  { load, issue, durationMs }: Pick<WorkersLoad, "load" | "issue" | "durationMs">,
  plan: RunPlan,
): Promise<WorkersRun> {
  const { target, options, seed, windows } = session;
  if (options.workers === undefined || options.workers.count === 1) {
    return { run: await runLoad(issue, plan), clients: [], resentRequests: 0, notes: [] };
  }
  const { repeatInputs = false, respectRetryAfter = false } = options;
  const { traceMs } = options as { readonly traceMs?: readonly number[] };
  const sent = await options.workers.run({
    load,
    issue,
    durationMs,
    seed,
    repeat: repeatInputs,
    respectRetryAfter,
    origin: windows.requests?.origin ?? 0,
    encodeOptions: requestOptionsOf(target, options),
    ...(traceMs === undefined ? {} : { traceMs }),
  }, plan);
  windows.requests?.tookElsewhere(sent.run.recorded * load.batchSize);
  session.resentElsewhere += sent.resentRequests;
  for (const note of sent.notes) windows.notes.add(note);
  return sent;
}

/**
 * The figures of a client of several threads: CPU time is that of all of them, the rest that of the one which was busiest.
 *
 * @param process What this thread saw.
 * @param threads What the threads saw of themselves; none where this one sent.
 */
export function figuresOfThreads(process: ClientFigures, threads: readonly ClientFigures[]): ClientFigures {
  if (threads.length === 0) return process;
  const all = [process, ...threads];
  const working = ({ threadShare, starvedShare }: ClientFigures) => (threadShare ?? 0) + (starvedShare ?? 0);
  const { threadShare, starvedShare } = all.reduce((a, b) => working(b) > working(a) ? b : a);
  const lags = all.flatMap(({ eventLoopLagP99Ms }) => eventLoopLagP99Ms ?? []);
  const eventLoopLagP99Ms = lags.length === 0 ? null : Math.max(...lags);
  return { ...process, threadShare, starvedShare, eventLoopLagP99Ms };
}
