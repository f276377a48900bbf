import { assert } from "@std/assert";
import { analyze } from "../../src/analysis/analyze.ts";
import { findingOf } from "../../src/analysis/rule.ts";
import type { TestResults } from "../../src/results/kinds.ts";
import { windowsOf } from "../../src/results/windows.ts";

/** Time of a warm server, ms. */
export const WARM_MS = 8;
/** How many requests it is slow for. */
export const SLOW_REQUESTS = 150;
/** Slow by so much that a busy machine does not make up for it. */
export const SLOW = {
  service: { kind: "uniform", meanMs: WARM_MS, halfWidth: 0.1 },
  warmUp: { requests: SLOW_REQUESTS, factor: 4, falls: "at-once" },
} as const;

/** Whether each latency that is shown is that of the warm server, or of a test that is said to hold some of before. */
export function assertHonest(tests: TestResults, warmMs: number): void {
  const said = findingOf(analyze(tests).findings, "warming-up")?.evidence.within ?? [];
  for (const { kind, window } of windowsOf(tests)) {
    const isWarm = (window.latencyMs?.p50.value ?? 0) < 2.5 * warmMs;
    assert(isWarm || said.includes(kind), `${kind} shows ${window.latencyMs?.p50.value} ms, warm are ${warmMs} ms`);
  }
}
