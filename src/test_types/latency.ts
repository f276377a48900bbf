import type { LatencyOptions } from "../measure/settings/options.ts";
import { defaultOf } from "../measure/settings/default_of.ts";
import { TargetError } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import type { ColdSample, LatencyResult } from "../results/kinds/latency.ts";
import type { Load } from "../results/window/load.ts";
import type { Target } from "../core/target.ts";
import type { Lane } from "../core/transport.ts";
import { sendOne, type SingleAttempt } from "../load/send_one.ts";
import { bootstrapDistribution } from "../stats/estimates/bootstrap_distribution.ts";
import { ascending } from "../stats/estimates/ascending.ts";
import { differenceEstimate } from "../stats/estimates/difference_estimate.ts";
import { quantile } from "../stats/estimates/quantile.ts";
import { ratioEstimate } from "../stats/ratios/ratio_estimate.ts";
import { checkOptions } from "../measure/settings/check_options.ts";
import { mapEstimate } from "../stats/estimates/map_estimate.ts";
import { summariseWindow } from "../measure/window/summarise_window.ts";
import { visitLoad } from "../measure/visit_load.ts";
import { closedBudget } from "../measure/window/window_budget.ts";
import { load, noteFailure, restore, unloadAndVerify, whyNoColdStart } from "../measure/model_cycle.ts";
import type { Plan } from "../measure/plan.ts";
import { runSession, type Test } from "../measure/run_session.ts";
import type { Session } from "../measure/session.ts";

/** Rest between attempts while a freshly loaded model does not answer yet, ms. */
const RETRY_MS = 20;
/** Share of the test's time that cold cycles are taken to need, for the progress. */
const COLD_SHARE = 0.7;
/** Fewest warm requests (METHODS 10). */
const MIN_WARM = 20;

/** One cold cycle with the inferences that followed. */
interface ColdCycle {
  readonly sample: ColdSample;
  /** Latency of the first, second, ... inference after the load, ms. */
  readonly curveMs: readonly number[];
}

/**
 * What does a cold start cost over a warm one? Cold cycles (unload, verified absence, load, first inference), then
 * warm single requests (METHODS 10). The model is left loaded.
 *
 * @param target The model to measure, from `connect`.
 * @param options Cold cycles and bounds.
 * @returns Cold samples with bootstrap intervals, warm latency, the overhead in ms and percent, and the warm-up curve;
 *     `cold` is `null` with its reason in `absences` where absence could not be verified.
 * @throws {UsageError} If an option is out of its range.
 */
export async function runLatencyTest(target: Target, options: LatencyOptions = {}): Promise<LatencyResult> {
  return (await latencyTest(target, options)).result();
}

/** The latency test as part of a run. */
export const latencyTest: Test<"latency", LatencyOptions> = (target, options, shared) => {
  checkOptions(options);
  return runSession("latency", target, options, shared, async (session) => {
    const { batchSize = defaultOf("batchSize") } = options;
    const load: Load = { kind: "closed", concurrency: 1, batchSize };
    await session.prepare([batchSize]);
    const cycles = await runColdCycles(session, options);
    if (session.partial === null) await session.onlooker?.afterColdStarts(session);
    await measureWarm(session, load, options);
    const coldMs = cycles.length === 0
      ? null
      : bootstrapDistribution(cycles.map(({ sample }) => sample.totalMs), { seed: session.seed });
    return (absences) => {
      const visits = session.windows.of(load);
      const warm = visits.length === 0 ? null : summariseWindow(load, visits, absences).window;
      const warmMean = warm?.latencyMs?.mean ?? null;
      if (warmMean === null) {
        absences["warm.latencyMs"] = warm === null
          ? "the test ended before its warm requests"
          : "no warm request succeeded";
      }
      return {
        kind: "latency" as const,
        cold: coldMs === null ? null : { samples: cycles.map(({ sample }) => sample), totalMs: coldMs },
        warm,
        overheadMs: coldMs === null || warmMean === null ? null : differenceEstimate(coldMs.mean, warmMean),
        overheadPercent: coldMs === null || warmMean === null ? null : percentOver(coldMs.mean, warmMean),
        warmUpCurveMs: cycles.length === 0 ? null : medianCurve(cycles),
      };
    };
  });
};

/** What the latency test asks of the server. */
export function latencyPlan({ batchSize = defaultOf("batchSize") }: LatencyOptions): Plan {
  return { asked: { batchSize } };
}

