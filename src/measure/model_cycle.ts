import { ExchangeError, TargetError } from "../core/errors.ts";
import { CONNECTION_FAILURES } from "../core/outcome.ts";
import type { Session } from "./session.ts";

/** How often a server is asked whether a model is gone, ms. */
const POLL_MS = 20;

/** Why the target's model cannot be seen to be absent, or `null` if it can. */
export function whyNoColdStart({ target: { protocol } }: Session): string | null {
  const { lacks } = protocol;
  if (protocol.unload === undefined) {
    return lacks?.unload ?? `the server offers no way to unload a model (protocol ${protocol.name})`;
  }
  if (protocol.verifyAbsent === undefined) {
    return lacks?.verifyAbsent ?? "the server offers no way to see that a model is gone";
  }
  return null;
}

/** A model that is gone, and how that is known. */
export interface Unloaded {
  /** From asking for it to seeing it gone, ms. */
  readonly unloadMs: number;
  /** What was seen. */
  readonly evidence: string;
}

/**
 * Unloads the model and waits until the server shows that it is gone: an unload that is only said is none.
 *
 * @param session The test; {@linkcode whyNoColdStart} must be `null`.
 * @param timeoutMs Longest time to wait, ms.
 * @throws {TargetError} If the server refuses, or still has the model at the deadline.
 */
export async function unloadAndVerify(session: Session, timeoutMs: number): Promise<Unloaded> {
  const { clock, target: { protocol, model }, options: { signal }, windows } = session;
  windows.gpu.loadBegins();
  const call = { timeoutMs, ...(signal === undefined ? {} : { signal }) };
  const startMs = clock.now();
  await protocol.unload!(model, call);
  while (true) {
    const { absent, evidence } = await protocol.verifyAbsent!(model, call);
    if (absent) return { unloadMs: clock.now() - startMs, evidence };
    if (clock.now() - startMs > timeoutMs) {
      throw new TargetError(
        `Cannot measure a cold start as "${model}" must be gone after its unload: after ${timeoutMs} ms ${evidence}`,
      );
    }
    await clock.sleep(POLL_MS, signal);
  }
}

/**
 * Loads the model.
 *
 * @param session The test.
 * @param timeoutMs Deadline, ms.
 * @returns Time of the load call, ms; `null` where the server has none and loads on the first request.
 * @throws {TargetError} If the server refuses.
 */
export async function load(session: Session, timeoutMs: number): Promise<number | null> {
  const { clock, target: { protocol, model }, options: { signal }, windows } = session;
  windows.modelLoaded(clock.now());
  if (protocol.load === undefined) return null;
  const startMs = clock.now();
  await protocol.load(model, { timeoutMs, ...(signal === undefined ? {} : { signal }) });
  return clock.now() - startMs;
}

/** Leaves the server as it was found: the model is there again whatever happened, the user's signal included. */
export async function restore(
  { target: { protocol, model }, windows, clock }: Session,
  timeoutMs: number,
): Promise<void> {
  windows.modelLoaded(clock.now());
  try {
    await (protocol.restore ?? protocol.load)?.(model, { timeoutMs });
  } catch {
    // The test's own result says what went wrong; a server that is gone cannot be restored.
  }
}

/**
 * Notes why a step of the test failed: the user's signal and a lost server make the result partial, anything else is
 * told in words.
 *
 * @returns The reason, for people.
 */
export function noteFailure(session: Session, error: unknown): string {
  if (session.options.signal?.aborted) {
    session.partial ??= "interrupted";
    return "the test was interrupted";
  }
  if (!(error instanceof TargetError || error instanceof ExchangeError)) throw error;
  const cause = error instanceof ExchangeError ? error : error.cause;
  if (cause instanceof ExchangeError && CONNECTION_FAILURES.has(cause.reason)) {
    session.partial ??= "target-lost";
  }
  return error.message;
}
