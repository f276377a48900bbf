import { ExchangeError, TargetError } from "../core/errors.ts";
import { CONNECTION_FAILURES } from "../core/outcome.ts";
import type { Protocol } from "../core/protocol.ts";
import type { Session } from "./session.ts";

/** How often a server is asked whether a model is gone, ms: at first, and at last. */
const POLL_MS = 20;
const SLOWEST_POLL_MS = 500;
/** The pauses grow by this factor, so that the time of an unload is known to a fifth. */
const SLOWER = 1.25;

/** Longest to wait for a model to be gone that shows no sign of going, ms. */
const STAYS_MS = 5000;

/** Longest to wait for a model that was loaded again to be there, ms. */
const BACK_MS = 10_000;

/**
 * Why the target's model is not unloaded, or `null` if it may be: it can be seen to be absent, and nothing that can be
 * found out beforehand says that it could not be loaded again. Found out once in a run, before its first unload.
 *
 * @param session The test; what went wrong is noted in it.
 * @param options Whether it is not to be unloaded at all.
 */
export async function whyNoColdStart(
  session: Session,
  { noUnload = false }: { readonly noUnload?: boolean },
): Promise<string | null> {
  const { target: { protocol, model }, options: { signal }, windows } = session;
  if (noUnload) return "the model was not to be unloaded";
  if (typeof windows.noUnload === "string") return windows.noUnload;
  const lack = whyNoUnload(protocol);
  if (lack !== null || protocol.whyUnloadIsFinal === undefined) return lack;
  if (windows.noUnload === undefined) {
    let found;
    try {
      found = await protocol.whyUnloadIsFinal(model, signal === undefined ? {} : { signal });
    } catch (error) {
      return noteFailure(session, error);
    }
    windows.noUnload = found === null ? null : `the model is not unloaded as that would be final: ${found}`;
  }
  return windows.noUnload;
}

function whyNoUnload(protocol: Protocol): string | null {
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
 * Unloads the model and waits until the server shows that it is gone: an unload that is only said is none. A model that stays
 * is given up after seconds, and is not unloaded again in this run.
 *
 * @param session The test; {@linkcode whyNoColdStart} must have answered `null`.
 * @param timeoutMs Longest time to wait while the unload can be seen to go on, ms.
 * @throws {TargetError} If the server refuses, or still has the model when it is given up.
 */
export async function unloadAndVerify(session: Session, timeoutMs: number): Promise<Unloaded> {
  const { clock, target: { protocol, model }, options: { signal }, windows } = session;
  windows.gpu.loadBegins();
  const call = { timeoutMs, ...(signal === undefined ? {} : { signal }) };
  const startMs = clock.now();
  await protocol.unload!(model, call);
  for (let pauseMs = POLL_MS;; pauseMs = Math.min(SLOWER * pauseMs, SLOWEST_POLL_MS)) {
    const { absent, evidence, isGoing = false } = await protocol.verifyAbsent!(model, call);
    const waitedMs = clock.now() - startMs;
    if (absent) return { unloadMs: waitedMs, evidence };
    if (waitedMs > (isGoing ? timeoutMs : Math.min(timeoutMs, STAYS_MS))) {
      const found = `after ${Math.round(waitedMs / 100) / 10} s ${evidence}`;
      windows.noUnload = `the model is not unloaded again, as it stayed when it was: ${found}`;
      throw new TargetError(`Cannot measure a cold start as "${model}" must be gone after its unload: ${found}`);
    }
    await clock.sleep(pauseMs, signal);
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

/**
 * Leaves the server as it was found: the model is there again whatever happened, the user's signal included. Where it
 * cannot be brought back, the test is cut as `model-lost`, and the run's windows hold why.
 *
 * @param session The test.
 * @param timeoutMs Deadline, ms.
 */
export async function restore(session: Session, timeoutMs: number): Promise<void> {
  const { target: { protocol, model }, windows, clock, options: { signal } } = session;
  windows.modelLoaded(clock.now());
  const bring = protocol.restore ?? protocol.load;
  // Interrupted on a server that loads with the next request: there is none to come.
  if (bring === undefined && signal?.aborted) return;
  let reason: string | null = null;
  try {
    await bring?.(model, { timeoutMs });
  } catch (error) {
    if (isConnectionLost(error)) return;
    reason = error instanceof Error ? error.message : String(error);
  }
  try {
    const missing = await stillMissing(session, reason === null ? BACK_MS : 0);
    if (missing === null) return;
    reason ??= missing;
  } catch (error) {
    if (reason === null || isConnectionLost(error)) return;
  }
  windows.modelLost = reason;
  session.partial = "model-lost";
}

/** What shows that the model is not there, `null` if it is, or if that cannot be seen. */
async function stillMissing({ target: { protocol, model }, clock }: Session, waitMs: number): Promise<string | null> {
  if (protocol.verifyAbsent === undefined) return null;
  const startMs = clock.now();
  while (true) {
    const { absent, evidence } = await protocol.verifyAbsent(model);
    if (!absent) return null;
    if (clock.now() - startMs >= waitMs) return evidence;
    await clock.sleep(POLL_MS);
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
  if (isConnectionLost(error)) session.partial ??= "target-lost";
  return error.message;
}

function isConnectionLost(error: unknown): boolean {
  const cause = error instanceof TargetError ? error.cause : error;
  return cause instanceof ExchangeError && CONNECTION_FAILURES.has(cause.reason);
}
