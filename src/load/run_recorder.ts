import { type Clock, systemClock } from "../core/clock.ts";
import { CONNECTION_FAILURES, type FailureReason } from "../core/outcome.ts";
import type { Verdict } from "../core/protocol.ts";
import type { SequenceStep } from "../core/request/sequence.ts";
import type { WireRequest, WireResponse } from "../core/transport.ts";
import { AnswerPicks } from "../core/stream/answer_picks.ts";
import type { AnswerStream } from "../core/stream/answer_stream.ts";
import type { Arrivals } from "./arrivals.ts";
import { AnswerTexts } from "./samples/answer_texts.ts";
import { judged, judgedStream } from "./judged.ts";
import type { Attempt, AttemptHost } from "./lane_attempt.ts";
import type { EndReason, LoadRun } from "./load_run.ts";
import type { RunPlan } from "./run_plan.ts";
import { SampleStore } from "./samples/sample_store.ts";
import type { SequenceIds } from "./sequences.ts";
import type { ServerHold } from "./server/server_hold.ts";
import { type LostRun, ServerWatch } from "./server/server_watch.ts";

/** Least time between two questions to the stop rule, ms. */
const LOOK_MS = 50;
/** A server that has answered nothing for so long to what is outstanding hangs, ms. */
const SILENT_MS = 1000;
/** Nothing but failed connections for so long ends a run, ms: the server may be gone. */
const DISCONNECTED_MS = 3000;

/** Keeps the samples of one run, and decides when its window begins and ends (method 3). */
export class RunRecorder implements AttemptHost {
  /** Deadline of one request, ms. */
  readonly timeoutMs: number;
  /** Source of time. */
  readonly clock: Clock;
  readonly #plan: RunPlan;
  readonly #originMs: number;
  readonly #store: SampleStore;
  readonly #ended = Promise.withResolvers<void>();
  readonly #failureExamples: Partial<Record<FailureReason, string>> = {};
  #window = { from: -1, to: -1, startMs: 0, endMs: 0, heldMs: 0 };
  #endReason: EndReason | null = null;
  #endedAtMs = Infinity;
  #cancelled = 0;
  #givenUp = 0;
  #succeeded = 0;
  #nextLookMs = 0;
  #lastAnswerMs = 0;
  #lost: LostRun | null = null;
  readonly #watch: ServerWatch;
  #answers: AnswerPicks | null = null;
  readonly #texts = new AnswerTexts();

