import type { Estimate } from "../../core/estimate.ts";
import type { OpenLoopRun } from "../../load/open_loop.ts";
import type { ArrivalPattern } from "../../results/window/load.ts";
import { backlogVerdict } from "../../stats/trend/backlog_verdict.ts";
import { theilSen } from "../../stats/trend/theil_sen.ts";
import { momentsOf } from "../queue_effects.ts";

/** Growth of the backlog, relative to the offered rate, with which no server is said to keep up. */
const GROWTH = 0.05;
/** A server that leaves more of the requests unanswered is not said to keep up. */
const UNANSWERED = 0.01;
/** Most points of the backlog that its growth is taken from. */
const MOST_POINTS = 1000;
/** Fewest of them. */
const FEWEST_POINTS = 5;

/**
 * How fast the requests of an open loop that were not answered yet grew, per second.
 *
 * @param run What was recorded.
 * @returns `null` where it was seen too seldom.
 */
export function backlogGrowth(
  { backlog, dueFromMs, dueToMs }: Pick<OpenLoopRun, "backlog" | "dueFromMs" | "dueToMs">,
): Estimate | null {
  const inWindow = backlog.filter(({ atMs }) => atMs >= dueFromMs && atMs <= dueToMs);
  if (inWindow.length < FEWEST_POINTS) return null;
  // The slope looks at all pairs: an hour has 36,000 points.
  const step = Math.ceil(inWindow.length / MOST_POINTS);
  const points = inWindow.filter((_, i) => i % step === 0);
  return theilSen(points.map(({ atMs }) => atMs / 1000), points.map(({ requests }) => requests));
}

/**
 * Whether a server did not keep up with an open loop (method 20).
 *
 * @param runs Of one load.
 * @param arrivals What was asked for.
 * @returns `null` where that cannot be told.
 */
export function isSaturated(runs: readonly OpenLoopRun[], arrivals: ArrivalPattern): boolean | null {
  const told = runs.map((run) => isRunSaturated(run, arrivals)).filter((verdict) => verdict !== null);
  // One visit that tells is enough, but not against another.
  return told.length > 0 && told.every((verdict) => verdict === told[0]) ? told[0]! : null;
}

function isRunSaturated(run: OpenLoopRun, arrivals: ArrivalPattern): boolean | null {
  const { samples, dueFromMs: fromMs, dueToMs, due, endReason, lost } = run;
  // A server that is gone was not overloaded.
  if (lost !== null) return null;
  const moments = momentsOf(samples, fromMs);
  // Of a long run the first requests are known one by one, of the rest the backlog.
  const toMs = run.recorded > samples.length ? moments.endedMs.at(-1) ?? dueToMs : dueToMs;
  const oneRate = arrivals.kind !== "ramp" && arrivals.kind !== "trace";
  const verdict = backlogVerdict({ ...moments, toMs, gapMs: gapOf(arrivals), oneRate });
  const growth = backlogGrowth(run);
  const unanswered = endReason === "interrupted" ? 0 : run.unanswered;
  if (verdict === "kept up") {
    const offered = 1000 * due / (dueToMs - fromMs);
    return unanswered > UNANSWERED * due || (surelyGrows(growth) && growth!.value > GROWTH * offered) ? null : false;
  }
  // Nor is one that answers slowly while its backlog stands still.
  if (!surelyGrows(growth)) return null;
  if (verdict === "saturated") return true;
  return unanswered > 0 && moments.endedMs.some((ms) => ms < toMs) && surelyGrows(backlogGrowth(secondHalf(run)))
    ? true
    : null;
}

function surelyGrows(growth: Estimate | null): boolean {
  return growth !== null && growth.low !== null && growth.low > 0;
}

function secondHalf({ backlog, dueFromMs, dueToMs }: OpenLoopRun) {
  return { backlog, dueFromMs: (dueFromMs + dueToMs) / 2, dueToMs };
}

/** Mean time between two requests as it was asked for, of a ramp where it is steepest, ms; `null` of a trace. */
function gapOf(arrivals: ArrivalPattern): number | null {
  switch (arrivals.kind) {
    case "trace":
      return null;
    case "ramp":
      return 1000 / Math.max(arrivals.fromPerSecond, arrivals.toPerSecond);
    default:
      return 1000 / arrivals.ratePerSecond;
  }
}
