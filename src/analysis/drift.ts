import type { Estimate } from "../core/estimate.ts";
import type { LevelShiftEvidence, RepeatedMeasurement } from "../results/finding.ts";
import { type ResultKind, resultsOf, type TestResults } from "../results/kinds.ts";
import type { LevelShift } from "../results/window/level_shift.ts";
import { type Load, loadKey } from "../results/window/load.ts";
import { isServersOwn } from "../results/window/usable.ts";
import type { Window } from "../results/window/window.ts";
import { windowsOf } from "../results/windows.ts";
import { overlaps } from "../stats/estimates/overlaps.ts";
import { simultaneousEstimate } from "../stats/estimates/simultaneous_estimate.ts";
import { findingOf, type FindingRule, type RecommendationRule } from "./rule.ts";
import { THRESHOLDS } from "./thresholds.ts";

/** The visits of one load; of results that keep none, the windows of several tests that offered it. */
interface RepeatedLoad {
  readonly load: Load;
  readonly visits: readonly RepeatedMeasurement[];
}

function repeatedLoads(tests: TestResults): RepeatedLoad[] {
  const usable = windowsOf(tests).filter(({ kind, window }) =>
    isServersOwn(window) && kind !== "memory" && kind !== "ab"
  );
  return [...Map.groupBy(usable, ({ window }) => loadKey(window.load)).values()].map((windows) => {
    const { load } = windows[0]!.window;
    // Tests that share a load share its visits, as far as one part of a run measured them.
    const shared = windows.flatMap(({ window }) => window.visits ?? []);
    const kept = new Map(shared.map((visit) => [`${visit.by} ${visit.atMs}`, visit])).values().toArray();
    const visits = kept.length === 0
      ? windows.flatMap(({ kind, window }) => measurement(kind, window.requestsPerSecond))
      : kept.flatMap(({ by, atMs, requestsPerSecond }) => measurement(by as ResultKind, requestsPerSecond, atMs));
    return { load, visits };
  });
}

function measurement(source: ResultKind, rate: Estimate | null, atMs?: number): RepeatedMeasurement[] {
  return rate === null ? [] : [{ source, ...(atMs === undefined ? {} : { atMs }), requestsPerSecond: rate }];
}

/**
 * The same load came out differently in two visits of the run: the machine or the server was not the same all along, so
 * that differences between tests are not all the server's own. Of several such loads the one that differs most. A run has
 * dozens of visits: their intervals are widened until they hold together, or two would be apart by chance alone.
 */
export const drift: FindingRule = (tests) => {
  const warmedUp = new Set(shiftsOf(tests, "warm-up").map(({ load }) => loadKey(load)));
  const rate = ({ requestsPerSecond }: RepeatedMeasurement) => requestsPerSecond.value;
  const loads = repeatedLoads(tests).filter(({ load, visits }) => visits.length > 1 && !warmedUp.has(loadKey(load)));
  const family = loads.reduce((sum, { visits }) => sum + visits.length, 0);
  const wide = ({ requestsPerSecond }: RepeatedMeasurement) => simultaneousEstimate(requestsPerSecond, family);
  const [worst] = loads
    .flatMap(({ load, visits }) =>
      visits.flatMap((slower) =>
        visits
          .filter((faster) => rate(faster) > THRESHOLDS.driftRatio * rate(slower))
          .filter((faster) => !overlaps(wide(faster), wide(slower)))
          .map((faster) => ({ load, slower, faster }))
      )
    )
    .sort((a, b) => rate(b.faster) / rate(b.slower) - rate(a.faster) / rate(a.slower));
  return worst === undefined ? null : { code: "drift", severity: "warning", evidence: worst };
};

function shiftsOf(tests: TestResults, cause: LevelShift["cause"]): LevelShiftEvidence[] {
  return resultsOf(tests).flatMap(({ kind: test, result: { shifts = [] } }) =>
    shifts.filter((shift) => shift.cause === cause).map((shift) => ({ ...shift, test }))
  );
}

/**
 * The server became faster near the beginning of the run: it was still warming up. Several loads may show it, each between
 * two requests; it ended where all of them agree.
 */
export const warmingUp: FindingRule = (tests) => {
  const shifts = shiftsOf(tests, "warm-up");
  const width = ({ lastBefore, firstAfter }: LevelShift) => firstAfter - lastBefore;
  const [best] = shifts.toSorted((a, b) => width(a) - width(b));
  if (best === undefined) return null;
  // Nobody knows of a visit between the two whether it was warm.
  const { beforeMs, afterMs } = best;
  const isCold = ({ visits = [] }: Window) =>
    visits.some(({ atMs, durationMs }) => atMs < beforeMs || atMs + durationMs < afterMs);
  const within = windowsOf(tests).flatMap(({ kind, window }) => isCold(window) ? [kind] : []);
  const evidence = {
    ...best,
    warmUpRequests: roundedUp(THRESHOLDS.warmUpMargin * best.firstAfter),
    within: best.server === undefined ? [...new Set(within)] : [best.test],
  };
  return { code: "warming-up", severity: evidence.within.length === 0 ? "info" : "warning", evidence };
};

/** To one digit. */
function roundedUp(requests: number): number {
  const unit = 10 ** Math.floor(Math.log10(requests));
  return unit * Math.ceil(requests / unit);
}

/** The load whose latency changed most for good, unless its visits are told to drift. */
export const levelShift: FindingRule = (tests) => {
  const drifting = drift(tests);
  const size = ({ ratio }: LevelShift) => Math.abs(Math.log(ratio.value));
  const [worst] = shiftsOf(tests, "unknown")
    .filter(({ load }) => drifting?.code !== "drift" || loadKey(load) !== loadKey(drifting.evidence.load))
    .toSorted((a, b) => size(b) - size(a));
  return worst === undefined ? null : { code: "level-shift", severity: "warning", evidence: worst };
};

/** The run once more, where it was not steady. */
export const repeatRun: RecommendationRule = (_tests, findings) => {
  const found = findingOf(findings, "drift");
  return found && { code: "repeat-run", evidence: found.evidence };
};
