import type { AbResult, PairedEffect } from "../../src/results/kinds/ab.ts";
import { base, calmClient, measurement } from "./builders.ts";

/** The first server of {@linkcode abResult}. */
export const target = {
  url: "http://one:8000",
  protocol: "kserve-v2",
  model: "resnet18",
  embedded: false,
  device: "cpu",
};
const effect = (value: number, verdict: PairedEffect["verdict"]): PairedEffect => ({
  ratio: { value, low: value - 0.02, high: value + 0.02, level: 0.95, n: 3 },
  verdict,
  smallestShown: 0.031,
});

const KEPT = { client: calmClient, absences: {} };

/** Two servers, measured alternately; the second is slower. */
export function abResult(overrides: Partial<AbResult> = {}): AbResult {
  const side = (requestsPerSecond: number) => ({ requestsPerSecond, p50Ms: 1000 / requestsPerSecond, p95Ms: 30 });
  return {
    ...base,
    kind: "ab",
    seed: 1,
    concurrency: 1,
    batchSize: 1,
    requestsPerVisit: 20,
    a: { target, ...KEPT, ...measurement(50, 1, 1) },
    b: { target: { ...target, url: "http://two:8000" }, ...KEPT, ...measurement(45, 1, 1) },
    blocks: [0.9, 1, 1.1].map((drift) => ({ order: "ABBA", a: side(50 * drift), b: side(45 * drift) })),
    effects: {
      throughput: effect(0.9, "worse"),
      p50: effect(1.11, "worse"),
      p95: effect(1, "no difference found"),
    },
    errorDifference: { value: 0, low: -0.02, high: 0.02, level: 0.95, n: 120 },
    verdict: "worse",
    ...overrides,
  };
}
