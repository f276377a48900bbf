import { assert, assertEquals } from "@std/assert";
import { readFigure } from "../../../src/results/figures.ts";
import type { TestResult } from "../../../src/results/kinds.ts";
import { isAbsent } from "../../../src/results/measured.ts";
import { sectionsOf } from "../../../src/report/sections/section_of.ts";
import { plainText } from "../../../src/words/inline.ts";
import { abResult } from "../../results/kinds/ab_result.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { latencyResult } from "../../results/kinds/latency_result.ts";
import { memoryResult } from "../../results/kinds/memory_result.ts";
import { scalabilityResult } from "../../results/kinds/scalability_result.ts";
import { throughputResult } from "../../results/kinds/throughput_result.ts";
import { calmUse } from "../../results/result_base.ts";
import { failedMeasurement } from "../../results/window/windows.ts";

/** What the section of a result says under a label. */
function told(result: TestResult, label: string): string | undefined {
  const blocks = sectionsOf({ [result.kind]: result }).flatMap(({ blocks }) => blocks);
  const facts = blocks.flatMap((block) => block.kind === "facts" ? block.facts : []);
  const values = [
    ...facts.filter((fact) => fact.label === label).map(({ value }) => value),
    ...blocks.flatMap((block) => {
      if (block.kind === "heading" && block.title === label) return [block.value];
      if (block.kind === "paragraph" && plainText(block.text).startsWith(`${label}: `)) return [block.text];
      return [];
    }),
  ];
  const [text] = values.map((value) => plainText(value).replace(`${label}: `, ""));
  return text;
}

const noUnload = { baseline: "the server cannot unload a model" };
const failingLevels = scalabilityResult().levels.map((level) => ({
  ...level,
  errorRate: { value: 0.5, low: 0.4, high: 0.6, level: 0.95, n: 100 },
}));
const deadLast = scalabilityResult().levels.map((level) =>
  level.concurrency === 32 ? { ...level, ...failedMeasurement(), load: level.load } : level
);

const rows: readonly [why: string, result: TestResult, label: string, id: string, reason: string][] = [
  [
    "the memory without the model",
    memoryResult(false, { baseline: null, absences: noUnload }),
    "Baseline (model absent)",
    "baseline",
    "the server cannot unload a model",
  ],
  [
    "an efficiency of a footprint that is none",
    memoryResult(false, { modelFootprintBytes: -4096, requestsPerMb: null, absences: {} }),
    "Efficiency",
    "requests_per_mb",
    "the footprint is within the noise of nothing",
  ],
  [
    "a peak that nobody explains but by the baseline",
    memoryResult(false, { peak: null, absences: noUnload }),
    "Peak",
    "peak",
    "the server cannot unload a model",
  ],
  [
    "a cold start",
    latencyResult({ cold: null, absences: { cold: "the server does not unload" } }),
    "Cold Start Times",
    "cold_start_mean",
    "the server does not unload",
  ],
  [
    "an overhead that lacks the warm latency",
    latencyResult({ overheadMs: null, overheadPercent: null, absences: { "warm.latencyMs": "it was interrupted" } }),
    "Cold Start Overhead",
    "cold_start_overhead",
    "it was interrupted",
  ],
  [
    "a first byte of a transport that tells none, though requests succeeded",
    basicResult({ firstByteMs: null }),
    "First byte",
    "first_byte_mean",
    "no first byte was timed",
  ],
  [
    "the throughput of a dead server",
    basicResult({ ...failedMeasurement(), absences: { latencyMs: "nobody answered" } }),
    "Throughput",
    "requests_per_second",
    "nobody answered",
  ],
  [
    "a degradation where no level qualified",
    scalabilityResult(undefined, { levels: failingLevels, degradationPercent: null }),
    "Degradation",
    "degradation",
    "every level had 1 % errors or more",
  ],
  [
    "a degradation where the last level failed",
    scalabilityResult(undefined, { levels: deadLast, degradationPercent: null }),
    "Degradation",
    "degradation",
    "too little was measured at the highest concurrency",
  ],
  [
    "a plateau of one batch size",
    throughputResult({ 8: 145 }, { plateauBatchSize: null }),
    "Plateau",
    "plateau_batch_size",
    "it takes two batch sizes",
  ],
  [
    "a plateau where nothing succeeded",
    throughputResult(undefined, {
      levels: [{ ...failedMeasurement(), batchSize: 1, efficiency: null, speedup: null }],
      plateauBatchSize: null,
    }),
    "Plateau",
    "plateau_batch_size",
    "no request succeeded",
  ],
];

for (const [why, result, label, id, reason] of rows) {
  Deno.test(`a section says of ${why} what its figure says`, () => {
    const measured = readFigure(result, id);
    assert(isAbsent(measured));
    assertEquals([measured.detail, told(result, label)], [reason, `not measured: ${reason}`]);
  });
}

Deno.test("a section says that there is no plateau, no knee and no effect as an answer, not as a lack", () => {
  assertEquals(
    told(throughputResult(undefined, { plateauBatchSize: null }), "Plateau"),
    "none up to the largest batch",
  );
  assertEquals(told(scalabilityResult(undefined, { kneeConcurrency: null }), "Knee"), "none found");
  const nothing = { ratio: null, verdict: "cannot tell", smallestShown: null } as const;
  const ab = abResult({ verdict: "cannot tell", effects: { throughput: nothing, p50: nothing, p95: nothing } });
  assertEquals(told(ab, "CANNOT TELL"), "no block was finished");
});

Deno.test("a growth in a soak that failed is told with the reason, and is no figure", () => {
  const growth = { ...memoryResult().growth!, verdict: "cannot tell" as const, because: "9 of the 20 requests failed" };
  const result = memoryResult(false, { growth });
  assert(told(result, "Growth")!.startsWith("cannot tell: 9 of the 20 requests failed (by its successes 42 "));
  assertEquals(readFigure(result, "growth"), { code: "growth", detail: "9 of the 20 requests failed" });
});

Deno.test("a section of short latencies tells what of them may be the client's, and one of long ones does not", () => {
  const { latencyMs } = basicResult();
  const of = (meanMs: number) =>
    basicResult({
      latencyMs: { ...latencyMs!, mean: { ...latencyMs!.mean, value: meanMs, low: meanMs / 2, high: 2 * meanMs } },
      clientUse: { ...calmUse, starvedShare: 0, judgingShare: 0, betweenShare: 0.002, aloneMs: 0.125 },
      load: { kind: "closed", batchSize: 1, concurrency: 1 },
    });
  assertEquals(told(of(2), "Client's part"), "up to 0.125 ms of each, and 4.01 us from one to the next");
  assertEquals(told(of(20), "Client's part"), undefined);
  const streamed = { ...of(2), firstTokenMs: of(2).latencyMs };
  assert(
    told(streamed, "Client's part")!.startsWith("up to 0.125 ms of each, of its first token and of its longest gap, "),
  );
});
