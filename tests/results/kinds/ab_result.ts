import type { AbResult } from "../../../src/results/result.ts";
import { estimate } from "../../core/estimates.ts";
import { base, calmClient } from "../result_base.ts";
import { measurement } from "../window/windows.ts";

/** Two servers of which the second is a tenth faster. */
export function abResult(overrides: Partial<AbResult> = {}): AbResult {
  const side = (port: number, rate: number) => ({
    ...measurement(rate, 1, 1),
    target: {
      url: `http://127.0.0.1:${port}`,
      protocol: "kserve-v2",
      model: "resnet18",
      embedded: false,
      device: "cpu",
    },
    client: calmClient,
    absences: {},
  });
  const blocks = Array.from({ length: 6 }, (_, k) => {
    const a = { requestsPerSecond: 45 + Math.sin(k), p50Ms: 22, p95Ms: 26 };
    const b = { requestsPerSecond: 1.1 * (45 + Math.cos(k)), p50Ms: 20, p95Ms: 24 };
    return { order: k % 2 === 0 ? "ABBA" : "BAAB", a, b } as const;
  });
  return {
    ...base,
    kind: "ab",
    seed: 1,
    concurrency: 1,
    batchSize: 1,
    requestsPerVisit: 24,
    a: side(8001, 45),
    b: side(8002, 49.5),
    blocks,
    effects: {
      throughput: {
        ratio: { value: 1.1, low: 1.07, high: 1.13, level: 0.95, n: 6 },
        verdict: "better",
        smallestShown: 0.04,
      },
      p50: {
        ratio: { value: 0.91, low: 0.88, high: 0.94, level: 0.975, n: 6 },
        verdict: "better",
        smallestShown: 0.05,
      },
      p95: {
        ratio: { value: 0.95, low: 0.86, high: 1.06, level: 0.975, n: 6 },
        verdict: "no difference found",
        smallestShown: 0.15,
      },
    },
    errorDifference: estimate(0, 0.01),
    verdict: "better",
    ...overrides,
  };
}
