import { openDrained } from "./drained.ts";
import type { Arrivals } from "./arrivals.ts";
import { closeLanes, LaneAttempt } from "./lane_attempt.ts";
import type { LoadRun } from "./load_run.ts";
import { countWithin, DueCount } from "./due_count.ts";
import type { RunPlan } from "./run_plan.ts";
import { RunRecorder } from "./run_recorder.ts";
import { endSequences } from "./sequences.ts";

/** What an open loop sends and when it stops. */
export interface OpenLoopPlan extends RunPlan {
  /** When requests are due. */
  readonly arrivals: Arrivals;
  /** Most connections; requests that are due while all are in use wait in the client, and their latency counts on. */
  readonly maxLanes: number;
}

/** What an open loop recorded. */
export interface OpenLoopRun extends LoadRun {
  /** The window of due moments: requests that were due in `[dueFromMs, dueToMs)` count. */
  readonly dueFromMs: number;
  /** Its end. */
  readonly dueToMs: number;
  /** How many were due inside. */
  readonly due: number;
  /** How many of them were given up: not answered some seconds after the window's end, or cut off by the signal. */
  readonly unanswered: number;
  /** When those were due that were never sent, the warm-up's among them. */
  readonly unsentDueMs: readonly number[];
  /** Most requests that were outstanding or waited at one time. */
  readonly mostOutstanding: number;
  /** Requests that were due but not answered, by time: ms since the run began, ascending. */
  readonly backlog: readonly { readonly atMs: number; readonly requests: number }[];
}

/** The longest delay that a timer takes, ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** The shortest, ms: rounding could have a shorter one end when it began. */
const SHORTEST_TIMER_MS = 1e-3;
/** Least time between two points of the backlog at first, ms. */
const BACKLOG_STEP_MS = 100;
/** When there are so many points, after seven minutes, every other is dropped and the step doubled. */
const MOST_BACKLOG_POINTS = 4096;

/**
 * Issues requests when they are due, whether or not earlier ones were answered. Latency is to be taken from
 * `scheduledAt`: a stalled server then shows in every request that it kept waiting, sent or not, which a closed loop
 * leaves out (coordinated omission; G. Tene, 2013).
 *
 * The window is one of due moments: after its end the run waits for every request that was due inside it, so that the
 * slowest are not cut off, at most some seconds, or twice what a request takes, once one has succeeded. Samples `[windowFrom, windowTo)` are only those that *ended* inside; use `scheduledAt`.
 *
 * Never rejects because of what the server does: failures are samples.
 *
 * @param plan What to send and when to stop.
 * @returns What was recorded, also when interrupted.
 */
export async function runOpenLoop(plan: OpenLoopPlan): Promise<OpenLoopRun> {
  const loop = new OpenLoop(plan);
  return await loop.run();
}

class OpenLoop {
  readonly #plan: OpenLoopPlan;
  readonly #recorder: RunRecorder;
  readonly #busyLanes = new Set<LaneAttempt>();
  readonly #idleLanes: LaneAttempt[] = [];
  /** Due moments of requests that wait for a lane. */
  readonly #waiting: number[] = [];
  readonly #due = new DueCount();
  #backlog: { atMs: number; requests: number }[] = [];
  #backlogStepMs = BACKLOG_STEP_MS;
  readonly #drained = Promise.withResolvers<void>();
  #answered: Promise<void> | null = null;
  #nextBacklogMs = 0;
  #holds = false;
  #mostOutstanding = 0;

  constructor(plan: OpenLoopPlan) {
    this.#plan = plan;
    this.#recorder = new RunRecorder({ ...plan, outstanding: () => this.#backlogNow });
  }

