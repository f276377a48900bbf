import type { Estimate } from "../../core/estimate.ts";
import type { Target } from "../../core/target.ts";
import type { Plan } from "../../measure/plan.ts";
import { runSession, type Test } from "../../measure/run_session.ts";
import type { Session } from "../../measure/session.ts";
import { checkOptions } from "../../measure/settings/check_options.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import type { LatencyOptions } from "../../measure/settings/options.ts";
import { visitLoad } from "../../measure/visit_load.ts";
import { summariseWindow } from "../../measure/window/summarise_window.ts";
import { closedBudget } from "../../measure/window/window_budget.ts";
import type { LatencyResult } from "../../results/kinds/latency.ts";
import type { ServerStarts } from "../../results/kinds/server_starts.ts";
import type { Load } from "../../results/window/load.ts";
import { bootstrapDistribution } from "../../stats/estimates/bootstrap_distribution.ts";
import { differenceEstimate } from "../../stats/estimates/difference_estimate.ts";
import { mapEstimate } from "../../stats/estimates/map_estimate.ts";
import { ratioEstimate } from "../../stats/ratios/ratio_estimate.ts";
import { firstCycleOf, runColdCycles } from "./cold_cycles.ts";
import { medianCurve } from "./median_curve.ts";
import { awaitPrediction } from "./single_inferences.ts";
import { measureServerStarts, type TimedStarts } from "./server_starts.ts";
import { summariseStarts } from "./summarise_starts.ts";

/** Share of the test's time that starts of the server are taken to need, for the progress, where there are any. */
const START_SHARE = 0.6;
/** Share of the rest that cold cycles are taken to need. */
const COLD_SHARE = 0.7;
/** Fewest warm requests (method 10). */
const MIN_WARM = 20;

/**
 * What does a cold start cost over a warm one? Where the server was started for this, starts of it from nothing; then cold
 * cycles (unload, verified absence, load, first inference), and warm single requests (method 10). The model is left loaded.
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
export const latencyTest: Test<"latency", LatencyOptions> = latencyTestAfter(null);

/**
 * The latency test as part of a run that has started the server before.
 *
 * @param before Starts that were measured; `null` where the test measures them, if there are any.
 */
export function latencyTestAfter(before: TimedStarts | null): Test<"latency", LatencyOptions> {
  return (target, options, shared) => {
    checkOptions(options);
    return runSession("latency", target, options, shared, async (session) => {
      const { batchSize = defaultOf("batchSize") } = options;
      const load: Load = { kind: "closed", concurrency: 1, batchSize };
      const starts = before ?? await startsWithin(session, options);
      session.partial ??= starts?.partial ?? null;
      const progress = (share: number, stage: string, figure?: { label: string; value: number; unit: string }) =>
        session.progress(stage, starts === null ? share : START_SHARE + (1 - START_SHARE) * share, figure);
      await session.prepare([batchSize]);
      const cycles = await runColdCycles(session, options, (share, stage, lastMs) => {
        const figure = lastMs === undefined ? undefined : { label: stage, value: lastMs, unit: "ms" };
        progress(COLD_SHARE * share, stage, figure);
      });
      if (session.partial === null) await session.onlooker?.afterColdStarts(session);
      await measureWarm(session, load, options, (share) => {
        progress(COLD_SHARE + (1 - COLD_SHARE) * share, "warm requests");
      });
      const samples = cycles.later.map(({ sample }) => sample);
      const totalMs = bootstrapDistribution(samples.map(({ totalMs }) => totalMs), { seed: session.seed });
      if (totalMs === null) session.absences["cold"] ??= "the test ended after its first cold cycle";
      return (absences) => {
        const visits = session.windows.of(load, session.kind);
        const warm = visits.length === 0 ? null : summariseWindow(load, visits, absences).window;
        const warmMean = warm?.latencyMs?.mean ?? null;
        if (warmMean === null) {
          absences["warm.latencyMs"] = warm === null
            ? "the test ended before its warm requests"
            : "no warm request succeeded";
        }
        const isBoth = totalMs !== null && warmMean !== null;
        return {
          kind: "latency" as const,
          ...(starts === null
            ? {}
            : { starts: startsOf(session, starts, warm?.latencyMs?.p95.value ?? null, absences) }),
          firstCycle: firstCycleOf(cycles, target.embedded || target.started !== undefined),
          cold: totalMs === null ? null : { samples, totalMs },
          warm,
          overheadMs: isBoth ? differenceEstimate(totalMs.mean, warmMean) : null,
          overheadPercent: isBoth ? percentOver(totalMs.mean, warmMean) : null,
          warmUpCurveMs: samples.length === 0 ? null : medianCurve(cycles.later.map(({ curveMs }) => curveMs)),
        };
      };
    });
  };
}

/** What the latency test asks of the server. */
export function latencyPlan({ batchSize = defaultOf("batchSize") }: LatencyOptions): Plan {
  return { asked: { batchSize } };
}

/**
 * Starts of the server as the first part of the test.
 *
 * @param session The test, or what measures them before the tests of a run.
 * @param options Of the latency test.
 * @returns `null` where the server was not started by this run.
 * @throws {TargetError} If it gives no prediction.
 */
export async function startsWithin(session: Session, options: LatencyOptions): Promise<TimedStarts | null> {
  await awaitPrediction(session, options);
  return await measureServerStarts(session, options, (share, stage, lastMs) => {
    const figure = lastMs === undefined ? undefined : { label: stage, value: lastMs, unit: "ms" };
    session.progress(stage, START_SHARE * share, figure);
  });
}

function startsOf(
  { target, seed }: Session,
  timed: TimedStarts,
  warmP95Ms: number | null,
  absences: Record<string, string>,
): ServerStarts | null {
  const starts = summariseStarts(timed, target.started!, warmP95Ms, seed);
  if (timed.absence !== null) absences[starts === null ? "starts" : "starts.samples"] = timed.absence;
  return starts;
}

async function measureWarm(
  session: Session,
  load: Load,
  options: LatencyOptions,
  progressed: (share: number) => void,
): Promise<void> {
  if (session.partial !== null) return;
  const budget = {
    ...closedBudget(options),
    ...(options.requests === undefined ? {} : { requests: Math.max(MIN_WARM, options.requests) }),
  };
  await visitLoad(session, load, budget, { progressed });
}

function percentOver(cold: Estimate, warm: Estimate): Estimate | null {
  const ratio = ratioEstimate(cold, warm);
  return ratio === null ? null : mapEstimate(ratio, (x) => 100 * (x - 1));
}
