import type { BasicResult } from "../../../src/results/result.ts";
import { distribution } from "../../core/estimates.ts";
import { base } from "../result_base.ts";
import { measurement } from "../window/windows.ts";

/** A basic test of one request at a time. */
export function basicResult(overrides: Partial<BasicResult> = {}): BasicResult {
  return {
    ...base,
    ...measurement(45.67, 1, 1),
    kind: "basic",
    concurrency: 1,
    batchSize: 1,
    firstByteMs: distribution(21.7, 183),
    serverMs: distribution(20.3, 183),
    timeline: Array.from({ length: 180 }, (_, k) => ({ atMs: 22 * (k + 1), latencyMs: 21.5 + Math.sin(k) ** 8 * 12 })),
    ...overrides,
  };
}