async function runColdCycles(session: Session, options: LatencyOptions): Promise<ColdCycle[]> {
  const { coldStarts = defaultOf("coldStarts", options), loadTimeoutMs = defaultOf("loadTimeoutMs") } = options;
  const cycles: ColdCycle[] = [];
  const impossible = coldStarts === 0 ? "no cold starts were asked for" : whyNoColdStart(session);
  if (impossible !== null) {
    session.absences["cold"] = impossible;
    return cycles;
  }
  const lane = session.transport.openLane();
  try {
    while (cycles.length < coldStarts && session.partial === null) {
      const number = cycles.length + 1;
      const stage = `cold start ${number} of ${coldStarts}`;
      session.progress(stage, COLD_SHARE * cycles.length / coldStarts);
      const cycle = await runColdCycle(session, lane, options, loadTimeoutMs);
      cycles.push(cycle);
      const figure = { label: `cold start ${number}`, value: cycle.sample.totalMs, unit: "ms" };
      session.progress(stage, COLD_SHARE * number / coldStarts, figure);
    }
  } catch (error) {
    const reason = noteFailure(session, error);
    session.absences[cycles.length === 0 ? "cold" : "cold.samples"] = cycles.length === 0
      ? reason
      : `${cycles.length} of ${coldStarts}: ${reason}`;
    await restore(session, loadTimeoutMs);
    return cycles;
  }
  // The last cycle left the model loaded, but perhaps with fewer workers than it had.
  if (session.target.protocol.restore !== undefined) await restore(session, loadTimeoutMs);
  return cycles;
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
  const firstMs = await firstInference(session, lane, options, loadTimeoutMs);
  const curveMs = [firstMs];
  for (let i = 0; i < (options.followUps ?? defaultOf("followUps")); i++) {
    const { latencyMs, verdict } = await infer(session, lane, options);
    if (verdict.kind !== "success") break;
    curveMs.push(latencyMs);
  }
  const totalMs = (loadMs ?? 0) + firstMs;
  return { sample: { unloadMs, loadMs, firstInferenceMs: firstMs, totalMs, evidence }, curveMs };
}

/** Until the first success: a server that says "loaded" before it answers has not started yet. */
async function firstInference(
  session: Session,
  lane: Lane,
  options: LatencyOptions,
  loadTimeoutMs: number,
): Promise<number> {
  const { clock, target, options: { signal } } = session;
  const startMs = clock.now();
  while (true) {
    const attempt = await infer(session, lane, options);
    if (attempt.verdict.kind === "success") return clock.now() - startMs;
    signal?.throwIfAborted();
    if (clock.now() - startMs > loadTimeoutMs) {
      throw new TargetError(
        `Cannot measure a cold start as "${target.model}" must answer after its load: ${words(attempt)}`,
      );
    }
    await clock.sleep(RETRY_MS, signal);
  }
}

async function infer(session: Session, lane: Lane, options: LatencyOptions): Promise<SingleAttempt> {
  const { batchSize = defaultOf("batchSize"), allowNullResults = false } = options;
  const { target: { model, protocol }, timeoutMs, clock, options: { signal } } = session;
  const pool = await session.pool(batchSize);
  signal?.throwIfAborted();
  const request = pool.next();
  session.requests++;
  const attempt = await sendOne(lane, {
    request,
    asked: { model, predictions: batchSize, allowNullResults },
    protocol,
    timeoutMs,
    clock,
    ...(signal === undefined ? {} : { signal }),
  });
  pool.release(request);
  return attempt;
}

function words({ verdict }: SingleAttempt): string {
  return verdict.kind === "failure" ? `${verdict.reason}: ${verdict.message}` : verdict.kind;
}

async function measureWarm(session: Session, load: Load, options: LatencyOptions): Promise<void> {
  if (session.partial !== null) return;
  const budget = {
    ...closedBudget(options),
    ...(options.requests === undefined ? {} : { requests: Math.max(MIN_WARM, options.requests) }),
  };
  await visitLoad(session, load, budget, {
    progressed: (fraction) => session.progress("warm requests", COLD_SHARE + (1 - COLD_SHARE) * fraction),
  });
}

function percentOver(cold: Estimate, warm: Estimate): Estimate | null {
  const ratio = ratioEstimate(cold, warm);
  return ratio === null ? null : mapEstimate(ratio, (x) => 100 * (x - 1));
}

function medianCurve(cycles: readonly ColdCycle[]): number[] {
  const length = Math.min(...cycles.map(({ curveMs }) => curveMs.length));
  return Array.from({ length }, (_, k) => quantile(ascending(cycles.map(({ curveMs }) => curveMs[k]!)), 0.5));
}
