import type { FirstCycle, LatencyResult, ServerStarts } from "../../../src/results/result.ts";
import { distribution } from "../../core/estimates.ts";
import { base } from "../result_base.ts";
import { measurement } from "../window/windows.ts";

/** Five starts of a server, from nothing. */
export function serverStarts(overrides: Partial<ServerStarts> = {}): ServerStarts {
  const stages = (portOpen: number, modelReady: number) => ({
    portOpen,
    healthy: 120,
    modelReady,
    firstPrediction: 402,
    warmAgain: 61,
  });
  const starts = [stages(3105, 2310), stages(3260, 2270), stages(2990, 2405), stages(3150, 2290), stages(3065, 2350)];
  const samples = starts.map((stagesMs) => ({
    stagesMs,
    totalMs: stagesMs.portOpen + stagesMs.healthy + stagesMs.modelReady + stagesMs.firstPrediction,
  }));
  return {
    program: "python",
    pageCache: "warm",
    stopSignal: "SIGTERM",
    killed: 0,
    samples,
    totalMs: {
      ...distribution(5961, 5),
      min: 5917,
      max: 6052,
      mean: { value: 5961, low: 5890, high: 6032, level: 0.95, n: 5 },
    },
    stagesMs: {
      portOpen: distribution(3114, 5),
      healthy: distribution(120, 5),
      modelReady: distribution(2325, 5),
      firstPrediction: distribution(402, 5),
      warmAgain: distribution(61, 5),
    },
    warmUpCurveMs: [402, 45.2, 22.1, 22.4, 22.0],
    ...overrides,
  };
}

const sample = (loadMs: number, firstInferenceMs: number) => ({
  unloadMs: 34.1,
  loadMs,
  firstInferenceMs,
  totalMs: loadMs + firstInferenceMs,
  evidence: "predict was refused with 404",
});

/** A first cycle that is of another kind than the others. */
export const FIRST_CYCLE: FirstCycle = {
  ...sample(2810, 512),
  sinceStart: false,
  expectedMs: { low: 2120, high: 2620 },
};

/** Five cold starts beside a warm server. */
export function latencyResult(overrides: Partial<LatencyResult> = {}): LatencyResult {
  return {
    ...base,
    kind: "latency",
    cold: {
      samples: [sample(2105, 190), sample(2190, 204), sample(2302, 212), sample(2120, 188), sample(2140, 199)],
      totalMs: {
        ...distribution(2370, 5),
        min: 2295,
        max: 2514,
        mean: { value: 2370, low: 2310, high: 2446, level: 0.95, n: 5 },
        p50: { value: 2339, low: 2295, high: 2514, level: 0.95, n: 5 },
        p95: { value: 2490, low: 2394, high: null, level: 0.95, n: 5 },
      },
    },
    warm: { ...measurement(45.2, 1, 1, { latencyMs: distribution(22.1, 120) }), requests: 120, succeeded: 120 },
    overheadMs: { value: 2348, low: 2288, high: 2424, level: 0.95, n: 5 },
    overheadPercent: { value: 10_620, low: 10_300, high: 11_010, level: 0.95, n: 5 },
    warmUpCurveMs: [199, 31.2, 23.4, 22.6, 22.2, 22.1, 22.3, 22.0, 22.1, 22.2, 22.1],
    ...overrides,
  };
}
