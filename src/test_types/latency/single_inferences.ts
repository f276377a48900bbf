import { TargetError } from "../../core/errors.ts";
import type { Lane } from "../../core/transport.ts";
import { sendOne, type SingleAttempt } from "../../load/send_one.ts";
import { noteIfLost } from "../../measure/loss/note_run_end.ts";
import type { Session } from "../../measure/session.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import type { LatencyOptions } from "../../measure/settings/options.ts";

/** Rest between attempts while a freshly loaded model does not answer yet, ms. */
const RETRY_MS = 20;

/** Least time between two questions whether the server is still there, ms. */
const ASK_AGAIN_MS = 1000;

/** How the first inference is waited for. */
export interface FirstInferenceOptions {
  /** Longest to wait, ms. */
  readonly timeoutMs: number;
  /** After what it is: `its load`. */
  readonly after: string;
  /** Throws where waiting is in vain. */
  readonly check?: () => void;
}

/**
 * Until the first success: a server that says "loaded" before it answers has not started yet.
 *
 * @param session The test.
 * @param lane The connection.
 * @param options Of the test.
 * @param how How long it is waited for.
 * @returns Its time, failed attempts included, ms.
 * @throws {TargetError} If none succeeds in time.
 */
export async function firstInference(
  session: Session,
  lane: Lane,
  options: LatencyOptions,
  { timeoutMs, after, check }: FirstInferenceOptions,
): Promise<number> {
  const { clock, target, options: { signal } } = session;
  const startMs = clock.now();
  let nextAskMs = startMs;
  while (true) {
    const attempt = await infer(session, lane, options);
    if (attempt.verdict.kind === "success") return clock.now() - startMs;
    signal?.throwIfAborted();
    check?.();
    // One that is being started is watched by its process.
    if (check === undefined && clock.now() >= nextAskMs) {
      const reason = await noteIfLost(session);
      nextAskMs = clock.now() + ASK_AGAIN_MS;
      if (reason !== null) throw new TargetError(`Cannot measure as the server must be there: ${reason}`);
    }
    if (clock.now() - startMs > timeoutMs) {
      throw new TargetError(
        `Cannot measure as "${target.model}" must answer after ${after}: ${attemptInWords(attempt)}`,
      );
    }
    await clock.sleep(RETRY_MS, signal);
  }
}

/**
 * Waits until a server that was started for this run gives its first prediction: until then it does not serve, whatever it
 * says. What it reads at its start and its first prediction is then in the page cache.
 *
 * @param session What measures.
 * @param options Of the test.
 * @throws {TargetError} If it ends before, or does not serve in time.
 */
export async function awaitPrediction(session: Session, options: LatencyOptions): Promise<void> {
  const { target: { started }, transport } = session;
  if (started === undefined) return;
  session.progress("waiting for a first prediction", 0);
  const lane = transport.openLane();
  try {
    const check = () => started.checkRunning();
    await firstInference(session, lane, options, {
      timeoutMs: started.startTimeoutMs,
      after: "the server's start",
      check,
    });
  } catch (error) {
    if (error instanceof TargetError) await started.tellOutput();
    throw error;
  } finally {
    await lane.close();
  }
}

/** An inference that followed the first. */
export interface FollowUp {
  /** Its latency, ms. */
  readonly latencyMs: number;
  /** From the end of the first inference to its end, ms. */
  readonly endMs: number;
}

/**
 * The inferences that follow the first, one after another, up to a failure.
 *
 * @param session The test.
 * @param lane The connection.
 * @param options Of the test: how many.
 */
export async function followUps(session: Session, lane: Lane, options: LatencyOptions): Promise<FollowUp[]> {
  const found: FollowUp[] = [];
  const startMs = session.clock.now();
  while (found.length < (options.followUps ?? defaultOf("followUps"))) {
    const { latencyMs, verdict } = await infer(session, lane, options);
    if (verdict.kind !== "success") break;
    found.push({ latencyMs, endMs: session.clock.now() - startMs });
  }
  return found;
}

/**
 * One inference by itself.
 *
 * @param session The test.
 * @param lane An idle connection.
 * @param options Of the test.
 * @returns Its latency and what its answer is worth.
 */
export async function infer(session: Session, lane: Lane, options: LatencyOptions): Promise<SingleAttempt> {
  const { batchSize = defaultOf("batchSize"), allowNullResults = false } = options;
  const { target: { model, protocol }, timeoutMs, clock, options: { signal } } = session;
  const { hold } = session.windows;
  const pool = await session.pool(batchSize);
  signal?.throwIfAborted();
  const request = pool.next();
  session.requests++;
  session.windows.sent++;
  const attempt = await sendOne(lane, {
    request,
    asked: { model, predictions: batchSize, allowNullResults },
    protocol,
    timeoutMs,
    clock,
    ...(signal === undefined ? {} : { signal }),
    ...(hold === undefined ? {} : { hold }),
  });
  pool.release(request);
  return attempt;
}

/**
 * To be called behind an inference that failed: one that was not answered in time may be the last that was asked.
 *
 * @param session The test.
 * @param attempt That was made.
 * @throws {SilentServerError} If the server does not answer for its health either.
 */
export async function afterTimeout({ control, target }: Session, attempt: SingleAttempt): Promise<void> {
  const { verdict } = attempt;
  if (verdict.kind === "failure" && verdict.reason === "timeout") {
    await control.checkAlive(`Cannot go on as "${target.model}" must answer: ${attemptInWords(attempt)}`);
  }
}

/**
 * What an inference came to, for people; of a failure in the server's words.
 *
 * @param attempt That was made.
 */
export function attemptInWords({ verdict }: SingleAttempt): string {
  return verdict.kind === "failure" ? `${verdict.reason}: ${verdict.message}` : verdict.kind;
}
