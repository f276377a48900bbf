import { TargetError } from "../../core/errors.ts";
import type { Lane } from "../../core/transport.ts";
import { sendOne, type SingleAttempt } from "../../load/send_one.ts";
import { noteIfLost } from "../loss/note_run_end.ts";
import type { Session } from "../session.ts";
import { defaultOf } from "../settings/default_of.ts";
import type { LatencyOptions } from "../settings/options.ts";

/** Rest between attempts while a freshly loaded model does not answer yet, ms. */
const RETRY_MS = 20;

/** Least time between two questions whether the server is still there, ms. */
const ASK_AGAIN_MS = 1000;

/** What single inferences hold. */
export type AskedOptions = Pick<LatencyOptions, "batchSize" | "allowNullResults">;

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
  options: AskedOptions,
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
 * One inference by itself.
 *
 * @param session The test.
 * @param lane An idle connection.
 * @param options Of the test.
 * @returns Its latency and what its answer is worth.
 */
export async function infer(session: Session, lane: Lane, options: AskedOptions): Promise<SingleAttempt> {
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
 * What an inference came to, for people; of a failure in the server's words.
 *
 * @param attempt That was made.
 */
export function attemptInWords({ verdict }: SingleAttempt): string {
  return verdict.kind === "failure" ? `${verdict.reason}: ${verdict.message}` : verdict.kind;
}
