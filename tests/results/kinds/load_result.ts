import type { LoadResult } from "../../../src/results/result.ts";
import { distribution, estimate } from "../../core/estimates.ts";
import { base } from "../result_base.ts";
import { openWindow } from "../window/windows.ts";

/** A load test over three rates, the last of them too high. */
export function loadResult(overrides: Partial<LoadResult> = {}): LoadResult {
  return {
    ...base,
    kind: "load",
    arrivals: { kind: "poisson" },
    maxConnections: 512,
    batchSize: 1,
    levels: [
      openWindow(20.4),
      openWindow(39.8),
      openWindow(79.6, {
        saturated: true,
        requestsPerSecond: estimate(46.2, 1.1),
        latencyMs: distribution(900, 230),
        unanswered: 61,
        succeeded: 230,
        requests: 230,
        backlogGrowthPerSecond: estimate(32.8, 2.1),
        converged: false,
      }),
    ],
    sustainedPerSecond: 40,
    saturatedPerSecond: 80,
    capacity: null,
    ...overrides,
  };
}
