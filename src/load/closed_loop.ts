import type { Lane } from "../core/transport.ts";
import { closeLanes, LaneAttempt } from "./lane_attempt.ts";
import type { LoadRun } from "./load_run.ts";
import { drained } from "./drained.ts";
import type { RunPlan } from "./run_plan.ts";
import { RunRecorder } from "./run_recorder.ts";
import { endSequences } from "./sequences.ts";

/** How long a lane rests after a failed connection, ms: a dead server is not hammered. */
const RECONNECT_DELAY_MS = 50;

/** What a closed loop sends and when it stops. */
export interface ClosedLoopPlan extends RunPlan {
  /** Requests outstanding at any time: one lane each. */
  readonly concurrency: number;
}

/**
 * Issues requests in a closed loop: each of `concurrency` lanes sends its next request when its last one has ended.
 * Warm-up, window and drain follow method 3: a request counts if it ended inside the window.
 * The window also waits until every lane's first request has ended. They are sent at one moment, so that the quick ones end
 * first: a window that began among them would see too few of the slow ones.
 *
 * Never rejects because of what the server does: failures are samples.
 *
 * @param plan What to send and when to stop.
 * @returns What was recorded, also when interrupted.
 */
export async function runClosedLoop(plan: ClosedLoopPlan): Promise<LoadRun> {
  let freshLanes = plan.concurrency;
  const isWarm = () => freshLanes === 0 && (plan.isWarm?.() ?? true);
  const recorder = new RunRecorder({ ...plan, isWarm, outstanding: () => plan.concurrency });
  const ended = recorder.untilEnded();
  const openLoop = () => new LaneLoop(recorder, plan.transport.openLane(), () => freshLanes--);
  const lanes = recorder.goesOn ? Array.from({ length: plan.concurrency }, openLoop) : [];
  for (const lane of lanes) lane.start();
  await ended;
  const idle = Promise.all(lanes.map((lane) => lane.idle));
  if (!recorder.isCutOff) await drained(idle, recorder);
  for (const lane of lanes) lane.close();
  await idle;
  const attempts = lanes.map(({ attempt }) => attempt);
  await endSequences(attempts, plan.pool, plan.timeoutMs);
  await closeLanes(attempts);
  return recorder.result();
}

/** Sends one request after another over one lane, for as long as the run goes on. */
class LaneLoop {
  /** The attempts of the lane. */
  readonly attempt: LaneAttempt;
  readonly #recorder: RunRecorder;
  readonly #idle = Promise.withResolvers<void>();
  #sending = false;
  #fresh = true;

  constructor(recorder: RunRecorder, lane: Lane, onFirstEnded: () => void) {
    this.#recorder = recorder;
    this.attempt = new LaneAttempt(recorder, lane, (disconnected) => {
      this.#sending = false;
      if (this.#fresh) onFirstEnded();
      this.#fresh = false;
      if (disconnected) recorder.clock.sleep(RECONNECT_DELAY_MS).then(() => this.#next());
      else this.#next();
    });
  }

  /** Resolves when nothing is outstanding and nothing more will be sent. */
  get idle(): Promise<void> {
    return this.#idle.promise;
  }

  start(): void {
    this.#next();
  }

  /** Ends the loop: an outstanding request is cut off. */
  close(): void {
    if (this.#sending) this.attempt.cancel();
    else this.#idle.resolve();
  }

  #next(): void {
    const { hold, goesOn } = this.#recorder;
    if (!goesOn) return this.#idle.resolve();
    if (hold !== undefined && hold.leftMs > 0) {
      hold.passed(() => this.#recorder.goesOn).then(() => this.#next());
      return;
    }
    this.#sending = true;
    this.attempt.send();
  }
}