  /** Begins the run now. */
  constructor(plan: RunPlan) {
    this.#plan = plan;
    this.clock = plan.clock ?? systemClock;
    this.#originMs = plan.originMs ?? this.clock.now();
    this.timeoutMs = plan.timeoutMs;
    this.#store = new SampleStore(plan.fold);
    this.#watch = new ServerWatch({
      ask: plan.ask,
      clock: this.clock,
      now: () => this.now(),
      onLost: (lost) => this.#end("lost", this.now(), lost),
    });
    if (plan.warmUpRequests === 0) this.#beginWindow(0);
  }

  /** Whether requests shall still be sent. */
  get goesOn(): boolean {
    return this.#endReason === null;
  }

  /** Why the run ended, or `null` while it goes on. */
  get endReason(): EndReason | null {
    return this.#endReason;
  }

  /** Whether the server is being asked whether it is there. */
  get isInDoubt(): boolean {
    return this.#plan.rests?.() ?? this.#watch.isAsking;
  }

  /** Whether what is outstanding is to be cut off at once, since nobody waits for it or nobody answers it. */
  get isCutOff(): boolean {
    return this.#endReason === "interrupted" || this.#endReason === "lost";
  }

  /** Resolves when the window has ended. The plan's signal ends it. */
  async untilEnded(): Promise<void> {
    const { signal, until } = this.#plan;
    const onAbort = () => this.end("interrupted", this.now());
    const onUntil = () => this.end("duration", this.now());
    signal?.addEventListener("abort", onAbort, { once: true });
    until?.addEventListener("abort", onUntil, { once: true });
    if (signal?.aborted) onAbort();
    if (until?.aborted) onUntil();
    await this.#ended.promise;
    signal?.removeEventListener("abort", onAbort);
    until?.removeEventListener("abort", onUntil);
  }

  /** Part of {@linkcode AttemptHost}. */
  now(): number {
    return this.clock.now() - this.#originMs;
  }

  /** Times for which nothing is sent; `undefined` where the server is not asked. */
  get hold(): ServerHold | undefined {
    return this.#plan.hold;
  }

  /** Part of {@linkcode AttemptHost}. */
  get sequenceIds(): SequenceIds | undefined {
    return this.#plan.pool.sequenceIds;
  }

  /** Part of {@linkcode AttemptHost}. */
  nextRequest(step?: SequenceStep): WireRequest {
    return this.#plan.pool.next(step);
  }

  /** Part of {@linkcode AttemptHost}. */
  requestEnded(request: WireRequest): void {
    this.#plan.pool.release(request);
  }

  /** Part of {@linkcode AttemptHost}. */
  judge(response: WireResponse): Verdict {
    return this.#heeded(judged(this.#plan.protocol, response, this.#plan.asked));
  }

  /** Part of {@linkcode AttemptHost}. */
  openStream(): AnswerStream | null {
    return this.#plan.protocol.openStream?.() ?? null;
  }

  /** Part of {@linkcode AttemptHost}. */
  judgeStream(stream: AnswerStream, response: WireResponse): Verdict {
    return this.#heeded(judgedStream(stream, response));
  }

  #heeded(verdict: Verdict): Verdict {
    if (verdict.kind === "failure" && verdict.waitMs !== undefined) this.hold?.asked(verdict.waitMs);
    return verdict;
  }

  /** Part of {@linkcode AttemptHost}. */
  attemptEnded(attempt: Attempt): boolean {
    this.#texts.add(this.#store.recorded, attempt);
    if (this.#store.record(attempt)) this.#fold();
    this.#plan.onAttempt?.(attempt);
    const { endedAt, result, message, times } = attempt;
    if (times && result === "success" && this.#window.from >= 0) {
      (this.#answers ??= new AnswerPicks()).add(attempt, times);
    }
    if (result === "cancelled") {
      this.#cancelled++;
      if (attempt.scheduledAt >= (this.windowStartMs ?? Infinity)) this.#givenUp++;
      return false;
    }
    const disconnected = CONNECTION_FAILURES.has(result);
    if (!disconnected && result !== "client") this.#lastAnswerMs = endedAt;
    if (this.#lost === null) this.#watch.ended(attempt);
    // A server that may be gone is not hammered until it is known.
    const waits = disconnected || result === "client" || (result !== "success" && this.isInDoubt);
    // Also of one that was outstanding when the window ended: it is counted.
    if (result !== "success" && this.#window.from >= 0 && this.#lost === null) {
      this.#failureExamples[result] ??= message;
    }
    if (this.#endReason !== null) return waits;
    if (this.#window.from >= 0) {
      if (result === "success") this.#succeeded++;
      const counted = this.#store.recorded - this.#window.from;
      this.#plan.onCounted?.(counted, this.#plan.outstanding?.() ?? 0, this.#succeeded);
    }
    if (disconnected && this.#isDisconnected(endedAt)) this.end("disconnected", endedAt);
    else this.#lookAt(endedAt);
    return waits;
  }

  #isDisconnected(atMs: number): boolean {
    const { disconnectedMs = DISCONNECTED_MS } = this.#plan;
    if (this.#watch.isAsking) return false;
    return atMs - Math.max(this.#lastAnswerMs, this.#watch.lastThereMs) > disconnectedMs;
  }

  /** Begins or ends the window where that is due by time alone; for runs that go on while nothing is answered. */
  lookAtTime(): void {
    const { durationMs } = this.#plan;
    const nowMs = this.now();
    if (this.#window.from < 0 && nowMs >= durationMs) this.#beginWindow(nowMs);
    if (nowMs >= this.dueToMs) this.end("duration", nowMs);
  }

  /** When the window began, ms since the run began; `null` before. */
  get windowStartMs(): number | null {
    return this.#window.from < 0 ? null : this.#window.startMs;
  }

  /** What is due from then on is not of the window, ms since the run began; `Infinity` where that is not known yet. */
  get dueToMs(): number {
    return Math.min((this.windowStartMs ?? Infinity) + this.#plan.durationMs, this.#endedAtMs);
  }

  /** The window of due moments of what was offered and the doubt behind it, once all was answered or cut off. */
  dueWithin({ endsAtMs = Infinity }: Pick<Arrivals, "endsAtMs">) {
    const { startMs: dueFromMs } = this.#window, { doubt, doubtNow } = this.#watch;
    const dueToMs = Math.max(dueFromMs, Math.min(this.dueToMs, endsAtMs));
    // Where nothing has succeeded since then, not even what was sent long before, it may be gone without a word.
    const isSilent = this.#cancelled > 0 && doubtNow.sinceMs <= dueToMs && this.now() - doubtNow.sinceMs > SILENT_MS;
    return { dueFromMs, dueToMs, doubt: doubt ?? (isSilent ? doubtNow : null) };
  }

  /** Requests that were due since the window began, and were cut off; those of the warm-up are none of them. */
  get givenUp(): number {
    return this.#givenUp;
  }

  /** Ends the window, unless it has ended. */
  end(reason: EndReason, atMs: number): void {
    this.#end(reason, atMs, null);
  }

  #end(reason: EndReason, atMs: number, lost: LostRun | null): void {
    if (this.#endReason !== null) return;
    this.#lost = lost;
    this.#watch.close();
    if (this.#window.from < 0) this.#beginWindow(atMs);
    this.#fold();
    this.#endReason = reason;
    this.#endedAtMs = this.now();
    const { from } = this.#window;
    const to = this.#store.recorded;
    // The window ends with the end of a request, else a rate would depend on where in a request it was cut.
    const lastMs = to > from ? this.#store.lastEndedMs : atMs;
    const isSilent = reason === "interrupted" && atMs - lastMs > SILENT_MS && (this.#plan.outstanding?.() ?? 0) > 0;
    const endMs = isSilent ? atMs : lastMs;
    const heldMs = (this.hold?.heldMs ?? 0) - this.#window.heldMs;
    this.#window = { ...this.#window, to, endMs, heldMs };
    this.#ended.resolve();
    this.#plan.onWindow?.("end");
  }

  /** What was recorded. The window must have ended. */
  result(): LoadRun {
    this.#fold();
    return {
      samples: this.#store.kept,
      recorded: this.#store.recorded,
      warmUpRequests: this.#window.from,
      windowStartMs: this.#window.startMs,
      windowEndMs: this.#window.endMs,
      windowFrom: this.#window.from,
      windowTo: this.#window.to,
      cancelled: this.#cancelled,
      endReason: this.#endReason!,
      doubt: this.#watch.doubt,
      lost: this.#lost,
      outages: this.#watch.outages,
      failureExamples: this.#failureExamples,
      ...this.#window.heldMs > 0 ? { heldMs: this.#window.heldMs } : {},
      ...this.#answers === null ? {} : { answers: this.#answers.picked },
      ...this.#texts.all.size > 0 ? { texts: this.#texts.all } : {},
    };
  }

  /** What is not kept is handed on, before the state of the window changes. */
  #fold(): void {
    this.#store.fold(this.windowStartMs, this.#endReason === null);
  }

  #beginWindow(atMs: number): void {
    this.#fold();
    this.#window = { from: this.#store.recorded, to: -1, startMs: atMs, endMs: atMs, heldMs: this.hold?.heldMs ?? 0 };
    this.#nextLookMs = atMs;
    this.#plan.onWindow?.("begin");
  }

  /** Whether the attempt that ended at `atMs` begins or ends the window. */
  #lookAt(atMs: number): void {
    const { warmUpRequests, isWarm = () => true, durationMs, requests, stopWhen } = this.#plan;
    if (this.#window.from < 0) {
      if ((this.#store.recorded >= warmUpRequests && isWarm()) || atMs > durationMs) this.#beginWindow(atMs);
      return;
    }
    if (requests !== undefined && this.#store.recorded - this.#window.from >= requests) {
      return this.end("requests", atMs);
    }
    const elapsedMs = atMs - this.#window.startMs;
    if (elapsedMs >= durationMs) return this.end("duration", atMs);
    if (stopWhen === undefined || atMs < this.#nextLookMs) return;
    const { from: windowFrom, startMs: windowStartMs } = this.#window;
    this.#fold();
    const view = { samples: this.#store.kept, windowFrom, windowStartMs, nowMs: atMs };
    if (stopWhen(view)) return this.end("enough", atMs);
    // A tenth more time between looks: their total cost stays a small share of the run.
    this.#nextLookMs = atMs + Math.max(LOOK_MS, elapsedMs / 10);
  }
}
