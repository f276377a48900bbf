import { TargetError } from "../../core/errors.ts";
import type { Lane } from "../../core/transport.ts";
import type { SingleAttempt } from "../../load/send_one.ts";
import { attemptInWords, firstInference, infer } from "../../measure/control/first_inference.ts";
import type { Session } from "../../measure/session.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import type { LatencyOptions } from "../../measure/settings/options.ts";

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
