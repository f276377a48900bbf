import type { ResultKind } from "../results/kinds.ts";
import { throttleReasons } from "../results/window/gpu_use.ts";
import type { FindingRule } from "./rule.ts";
import { THRESHOLDS } from "./thresholds.ts";
import { levelsOf, windowsIn } from "./validity.ts";

/** Windows of one test in which a GPU ran slower than it could have: their numbers are those of a hot or capped device. */
export const gpuThrottled = (test: ResultKind): FindingRule => (tests) => {
  const throttled = windowsIn(tests, test).filter(({ window: { gpu } }) =>
    (gpu?.throttledShare ?? 0) >= THRESHOLDS.throttledShare
  );
  if (throttled.length === 0) return null;
  const uses = throttled.flatMap(({ window: { gpu } }) => gpu ?? []);
  return {
    code: "gpu-throttled",
    severity: "warning",
    evidence: {
      test,
      levels: levelsOf(throttled),
      share: Math.max(...uses.map(({ throttledShare }) => throttledShare!)),
      reasons: [...new Set(uses.flatMap(throttleReasons))],
    },
  };
};

/**
 * Levels of one test at different clocks: what tells them apart may be the clock. A device that is hardly used clocks down by
 * itself, which slows nobody; a level that is compared was under load.
 */
export const gpuClocks = (test: ResultKind): FindingRule => (tests) => {
  const clocks = windowsIn(tests, test).flatMap(({ level, window: { gpu } }) => {
    const smClockMhz = gpu?.smClockMhz ?? null;
    return smClockMhz === null ? [] : [{ level, smClockMhz }];
  });
  const [slowest] = clocks.toSorted((a, b) => a.smClockMhz - b.smClockMhz);
  const [fastest] = clocks.toSorted((a, b) => b.smClockMhz - a.smClockMhz);
  if (slowest === undefined || fastest === undefined) return null;
  if (fastest.smClockMhz <= (1 + THRESHOLDS.clockDifference) * slowest.smClockMhz) return null;
  return { code: "gpu-clocks", severity: "info", evidence: { test, slowest, fastest } };
};
