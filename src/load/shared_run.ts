import type { ChunkTimes } from "../core/stream/chunk_times.ts";
import { openDrainMs } from "./drained.ts";
import { countWithin, dueWithin } from "./due_count.ts";
import type { Attempt } from "./lane_attempt.ts";
import type { EndReason } from "./load_run.ts";
import type { OpenLoopRun } from "./open_loop.ts";
import { rowAt, type RowBlock } from "./samples/row_block.ts";
import type { AnyRun, Issue } from "./run_load.ts";
import type { RunPlan } from "./run_plan.ts";
import { RunRecorder } from "./run_recorder.ts";

/** What a thread tells of its share of a run, every few milliseconds. Moments are ms since the run began. */
export interface ShareNews {
  /** Attempts that ended since the last news, in the order in which they ended. */
  readonly block: RowBlock;
  /** Why those of them failed that did, in their order. */
  readonly messages: readonly string[];
  /** When the chunks came of those of them that succeeded and streamed, in their order; left out where none did. */
  readonly times?: readonly ChunkTimes[];
  /** All that ended up to then has been told. */
  readonly upToMs: number;
  /** Whether the first request of every lane has ended. */
  readonly warm: boolean;
  /** Requests that are outstanding or wait. */
  readonly outstanding: number;
  /** When something may be sent again, as far as the server asked this thread to wait; `-Infinity` where it did not. */
  readonly holdUntilMs: number;
}

/** What a thread tells when its share is over, after its last news. */
export interface ShareEnd {
  /** Why. */
  readonly endReason: EndReason;
  /** Most requests that were outstanding or waited; of an open loop. */
  readonly mostOutstanding: number;
  /** As in {@linkcode OpenLoopRun}. */
  readonly unsentDueMs: readonly number[];
  /** As in {@linkcode OpenLoopRun}. */
  readonly backlog: OpenLoopRun["backlog"];
}

/** One thread's share, as far as it was told. */
class Share {
  readonly #news: ShareNews[] = [];
  #row = 0;
  #message = 0;
  #time = 0;
  upToMs = 0;
  warm = false;
  outstanding = 0;
  end: ShareEnd | null = null;

  add(news: ShareNews): void {
    this.upToMs = news.upToMs;
    this.warm = news.warm;
    this.outstanding = news.outstanding;
    if (news.block.rows > 0) this.#news.push(news);
  }

