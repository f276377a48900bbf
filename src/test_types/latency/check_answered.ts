import { TargetError } from "../../core/errors.ts";
import { attemptInWords, infer } from "../../measure/control/first_inference.ts";
import type { Session } from "../../measure/session.ts";
import type { LatencyOptions } from "../../measure/settings/options.ts";
import { afterTimeout } from "./single_inferences.ts";

/** Requests that a server may fail before it is taken to fail all; of slow failures, the fewest. */
const MOST_ATTEMPTS = 20;
const FEWEST_ATTEMPTS = 3;
/** From then on the fewest are enough, ms. */
const LONG_MS = 10_000;
/** Rest between two of them, ms. */
const RETRY_MS = 50;

/**
 * Sees that the model answers before a run of several tests, which would tell after minutes that none of their requests
 * succeeded. One success is enough: the tests count what fails.
 *
 * @param session What measures.
 * @param options Of the tests.
 * @throws {TargetError} With the server's words, if none of 20 requests one after another succeeded, or none of 3 in 10 s.
 */
export async function checkAnswered(session: Session, options: LatencyOptions): Promise<void> {
  const { clock, target: { model }, transport } = session;
  const signal = options.signal;
  const lane = transport.openLane();
  const startMs = clock.now();
  try {
    for (let attempts = 1;; attempts++) {
      const attempt = await infer(session, lane, options);
      if (attempt.verdict.kind !== "failure") return;
      const isOver = attempts >= MOST_ATTEMPTS || (attempts >= FEWEST_ATTEMPTS && clock.now() - startMs > LONG_MS);
      if (isOver) {
        throw new TargetError(
          `Cannot measure "${model}" as one request must succeed: none of ${attempts} did, ${attemptInWords(attempt)}`,
        );
      }
      await afterTimeout(session, attempt);
      await clock.sleep(RETRY_MS, signal);
    }
  } catch (error) {
    // The tests say that the run was interrupted.
    if (!signal?.aborted) throw error;
  } finally {
    await lane.close();
  }
}
