import { TargetError } from "../../core/errors.ts";
import type { Lane } from "../../core/transport.ts";
import { firstInference } from "../../measure/control/first_inference.ts";
import { load, noteFailure, restore, unloadAndVerify, whyNoColdStart } from "../../measure/model_cycle.ts";
import type { Session } from "../../measure/session.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import type { LatencyOptions } from "../../measure/settings/options.ts";
import type { ColdSample, FirstCycle } from "../../results/kinds/latency.ts";
import { predictionInterval } from "../../stats/prediction_interval.ts";
import { followUps } from "./single_inferences.ts";

/** A quick test that was not told how many cold cycles it runs begins no more of them after so long, ms. */
const QUICK_CYCLES_MS = 10_000;

/** One cold cycle with the inferences that followed. */
export interface ColdCycle {
  /** Its times. */
  readonly sample: ColdSample;
  /** Latency of the first, second, ... inference after the load, ms. */
  readonly curveMs: readonly number[];
}

/** Cold cycles in the order in which they ran. */
export interface ColdCycles {
  /** The first that this run saw, which is averaged in nowhere; `null` where there was none. */
  readonly first: ColdCycle | null;
  /** Those that followed it. */
  readonly later: readonly ColdCycle[];
}

/**
 * Runs cold cycles: one that stands apart, and as many as were asked for after it. The first after a server's start loads
 * libraries, makes contexts and tunes kernels, and belongs to another population; whether a server that was up before had
 * its first already cannot be seen from outside, so that the first is left out of the mean in any case.
 *
 * @param session The test; what went wrong is noted in it.
 * @param options Of the test.
 * @param progressed Is told the share that is done, the stage, and the time of the last cycle.
 */
export async function runColdCycles(
  session: Session,
  options: LatencyOptions,
  progressed: (share: number, stage: string, lastMs?: number) => void,
): Promise<ColdCycles> {
  const { coldStarts = defaultOf("coldStarts", options), loadTimeoutMs = defaultOf("loadTimeoutMs") } = options;
  const impossible = await whyNone(session, coldStarts, options);
  const cycles: ColdCycle[] = [];
  const found = (): ColdCycles => ({ first: cycles[0] ?? null, later: cycles.slice(1) });
  if (impossible !== null) {
    session.absences["cold"] = impossible;
    return found();
  }
  const wanted = coldStarts + 1;
  const isBounded = options.quick === true && options.coldStarts === undefined;
  const lastBeginMs = isBounded ? session.clock.now() + QUICK_CYCLES_MS : Infinity;
  const lane = session.transport.openLane();
  try {
    while (cycles.length < wanted && session.partial === null) {
      if (cycles.length > 1 && session.clock.now() > lastBeginMs) {
        session.absences["cold.samples"] = `${cycles.length - 1} of ${coldStarts}: a quick test begins no more after ${
          QUICK_CYCLES_MS / 1000
        } s`;
        break;
      }
      const stage = cycles.length === 0 ? "first cold cycle" : `cold start ${cycles.length} of ${coldStarts}`;
      progressed(cycles.length / wanted, stage);
      const cycle = await runColdCycle(session, lane, options, loadTimeoutMs);
      cycles.push(cycle);
      progressed(cycles.length / wanted, stage, cycle.sample.totalMs);
    }
  } catch (error) {
    const reason = await noteFailure(session, error);
    const later = Math.max(0, cycles.length - 1);
    session.absences[later === 0 ? "cold" : "cold.samples"] = later === 0
      ? reason
      : `${later} of ${coldStarts}: ${reason}`;
    await restore(session, loadTimeoutMs);
    return found();
  } finally {
    await lane.close();
  }
  // The last cycle left the model loaded, but perhaps with fewer workers than it had.
  if (session.target.protocol.restore !== undefined) await restore(session, loadTimeoutMs);
  return found();
}

async function whyNone(session: Session, coldStarts: number, options: LatencyOptions): Promise<string | null> {
  if (session.partial !== null) return "the test ended before its cold cycles";
  return coldStarts === 0 ? "no cold starts were asked for" : await whyNoColdStart(session, options);
}

async function runColdCycle(
  session: Session,
  lane: Lane,
  options: LatencyOptions,
  loadTimeoutMs: number,
): Promise<ColdCycle> {
  const { unloadMs, evidence } = await unloadAndVerify(session, loadTimeoutMs);
  await session.onlooker?.gone(session);
  const loadMs = await load(session, loadTimeoutMs);
  const firstMs = await firstInference(session, lane, options, { timeoutMs: loadTimeoutMs, after: "its load" });
  const workers = await coldWorkers(session);
  const following = await followUps(session, lane, options);
  const totalMs = (loadMs ?? 0) + firstMs;
  return {
    sample: { unloadMs, loadMs, firstInferenceMs: firstMs, totalMs, evidence, ...workers },
    curveMs: [firstMs, ...following.map(({ latencyMs }) => latencyMs)],
  };
}

/** The workers that the load started, where the server tells; the only request to them so far is the first inference. */
async function coldWorkers(
  { target: { protocol, model }, options: { signal } }: Session,
): Promise<Pick<ColdSample, "workers">> {
  const workers = await protocol.coldWorkers?.(model, signal === undefined ? {} : { signal }).catch((error) => {
    if (signal?.aborted || !(error instanceof TargetError)) throw error;
    return undefined;
  });
  return workers === undefined ? {} : { workers };
}

/**
 * The first cycle beside the others.
 *
 * @param cycles What ran.
 * @param sinceStart Whether the server was started for this run.
 */
export function firstCycleOf({ first, later }: ColdCycles, sinceStart: boolean): FirstCycle | null {
  if (first === null) return null;
  const expectedMs = predictionInterval(later.map(({ sample }) => sample.totalMs));
  return { ...first.sample, sinceStart, expectedMs };
}
