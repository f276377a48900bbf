import type { Estimate } from "../core/estimate.ts";
import type { RepeatedMeasurement } from "../results/finding.ts";
import type { ResultKind, TestResults } from "../results/kinds.ts";
import { type Load, loadKey } from "../results/window/load.ts";
import { isServersOwn } from "../results/window/usable.ts";
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
    // Tests that share a load share its visits.
    const kept = windows.find(({ window }) => window.visits !== undefined)?.window.visits;
    const visits = kept === undefined
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
  const rate = ({ requestsPerSecond }: RepeatedMeasurement) => requestsPerSecond.value;
  const loads = repeatedLoads(tests).filter(({ visits }) => visits.length > 1);
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

/** The run once more, where it was not steady. */
export const repeatRun: RecommendationRule = (_tests, findings) => {
  const found = findingOf(findings, "drift");
  return found && { code: "repeat-run", evidence: found.evidence };
};
