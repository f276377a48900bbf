import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { analyze } from "../../src/analysis/analyze.ts";
import { headline } from "../../src/words/headline.ts";
import { plainText } from "../../src/words/inline.ts";
import { recommendationInWords } from "../../src/words/recommendation_in_words.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { latencyResult } from "../results/kinds/latency_result.ts";
import { memoryResult } from "../results/kinds/memory_result.ts";
import { operatingPoint, operatingPointsResult } from "../results/kinds/operating_points_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { calmClient } from "../results/result_base.ts";
import { failedMeasurement } from "../results/window/windows.ts";

const warmWindow = latencyResult().warm!;

Deno.test("analyze() names the runners-up within noise of a joint point and no others", () => {
  const points = [operatingPoint(160, 8, 4), operatingPoint(159.2, 8, 2), operatingPoint(72, 8, 1)];
  const [advice] = analyze({ "operating-points": operatingPointsResult(points) }).recommendations;
  assert(advice?.code === "operating-point");
  assertEquals([advice.batchSize, advice.concurrency], [8, 4]);
  assertEquals(advice.runnersUp, [{ batchSize: 8, concurrency: 2 }]);
});

Deno.test("analyze() tells that the best level was the last one tried", () => {
  const adviceOf = (absences: Record<string, string>) => {
    const rising = throughputResult({ 1: 30, 2: 60, 4: 120 }, { plateauBatchSize: null, absences });
    const advice = analyze({ throughput: rising }).recommendations.find(({ code }) => code === "batch-size");
    assert(advice?.code === "batch-size");
    return advice.evidence;
  };
  assertEquals(adviceOf({}).largestTried, true);
  const most = { levels: "batches of 8: the model takes at most 4 items in a request" };
  assertEquals(adviceOf(most).largestTried, false, "nobody is told to try what cannot be had");
});

Deno.test("analyze() puts bottlenecks first, then the most severe", () => {
  const { findings } = analyze({
    basic: basicResult(failedMeasurement()),
    latency: latencyResult(),
    throughput: throughputResult(),
    memory: memoryResult(),
  });
  const ranks = findings.slice(1).map(({ severity }) => ["critical", "warning", "info"].indexOf(severity));
  assertEquals(findings[0]?.code, "bottleneck");
  assertEquals(ranks, ranks.toSorted());
  assert(ranks.includes(0) && ranks.includes(1) && ranks.includes(2));
});

Deno.test("analyze() recommends nothing where nothing succeeded but to fix the errors", () => {
  const failed = failedMeasurement();
  const { recommendations } = analyze({
    basic: basicResult(failed),
    throughput: throughputResult({}, {
      levels: [{ ...failed, batchSize: 1, efficiency: null, speedup: null }],
      optimalBatchSize: null,
    }),
  });
  assertEquals(recommendations.map(({ code }) => code), ["fix-errors"]);
});

Deno.test("analyze() blames imprecision on the test that has it", () => {
  const latency = latencyResult({ warm: { ...warmWindow, converged: false } });
  const { findings } = analyze({ basic: basicResult(), latency, memory: memoryResult() });
  const tests = findings.flatMap((finding) => finding.code === "not-converged" ? [finding.evidence.test] : []);
  assertEquals(tests, ["latency"]);
});

Deno.test("analyze() grades errors by their share", () => {
  const severityOf = (failed: number) =>
    analyze({
      basic: basicResult({ requests: 1000, failed, succeeded: 1000 - failed, failuresByReason: { status: failed } }),
    }).findings.find(({ code }) => code === "errors");
  assertEquals([9, 10, 99, 100].map((failed) => severityOf(failed)?.severity), [
    "info",
    "warning",
    "warning",
    "critical",
  ]);
});

Deno.test("analyze() takes a test without levels as limited by the client's own word", () => {
  const { findings } = analyze({ latency: latencyResult({ client: { ...calmClient, limited: true } }) });
  assert(findings.some(({ code }) => code === "client-limited"));
});

Deno.test("analyze() wants a quiet machine before a stronger one, where others wanted more than all its cores", () => {
  const tests = { basic: basicResult({ clientLimited: true, serverMs: null }) };
  const adviceAt = (loadAverage1m: number) =>
    analyze(tests, { busy: { loadAverage1m, cores: 2, programs: [{ name: "cc1plus", cores: 1.5 }] } }).recommendations
      .filter(({ code }) => code.endsWith("-client"));
  assertEquals(adviceAt(1.9).map(({ code }) => code), ["stronger-client"]);
  const [quiet, ...others] = adviceAt(5.9);
  assertEquals([quiet!.code, others], ["quiet-client", []]);
  const { label, evidence } = recommendationInWords(quiet!);
  assertStringIncludes(plainText(label!), "while nothing else uses the machine");
  assertStringIncludes(plainText(evidence!), "load average 5.9 on 2 cores; cc1plus used 1.5 of them");
  // What was looked at is the time before: what ran beside it nobody knows.
  const answer = plainText(headline({ tests: {}, findings: [], recommendations: [quiet!] }));
  assertEquals(answer, "Repeat the run on a quiet machine: other programs used this one before it began.");
});

Deno.test("analyze() blames no client where nothing succeeded", () => {
  const window = basicResult({ requests: 9, succeeded: 0, failed: 9, failuresByReason: { limited: 9 } });
  const { findings } = analyze({ basic: { ...window, client: { ...calmClient, limited: true } } });
  assert(findings.every(({ code }) => code !== "client-limited"));
  assert(findings.some(({ code }) => code === "rate-limited"));
});