  /** When its next attempt ended; where none is known, not before what it told. */
  get nextMs(): number {
    const [news] = this.#news;
    if (news !== undefined) return rowAt(news.block, this.#row).endedAt;
    return this.end === null ? this.upToMs : Infinity;
  }

  /** That attempt, or `null` where none is known. */
  take(): Attempt | null {
    const [news] = this.#news;
    if (news === undefined) return null;
    const row = rowAt(news.block, this.#row);
    const failed = row.result !== "success" && row.result !== "cancelled";
    const message = failed ? news.messages[this.#message++] ?? "" : "";
    const times = row.result === "success" && row.stream ? news.times?.[this.#time++] ?? null : null;
    if (++this.#row === news.block.rows) {
      this.#news.shift();
      this.#row = this.#message = this.#time = 0;
    }
    return { ...row, message, times };
  }
}

/**
 * One run whose lanes are spread over threads. Their attempts are put in the order in which they ended and recorded as if
 * one thread had sent them: one window, one stop rule, samples of all.
 */
export class SharedRun {
  readonly #recorder: RunRecorder;
  readonly #shares: readonly Share[];
  readonly #issue: Issue;
  readonly #over = Promise.withResolvers<void>();

  /**
   * Begins the run.
   *
   * @param issue How requests are issued by all threads together.
   * @param plan What is sent and when the run stops.
   * @param parts Number of threads.
   */
  constructor(issue: Issue, plan: RunPlan, parts: number) {
    this.#issue = issue;
    this.#shares = Array.from({ length: parts }, () => new Share());
    const isClosed = issue.kind === "closed";
    this.#recorder = new RunRecorder({
      ...plan,
      ...(isClosed ? { isWarm: () => this.#shares.every(({ warm }) => warm) && (plan.isWarm?.() ?? true) } : {}),
      outstanding: () =>
        isClosed ? issue.concurrency : this.#shares.reduce((sum, { outstanding }) => sum + outstanding, 0),
    });
  }

  /** When it began, by the plan's clock. */
  get originMs(): number {
    return this.#recorder.clock.now() - this.#recorder.now();
  }

  /** Whether the server is being asked whether it is there: threads rest behind failures meanwhile. */
  get isInDoubt(): boolean {
    return this.#recorder.isInDoubt;
  }

  /**
   * Resolves when no request shall be sent any more.
   *
   * @returns Whether what is outstanding shall be cut off, when the window was, ms since the run began, and how long an open loop
   * waits for its last answers by what all threads have seen, ms.
   */
  async untilEnded(): Promise<
    {
      readonly cancel: boolean;
      readonly window: { readonly fromMs: number; readonly toMs: number };
      readonly patienceMs: number;
    }
  > {
    await this.#recorder.untilEnded();
    const window = { fromMs: this.#recorder.windowStartMs ?? 0, toMs: this.#recorder.now() };
    return { cancel: this.#recorder.isCutOff, window, patienceMs: openDrainMs(this.#recorder.result().samples) };
  }

  /** Takes in what a thread tells. */
  tell(part: number, news: ShareNews): void {
    this.#shares[part]!.add(news);
    this.#recorder.hold?.until(this.originMs + news.holdUntilMs);
    this.#merge();
    if (this.#issue.kind === "open" && this.#recorder.goesOn) this.#recorder.lookAtTime();
  }

  /** Takes in that a thread's share is over. */
  ended(part: number, end: ShareEnd): void {
    this.#shares[part]!.end = end;
    this.#merge();
    if (this.#shares.some((share) => share.end === null)) return;
    this.#recorder.end(end.endReason, this.#recorder.now());
    this.#over.resolve();
  }

  /** What was recorded, once every share is over. */
  async result(): Promise<AnyRun> {
    await this.#over.promise;
    const run = this.#recorder.result();
    if (this.#issue.kind === "closed") return run;
    const due = this.#recorder.dueWithin(this.#issue.arrivals);
    const { dueFromMs, dueToMs } = due;
    const ends = this.#shares.map((share) => share.end!);
    const unsentDueMs = ends.flatMap((end) => end.unsentDueMs);
    const isInterrupted = !this.#recorder.isCutOff && ends.some(({ endReason }) => endReason === "interrupted");
    return {
      ...run,
      ...(isInterrupted ? { endReason: "interrupted" as const } : {}),
      ...due,
      due: dueWithin(this.#issue.arrivals, dueFromMs, dueToMs),
      unanswered: countWithin(unsentDueMs, dueFromMs, dueToMs) + this.#recorder.givenUp,
      unsentDueMs,
      mostOutstanding: ends.reduce((sum, { mostOutstanding }) => sum + mostOutstanding, 0),
      backlog: backlogOf(ends.map(({ backlog }) => backlog)),
    };
  }

  /** Records what ended before anything else that may still be told. */
  #merge(): void {
    for (;;) {
      const first = this.#shares.reduce((a, b) => b.nextMs < a.nextMs ? b : a);
      const attempt = first.take();
      if (attempt === null) return;
      // What was due after the window was sent only since the threads learn of its end later.
      if (this.#issue.kind === "open" && attempt.scheduledAt >= this.#recorder.dueToMs) continue;
      this.#recorder.attemptEnded(attempt);
    }
  }
}

/** The backlogs of threads added up, at the moments of the first. */
function backlogOf(backlogs: readonly OpenLoopRun["backlog"][]): OpenLoopRun["backlog"] {
  const [first, ...others] = backlogs;
  const places = others.map(() => 0);
  return (first ?? []).map(({ atMs, requests }) => ({
    atMs,
    requests: others.reduce((sum, backlog, k) => {
      while (places[k]! + 1 < backlog.length && backlog[places[k]! + 1]!.atMs <= atMs) places[k]!++;
      return sum + (backlog[places[k]!]?.requests ?? 0);
    }, requests),
  }));
}