  async run(): Promise<OpenLoopRun> {
    const recorder = this.#recorder;
    const stopped = new AbortController();
    const ended = recorder.untilEnded().then(() => stopped.abort());
    await Promise.all([this.#issue(stopped.signal), this.#keepTime(stopped.signal), ended]);
    const { signal = new AbortController().signal } = this.#plan;
    if (!recorder.isCutOff) await this.#backlogAnswered(signal);
    const isInterrupted = !recorder.isCutOff && this.#backlogNow > 0 && signal.aborted;
    const unsent = this.#waiting.splice(0);
    for (const lane of this.#busyLanes) lane.cancel();
    const run = recorder.result();
    const due = recorder.dueWithin(this.#plan.arrivals);
    const lanes = [...this.#busyLanes, ...this.#idleLanes];
    await endSequences(lanes, this.#plan.pool, this.#plan.timeoutMs);
    await closeLanes(lanes);
    return {
      ...run,
      ...(isInterrupted ? { endReason: "interrupted" as const } : {}),
      ...due,
      due: this.#due.within(due.dueFromMs, due.dueToMs),
      unanswered: countWithin(unsent, due.dueFromMs, due.dueToMs) + recorder.givenUp,
      unsentDueMs: unsent,
      mostOutstanding: this.#mostOutstanding,
      backlog: this.#backlog,
    };
  }

  get #backlogNow(): number {
    return this.#busyLanes.size + this.#waiting.length;
  }

  /** Sends what is due until the window has ended or the arrivals have. */
  async #issue(signal: AbortSignal): Promise<void> {
    const recorder = this.#recorder;
    const arrivals = this.#plan.arrivals.dueAtMs();
    for (let next = arrivals.next(); !next.done; next = arrivals.next()) {
      const waitMs = next.value - recorder.now();
      if (waitMs > 0) await recorder.clock.sleepPrecisely(waitMs, signal).catch(() => {});
      recorder.lookAtTime();
      // What was due inside is sent, though this machine slept over it.
      if (!recorder.goesOn && !(recorder.endReason === "duration" && next.value < recorder.dueToMs)) return;
      this.#offer(next.value);
    }
    // Arrivals that end, end the window.
    const { endsAtMs } = this.#plan.arrivals;
    if (endsAtMs === undefined) await this.#backlogAnswered(signal);
    else await recorder.clock.sleep(Math.max(0, endsAtMs - recorder.now()), signal).catch(() => {});
    recorder.end("requests", recorder.now());
  }

  /** Begins and ends the window when that is due, however long nothing else is. */
  async #keepTime(signal: AbortSignal): Promise<void> {
    const recorder = this.#recorder, { durationMs } = this.#plan;
    while (Number.isFinite(durationMs) && recorder.goesOn) {
      const leftMs = (recorder.windowStartMs ?? 0) + durationMs - recorder.now();
      const sleepMs = Math.min(Math.max(leftMs, SHORTEST_TIMER_MS), LONGEST_TIMER_MS);
      await recorder.clock.sleep(sleepMs, signal).catch(() => {});
      recorder.lookAtTime();
    }
  }

  /** Nothing is offered any more. */
  #backlogAnswered(signal: AbortSignal): Promise<void> {
    if (this.#backlogNow === 0) return Promise.resolve();
    const { patienceMs } = this.#plan;
    return this.#answered ??= openDrained({
      idle: this.#drained.promise,
      recorder: this.#recorder,
      signal,
      patienceMs,
    });
  }

  #offer(dueAtMs: number): void {
    this.#due.add(dueAtMs, this.#recorder.windowStartMs);
    const lane = this.#isHeld() ? null : this.#freeLane();
    if (lane === null) this.#waiting.push(dueAtMs);
    else {
      this.#busyLanes.add(lane);
      lane.send(dueAtMs);
    }
    this.#noteBacklog();
  }

  #freeLane(): LaneAttempt | null {
    const idle = this.#nextIdle();
    if (idle !== undefined) return idle;
    return this.#busyLanes.size < this.#plan.maxLanes ? this.#openLane() : null;
  }

  /** A sequence that was begun is ended before another is: no more of them are open than the rate needs. */
  #nextIdle(): LaneAttempt | undefined {
    const idle = this.#idleLanes;
    const open = this.#plan.pool.sequenceIds === undefined ? -1 : idle.findIndex(({ sequence }) => sequence?.isOpen);
    return open < 0 ? idle.pop() : idle.splice(open, 1)[0];
  }

  #openLane(): LaneAttempt {
    const lane: LaneAttempt = new LaneAttempt(this.#recorder, this.#plan.transport.openLane(), () => {
      const dueAtMs = this.#isHeld() ? undefined : this.#waiting.shift();
      if (dueAtMs !== undefined) return lane.send(dueAtMs);
      this.#busyLanes.delete(lane);
      this.#idleLanes.push(lane);
      if (this.#backlogNow === 0 && this.#answered !== null) this.#drained.resolve();
    });
    return lane;
  }

  /** Whether the server is to be left alone; what is due meanwhile waits, and is sent when that has passed. */
  #isHeld(): boolean {
    const { hold } = this.#recorder;
    if (hold === undefined || hold.leftMs === 0) return false;
    if (!this.#holds) hold.passed(() => this.#backlogNow > 0).then(() => this.#release());
    return this.#holds = true;
  }

  #release(): void {
    this.#holds = false;
    while (this.#waiting.length > 0 && !this.#isHeld()) {
      const lane = this.#freeLane();
      if (lane === null) return;
      this.#busyLanes.add(lane);
      lane.send(this.#waiting.shift()!);
    }
  }

  #noteBacklog(): void {
    this.#mostOutstanding = Math.max(this.#mostOutstanding, this.#backlogNow);
    const atMs = this.#recorder.now();
    if (atMs < this.#nextBacklogMs) return;
    this.#backlog.push({ atMs, requests: this.#backlogNow });
    if (this.#backlog.length === MOST_BACKLOG_POINTS) {
      this.#backlog = this.#backlog.filter((_, i) => i % 2 === 0);
      this.#backlogStepMs *= 2;
    }
    this.#nextBacklogMs = atMs + this.#backlogStepMs;
  }
}
