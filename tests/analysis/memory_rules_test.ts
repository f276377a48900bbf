import { assertEquals } from "@std/assert";
import { analyze } from "../../src/analysis/analyze.ts";
import type { TestResults } from "../../src/results/result.ts";
import { estimate } from "../core/estimates.ts";
import { MB, memoryResult } from "../results/kinds/memory_result.ts";
import { testRules } from "./rule_cases.ts";

type Verdict = "growing" | "stable" | "cannot tell";
const growth = (bytes: number, verdict: Verdict): TestResults => ({
  memory: memoryResult(false, {
    growth: { bytesPerRequest: estimate(bytes, 10), verdict, pValue: 0.01, requests: 900 },
  }),
});
/** A growth of GPU memory, by the process and, where given, by the allocator. */
const gpuGrowth = (process: Verdict, allocator: Verdict | null, bytes: number): TestResults => {
  const of = (verdict: Verdict) => ({ bytesPerRequest: estimate(bytes, 10), verdict, pValue: 0.01, requests: 900 });
  const memory = memoryResult(true);
  const allocatedGrowth = allocator === null ? null : of(allocator);
  return { memory: { ...memory, gpu: { ...memory.gpu!, growth: of(process), allocatedGrowth } } };
};
const fragmented = (verdict: "detected" | "not detected" | "not observable"): TestResults => ({
  memory: memoryResult(true, { fragmentation: { verdict, evidence: {} } }),
});

testRules([
  { why: "growth of 1 MB in 10,000 requests", tests: growth(MB / 10_000, "growing"), advised: "watch-leak" },
  {
    why: "growth of less",
    tests: growth(MB / 10_000 - 1, "growing"),
    found: "memory-growth",
    notAdvised: "watch-leak",
  },
  {
    why: "slope that may be none",
    tests: growth(5000, "cannot tell"),
    found: "memory-growth",
    notAdvised: "watch-leak",
  },
  { why: "no soak", tests: { memory: memoryResult(false, { growth: null }) }, notFound: "memory-growth" },

  { why: "GPU memory that grows", tests: gpuGrowth("growing", null, MB), advised: "watch-gpu-leak" },
  { why: "the same by the allocator", tests: gpuGrowth("cannot tell", "growing", MB), advised: "watch-gpu-leak" },
  {
    why: "a cache of the allocator that grows",
    tests: gpuGrowth("growing", "stable", MB),
    found: "gpu-memory-growth",
    notAdvised: "watch-gpu-leak",
  },
  {
    why: "a process that grows where the counters cannot tell",
    tests: gpuGrowth("growing", "cannot tell", MB),
    advised: "watch-gpu-leak",
  },
  { why: "no GPU", tests: { memory: memoryResult(false) }, notFound: "gpu-memory-growth" },

  {
    why: "fragmentation",
    tests: fragmented("detected"),
    advised: "reduce-fragmentation",
    notAdvised: "no-fragmentation",
  },
  { why: "none", tests: fragmented("not detected"), advised: "no-fragmentation", notAdvised: "reduce-fragmentation" },
  { why: "no counters", tests: fragmented("not observable"), found: "fragmentation", notAdvised: "no-fragmentation" },
]);

Deno.test("analyze() tells after how many requests the device is full by what nobody uses of it", () => {
  const { memory } = gpuGrowth("growing", null, MB);
  const untilFull = (freeBytes: number | null) => {
    const { findings } = analyze({ memory: { ...memory!, gpu: { ...memory!.gpu!, freeBytes } } });
    const found = findings.find(({ code }) => code === "gpu-memory-growth");
    return found?.code === "gpu-memory-growth" ? found.evidence.requestsUntilFull : "not found";
  };
  assertEquals([untilFull(15_000 * MB), untilFull(0), untilFull(null)], [15_000, 0, undefined]);
});
