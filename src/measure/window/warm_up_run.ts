import type { Attempt } from "../../load/lane_attempt.ts";
import type { RunView } from "../../load/run_plan.ts";
import type { Load } from "../../results/window/load.ts";
import { askTarget } from "../loss/ask_target.ts";
import { noteRunEnd } from "../loss/note_run_end.ts";
import type { Session } from "../session.ts";
import type { WorkersRun } from "../lane_workers.ts";
import { sendLoad } from "./send_load.ts";

/** Longest warm-up of a run, ms. */
const LONGEST_MS = 1000;
const LONGEST_QUICK_MS = 500;
/** The slices of time whose rates are compared, ms. */
const SLICE_MS = 100;
/** So many slices without a higher rate end it: one alone may have met something else. */
const CALM_SLICES = 2;

/** A warm-up that was cut short. */
interface CutWarmUp {
  readonly sent: WorkersRun;
  /** When it began, by the clock. */
  readonly originMs: number;
  /** What it recorded, for a log of samples; empty where there is none. */
  readonly attempts: readonly Attempt[];
}

/**
 * Lets client and server run in before the first window of a run (method 5): both compile what they run often, and what is
 * measured meanwhile would look like drift. Requests go out until the rates of successive 100 ms stop rising, at most for a
 * second (with quick half of one); none of them is counted. Nothing is sent before an open loop, which has a second of its
 * own, nor where the user said how many requests warm up.
 *
 * @param session The test.
 * @param load What its first window offers.
 * @returns What it recorded where it was cut short, as that is all there will be; else `null`.
 */
export async function warmUpRun(session: Session, load: Load): Promise<CutWarmUp | null> {
  const { windows, options, target, transport, timeoutMs, clock } = session;
  if (windows.isWarm) return null;
  windows.isWarm = true;
  if (load.kind === "open" || options.warmUpRequests !== undefined) return null;
  const { signal, allowNullResults = false } = options;
  const durationMs = options.quick ? LONGEST_QUICK_MS : LONGEST_MS;
  const issue = { kind: "closed", concurrency: load.concurrency } as const;
  const originMs = clock.now();
  const attempts: Attempt[] = [];
  const sent = await sendLoad(session, { load, issue, durationMs }, {
    transport,
    protocol: target.protocol,
    pool: await session.poolFor(load),
    asked: { model: target.model, predictions: load.batchSize, allowNullResults },
    timeoutMs,
    warmUpRequests: 0,
    durationMs,
    stopWhen: hasRunIn,
    ask: askTarget(target, timeoutMs),
    ...(options.sampleLog === undefined ? {} : { onAttempt: (attempt: Attempt) => attempts.push(copyOf(attempt)) }),
    ...(signal === undefined ? {} : { signal }),
    ...(windows.hold === undefined ? {} : { hold: windows.hold }),
    clock,
  });
  const run = await noteRunEnd(session, sent.run, issue, windows.since(originMs));
  if (session.partial !== null) return { sent: { ...sent, run }, originMs, attempts };
  session.requests += sent.run.recorded;
  windows.sent += sent.run.recorded;
  return null;
}

/** The lane uses both objects again. */
function copyOf({ stream = null, ...attempt }: Attempt): Attempt {
  return { ...attempt, stream: stream === null ? null : { ...stream } };
}

/** Whether the last whole slices have no higher rate than those before them. */
function hasRunIn({ samples, nowMs }: RunView): boolean {
  const slices = Math.floor(nowMs / SLICE_MS);
  if (slices <= CALM_SLICES) return false;
  const ended = Array<number>(slices).fill(0);
  for (let i = 0; i < samples.length; i++) {
    const slice = Math.floor(samples.endedAt(i) / SLICE_MS);
    if (slice < slices) ended[slice]!++;
  }
  const highest = (counts: readonly number[]) => Math.max(...counts);
  return highest(ended.slice(-CALM_SLICES)) <= highest(ended.slice(0, -CALM_SLICES));
}
