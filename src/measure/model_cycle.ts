import { ExchangeError, exchangeReason, isConnectionLost, ServerStartError, TargetError } from "../core/errors.ts";
import { tellWait } from "../core/patience/tell_wait.ts";
import type { Protocol } from "../core/protocol.ts";
import { afterSignal } from "./control/after_signal.ts";
import { firstInference } from "./control/first_inference.ts";
import { SilentServerError } from "./control/silent_server_error.ts";
import { noteIfLost, noteLoss } from "./loss/note_run_end.ts";
import type { Session } from "./session.ts";
import { defaultOf } from "./settings/default_of.ts";

/** How often a server is asked whether a model is gone, ms: at first, and at last. */
const POLL_MS = 20;
const SLOWEST_POLL_MS = 500;
/** The pauses grow by this factor, so that the time of an unload is known to a fifth. */
const SLOWER = 1.25;

/** Longest to wait for a model to be gone that shows no sign of going, ms. */
const STAYS_MS = 5000;

/** Longest to wait for a model that was loaded again to be there, ms. */
const BACK_MS = 10_000;
/** After the user's signal a load may take so long, or by this factor longer than the longest of the run. */
const LAST_LOAD_MS = 5000;
const LONGER = 2;

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
  const { target: { protocol, model }, options: { signal, loadTimeoutMs = defaultOf("loadTimeoutMs") }, windows } =
    session;
  if (noUnload) return "the model was not to be unloaded";
  if (typeof windows.noUnload === "string") return windows.noUnload;
  const lack = whyNoUnload(protocol);
  if (lack !== null || protocol.whyUnloadIsFinal === undefined) return lack;
  if (windows.noUnload === undefined) {
    let found;
    try {
      const asked = protocol.whyUnloadIsFinal(model, signal === undefined ? {} : { signal });
      found = await waited(session, `seeing whether ${model} can be loaded`, loadTimeoutMs, asked);
    } catch (error) {
      const reason = await noteFailure(session, error);
      // Asked again it would take its time again.
      if (session.partial === null && exchangeReason(error) === "timeout") windows.noUnload = reason;
      return reason;
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
  const call = { loadTimeoutMs: timeoutMs, ...(signal === undefined ? {} : { signal }) };
  const startMs = clock.now();
  const { timeoutMs: mostMs } = session;
  await waited(session, `unloading ${model}`, mostMs, protocol.unload!(model, call)).catch((error) => {
    // What is slow to say that it is done may be done.
    if (exchangeReason(error) !== "timeout") throw error;
  });
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
  const loading = protocol.load(model, { loadTimeoutMs: timeoutMs, ...(signal === undefined ? {} : { signal }) });
  await waited(session, `loading ${model}`, timeoutMs, loading);
  const loadMs = clock.now() - startMs;
  windows.longestLoadMs = Math.max(windows.longestLoadMs, loadMs);
  return loadMs;
}

/**
 * Loads the model until it answers: where the server loads with the next request, requests are sent until one succeeds.
 *
 * @param session The test.
 * @param timeoutMs Deadline, ms.
 * @throws {TargetError} If the server refuses, or none succeeds in time.
 */
export async function loadToAnswer(session: Session, timeoutMs: number): Promise<void> {
  if (await load(session, timeoutMs) === null) await loadByRequest(session, timeoutMs);
}

async function loadByRequest(session: Session, timeoutMs: number): Promise<void> {
  const { transport, options, target: { model } } = session;
  const lane = transport.openLane();
  try {
    const answering = firstInference(session, lane, options, { timeoutMs, after: "its unload" });
    await waited(session, `loading ${model} by a request`, timeoutMs, answering);
  } finally {
    await lane.close();
  }
}

/** Waits for a step of the server, and shows how long. */
async function waited<T>(session: Session, what: string, mostMs: number, step: Promise<T>): Promise<T> {
  try {
    return await tellWait({ what, mostMs, tell: session.waits }, step);
  } finally {
    session.waits(null);
  }
}

/**
 * Leaves the server as it was found: the model is there again whatever happened, the user's signal included. Where it
 * cannot be brought back, the test is cut as `model-lost`, and the run's windows hold why. After the user's signal it is asked
 * for and waited for only as long as loads take; a second one ends that.
 *
 * @param session The test.
 * @param timeoutMs Deadline, ms.
 */
export async function restore(session: Session, timeoutMs: number): Promise<void> {
  const { target: { protocol, model }, windows, clock, options: { signal, haltSignal } } = session;
  windows.modelLoaded(clock.now());
  // There is nobody to ask.
  if (session.lost !== null) return;
  const graceMs = Math.max(Math.min(LAST_LOAD_MS, session.timeoutMs), LONGER * windows.longestLoadMs);
  using late = afterSignal(signal, haltSignal, graceMs);
  const call = { signal: late.signal, loadTimeoutMs: timeoutMs };
  const bring = protocol.restore ?? protocol.load;
  // A server that loads with the next request does so for whoever comes.
  const isNobodyAsked = () => bring === undefined && signal?.aborted === true;
  if (isNobodyAsked()) return;
  let reason: string | null = null, backMs = BACK_MS;
  try {
    const mostMs = signal?.aborted ? Math.min(timeoutMs, graceMs) : timeoutMs;
    if (bring === undefined) await loadByRequest(session, timeoutMs);
    else await waited(session, `putting ${model} back`, mostMs, bring(model, call));
  } catch (error) {
    if (isNobodyAsked()) return void (session.partial ??= "interrupted");
    if (late.signal.aborted) return givenUp(session);
    // One that goes on may do the unload that it was asked for.
    windows.isModelUnsure = error instanceof SilentServerError;
    if (await isGone(session, error)) return;
    reason = error instanceof Error ? error.message : String(error);
    // One that dropped the connection alone may still do what it was asked for.
    if (!isConnectionLost(error)) backMs = 0;
  }
  try {
    const missing = await stillMissing(session, backMs, late.signal);
    if (missing === null) return;
    reason ??= missing;
  } catch (error) {
    if (late.signal.aborted) return givenUp(session);
    if (await isGone(session, error) || reason === null) return;
  }
  windows.modelLost = reason;
  session.partial = "model-lost";
}

function givenUp(session: Session): void {
  session.windows.isModelUnsure = true;
  session.partial ??= "interrupted";
}

/** What shows that the model is not there, `null` if it is, or if that cannot be seen. */
async function stillMissing(
  { target: { protocol, model }, clock }: Session,
  waitMs: number,
  signal: AbortSignal,
): Promise<string | null> {
  if (protocol.verifyAbsent === undefined) return null;
  const startMs = clock.now();
  while (true) {
    const { absent, evidence } = await protocol.verifyAbsent(model, { signal });
    if (!absent) return null;
    if (clock.now() - startMs >= waitMs) return evidence;
    await clock.sleep(POLL_MS, signal);
  }
}

/**
 * Notes why a step of the test failed: the user's signal and a lost server make the result partial, anything else is
 * told in words. The server is lost only where it does not answer for its health.
 *
 * @returns The reason, for people.
 */
export async function noteFailure(session: Session, error: unknown): Promise<string> {
  if (session.options.signal?.aborted) {
    session.partial ??= "interrupted";
    return "the test was interrupted";
  }
  if (!(error instanceof TargetError || error instanceof ExchangeError)) throw error;
  if (error instanceof SilentServerError) {
    noteLoss(session, { atMs: session.windows.since(session.clock.now()), reason: error.message, failed: 0 });
  } else if (!(error instanceof ServerStartError)) await noteIfLost(session);
  return error.message;
}

/**
 * Whether a model cannot be put back as its server is not there any more, which is noted. After the user's signal it is asked
 * no more: nobody knows then whether the model is there.
 */
async function isGone(session: Session, error: unknown): Promise<boolean> {
  // One that was given up is noted where the test ends.
  if (error instanceof SilentServerError) return true;
  if (!isConnectionLost(error)) return false;
  if (!session.options.signal?.aborted) return await noteIfLost(session) !== null;
  givenUp(session);
  return true;
}
