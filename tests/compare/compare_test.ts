import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { checkBaseline } from "../../src/compare/check_baseline.ts";
import { compare } from "../../src/compare/compare.ts";
import { compareFigure, type FigurePair } from "../../src/compare/compare_figures.ts";
import type { ComparedFigure, Comparison } from "../../src/results/comparison.ts";
import type { Estimate } from "../../src/core/estimate.ts";
import { seededRandom } from "../../src/core/random.ts";
import { FIGURES } from "../../src/results/figures.ts";
import type { Report } from "../../src/results/report.ts";
import type { AbResult, BasicResult, TestResults } from "../../src/results/result.ts";
import { formatComparison } from "../../src/report/format_comparison.ts";
import { meanEstimate } from "../../src/stats/estimates/mean_estimate.ts";
import { estimate } from "../core/estimates.ts";
import { abResult } from "../results/kinds/ab_result.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { latencyResult } from "../results/kinds/latency_result.ts";
import { memoryResult } from "../results/kinds/memory_result.ts";
import { scalabilityResult } from "../results/kinds/scalability_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { measurement } from "../results/window/windows.ts";
import { reportOf } from "../report/report_of.ts";

const basicAt = (rate: number, overrides: Partial<BasicResult> = {}) =>
  reportOf({ basic: basicResult({ ...measurement(rate, 1, 1), ...overrides }) });
const figure = ({ figures }: Comparison, name: string): ComparedFigure => figures.find((of) => of.name === name)!;
const later = (report: Report): Report => ({ ...report, startedAt: "2026-03-05T09:30:00.000Z" });

Deno.test("compare() finds a slower server worse in rate and latency, a faster one better", () => {
  const slower = compare(basicAt(50), basicAt(40));
  assertEquals([figure(slower, "throughput").verdict, figure(slower, "p95 latency").verdict], ["worse", "worse"]);
  assertAlmostEquals(figure(slower, "throughput").ratio!.value, 0.8, 1e-9);
  assertAlmostEquals(figure(slower, "throughput").difference!.value, -10, 1e-9);
  const faster = compare(basicAt(40), basicAt(50));
  assertEquals([figure(faster, "throughput").verdict, figure(faster, "p95 latency").verdict], ["better", "better"]);
});

Deno.test("compare() finds no difference where there is none to see, and says what it would have shown", () => {
  const { verdict, difference, smallestShown, a } = figure(compare(basicAt(50), later(basicAt(50.2))), "throughput");
  assertEquals(verdict, "no difference found");
  const halfWidth = difference!.high! - difference!.value;
  assert(smallestShown! > halfWidth && smallestShown! < 2 * halfWidth);
  assert(smallestShown! < 0.2 * a!.value);
});

Deno.test("compare() recognises the same run, also when it was read again", () => {
  const report = basicAt(50);
  for (const again of [report, structuredClone(report), { ...structuredClone(report), command: "another" }]) {
    const { identical, figures } = compare(report, again);
    assertEquals([identical, figures], [true, []]);
  }
  assertEquals(compare(report, later(report)).identical, false);
});

Deno.test("compare() says where one run sent the same requests again and again, since a server may keep answers", () => {
  const repeated = basicAt(50, {
    absences: { inputs: "the same requests were sent again and again, as was asked for" },
  });
  const { differences } = compare(later(repeated), basicAt(40));
  const [inputs] = differences.filter(({ what }) => what === "inputs");
  assertEquals([inputs?.severity, inputs?.b], ["warning", "each differs"]);
  assertEquals(compare(later(repeated), repeated).differences.filter(({ what }) => what === "inputs"), []);
});

Deno.test("compare() says first in what the runs differ, the most severe first", () => {
  const a = reportOf({ throughput: throughputResult() });
  const b = reportOf({ throughput: throughputResult({ 1: 45, 2: 80 }) }, {
    seed: 9,
    environment: { ...a.environment, cpu: null, deno: "2.9.7" },
    target: { ...a.target, model: "resnet50", url: "http://127.0.0.1:1" },
  });
  const { differences } = compare(a, b);
  assertEquals(differences.map(({ what }) => what), [
    "model",
    "CPU",
    "batch sizes of the throughput test",
    "Deno",
    "seed",
  ]);
  assertEquals(differences[0], { what: "model", a: "resnet18", b: "resnet50", severity: "critical" });
  assertEquals(differences[1]!.b, "unknown");
});

Deno.test("compare() says where the client machine differs, or was busy, and so do drivers and memory of its GPUs", () => {
  const on = (environment: Partial<Report["environment"]>, tests = basicAt(50)): Report => ({
    ...tests,
    environment: { ...tests.environment, ...environment },
  });
  const gpu = { name: "NVIDIA A100", memoryBytes: 40 * 2 ** 30, driver: "550.54" };
  const found = (a: Partial<Report["environment"]>, b: Partial<Report["environment"]>) =>
    compare(on(a), later(on(b))).differences.map(({ what, a, b, severity }) => [what, a, b, severity]);
  assertEquals(found({ host: "3f9a" }, { host: "91bc" }), [["name of the client machine", "3f9a", "91bc", "info"]]);
  assertEquals(found({}, { host: "91bc" }), [], "an older file does not say it");
  assertEquals(found({ busy: { loadAverage1m: 5, cores: 2, programs: [] } }, {}), [
    ["client machine busy before the run", "yes", "not seen", "warning"],
  ]);
  assertEquals(found({ gpus: [gpu, gpu] }, { gpus: [gpu, { ...gpu, driver: "560.1", memoryBytes: 80 * 2 ** 30 }] }), [
    ["driver of the GPUs", "550.54, 550.54", "550.54, 560.1", "warning"],
    ["memory of the GPUs", "40 GiB, 40 GiB", "40 GiB, 80 GiB", "warning"],
  ]);
  assertEquals(found({ gpus: [gpu] }, { gpus: [{ ...gpu, driver: null, memoryBytes: null }] }), []);
});

Deno.test("compare() names the URLs of servers that are the user's own", () => {
  const own = (url: string): Report => {
    const report = basicAt(50);
    return { ...report, target: { ...report.target, embedded: false, url } };
  };
  assertEquals(compare(own("http://a"), later(own("http://b"))).differences, [
    { what: "URL", a: "http://a", b: "http://b", severity: "info" },
  ]);
});

Deno.test("compare() says where the second servers of two A/B tests differ", () => {
  const ab = abResult();
  const of = (target: Partial<AbResult["b"]["target"]>) =>
    reportOf({ ab: { ...ab, b: { ...ab.b, target: { ...ab.b.target, ...target } } } });
  const other = of({ model: "resnet50", url: "http://b:1", device: "cuda" });
  assertEquals(compare(of({}), later(other)).differences, [
    { what: "model of server B", a: "resnet18", b: "resnet50", severity: "critical" },
    { what: "device of the model of server B", a: "cpu", b: "cuda", severity: "warning" },
    { what: "URL of server B", a: "http://127.0.0.1:8002", b: "http://b:1", severity: "info" },
  ]);
  assertEquals(compare(of({}), later(basicAt(50))).differences, []);
});

Deno.test("compare() compares no results of different loads and no test that only one has, and says why", () => {
  const a = reportOf({ basic: basicResult(), scalability: scalabilityResult() });
  const b = reportOf({ basic: basicResult({ ...measurement(300, 8, 1), concurrency: 8 }), memory: memoryResult() });
  const { figures, incomparable } = compare(a, b);
  assertEquals(figures, []);
  assertEquals(incomparable, [
    {
      test: "basic",
      reason: "different-loads",
      a: { kind: "closed", concurrency: 1, batchSize: 1 },
      b: { kind: "closed", concurrency: 8, batchSize: 1 },
    },
    { test: "scalability", reason: "only-in-first", a: { batchSize: 1 } },
    { test: "memory", reason: "only-in-second", b: {} },
  ]);
});

Deno.test("compare() tells nothing of a number without an interval or without a measurement", () => {
  const noCold = latencyResult({ cold: null, absences: { cold: "the model could not be unloaded" } });
  const a = reportOf({ latency: latencyResult(), memory: memoryResult() });
  const comparison = compare(a, reportOf({ latency: noCold, memory: memoryResult() }));
  const cold = figure(comparison, "cold start"), footprint = figure(comparison, "footprint");
  assertEquals([cold.verdict, cold.difference], ["cannot tell", null]);
  assertEquals(cold.reason, "not measured in the second: the model could not be unloaded");
  assertEquals([footprint.verdict, footprint.reason], ["cannot tell", "one reading in each run has no interval"]);
});

Deno.test("compare() marks runs that are partial, not converged or limited by the client", () => {
  const limited = basicResult({ clientLimited: true, converged: false });
  const { a, b } = compare(basicAt(50), reportOf({ basic: limited }, { partial: "interrupted" }));
  assertEquals([a.partial, a.clientLimited, a.notConverged], [null, [], []]);
  assertEquals([b.partial, b.clientLimited, b.notConverged], ["interrupted", ["basic"], ["basic"]]);
});

Deno.test("compare() says of which run the client was the limit where that is why it cannot tell", () => {
  const limited = (rate: number) => basicAt(rate, { clientLimited: true });
  const { verdict, reason, a, b } = figure(compare(limited(5000), later(limited(5100))), "throughput");
  assertEquals([verdict, reason], ["cannot tell", "the client was the limit of each run"]);
  assertEquals([a!.high, b!.high], [null, null]);
  assertEquals(
    figure(compare(limited(5000), later(basicAt(5100))), "throughput").reason,
    "the client was the limit of the first run",
  );
  assertEquals(
    figure(compare(basicAt(5000), later(limited(4990))), "throughput").reason,
    "the client was the limit of the second run",
  );
  const text = formatComparison(compare(limited(5000), later(basicAt(5100)))).replaceAll(/ +/g, " ");
  assertStringIncludes(text, "at least 5000 -> 5100 req/s");
});

Deno.test("compare() says which run has a reading alone", () => {
  const footprint = FIGURES.find(({ label }) => label === "footprint")!;
  const one: Estimate = { ...estimate(5, null), n: 1 };
  const reasonOf = (a: Estimate, b: Estimate) => compareFigure({ figure: footprint, a, b }, 1).reason;
  assertEquals(reasonOf(one, estimate(5)), "one reading in the first run has no interval");
  assertEquals(reasonOf(estimate(5), one), "one reading in the second run has no interval");
  assertEquals(reasonOf(one, one), "one reading in each run has no interval");
});

Deno.test("compare() takes optima within noise of each other for the same choice", () => {
  const chosen = (optimalBatchSize: number, equivalentBatchSizes: number[]) =>
    reportOf({ throughput: throughputResult(undefined, { optimalBatchSize, equivalentBatchSizes }) });
  const within = (a: Report, b: Report) => compare(a, later(b)).choices[0]!.withinNoise;
  assertEquals(within(chosen(8, [8, 16]), chosen(16, [8, 16])), true);
  assertEquals(within(chosen(8, [8]), chosen(16, [8, 16])), false);
});

Deno.test("compare() widens its intervals with the number of comparisons that are read together", () => {
  const width = ({ difference }: ComparedFigure) => difference!.high! - difference!.low!;
  const one = compare(basicAt(50), basicAt(48));
  const three = compare(basicAt(50), basicAt(48), { comparisons: 3 });
  assertEquals([one.family, three.family], [5, 15]);
  assert(width(figure(three, "throughput")) > 1.15 * width(figure(one, "throughput")));
});

Deno.test("compare() raises a false alarm in at most about one comparison of twenty, whatever their number", () => {
  const random = seededRandom(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const sample = (): Estimate => meanEstimate(Array.from({ length: 60 }, () => 100 + 20 * normal()));
  const meanLatency = FIGURES.find(({ kind, id }) => kind === "basic" && id === "latency_mean")!;
  const rounds = 400, family = 12;
  let alarms = 0;
  for (let round = 0; round < rounds; round++) {
    const pairs = Array.from({ length: family }, (): FigurePair => ({ figure: meanLatency, a: sample(), b: sample() }));
    if (pairs.some((pair) => compareFigure(pair, family).verdict !== "no difference found")) alarms++;
  }
  assert(alarms <= 32, `${alarms} of ${rounds}: at 5 % more come up once in 300`);
});

const failed = (baseline: Report, report: Report, limit = 0.05) => {
  const { passed, regressions } = checkBaseline(baseline, report, limit);
  return { passed, regressions };
};

Deno.test("checkBaseline() fails where a number is worse beyond its interval and the limit", () => {
  const { passed, regressions } = failed(basicAt(50), basicAt(40));
  assertEquals(passed, false);
  assert(regressions.includes("basic: throughput"));
});

Deno.test("checkBaseline() passes what is shown to be worse, but within the limit", () => {
  const comparison = compare(basicAt(50), basicAt(46));
  assertEquals(figure(comparison, "throughput").verdict, "worse");
  assertEquals(failed(basicAt(50), basicAt(46), 0.1).passed, true);
});

Deno.test("checkBaseline() passes what is worse beyond the limit, but within noise", () => {
  const noisy = (rate: number) =>
    reportOf({
      throughput: throughputResult({ 1: rate }, {
        maxPredictionsPerSecond: { value: rate, low: rate * 0.85, high: rate * 1.15, level: 0.95, n: 50 },
      }),
    });
  assertEquals(failed(noisy(50), noisy(44)), { passed: true, regressions: [] });
});

Deno.test("checkBaseline() passes an improvement of any size", () => {
  assertEquals(failed(basicAt(50), basicAt(500)), { passed: true, regressions: [] });
});

Deno.test("checkBaseline() allows no errors that were not there before, where they are shown", () => {
  const failing = (failed: number, n: number): TestResults["basic"] =>
    basicResult({ errorRate: { value: failed / n, low: failed / n / 2, high: 2 * failed / n, level: 0.95, n } });
  const clean = reportOf({ basic: basicResult() });
  assertEquals(failed(clean, reportOf({ basic: failing(300, 1000)! })).regressions, ["basic: errors"]);
});

Deno.test("checkBaseline() fails where a number can no longer be measured, or nothing can be compared", () => {
  const noCold = reportOf({ latency: latencyResult({ cold: null }) });
  const { passed, lost } = checkBaseline(reportOf({ latency: latencyResult() }), noCold, 0.05);
  assertEquals([passed, lost], [false, ["latency: cold start"]]);
  assertEquals(failed(basicAt(50), basicAt(50, { ...measurement(50, 8, 1), concurrency: 8 })), {
    passed: false,
    regressions: [],
  });
});

Deno.test("checkBaseline() takes more errors and more growth for a regression, however small the part", () => {
  const failing = (share: number) => reportOf({ basic: basicResult({ errorRate: estimate(share, 0.001) }) });
  assertEquals(failed(failing(0.2), failing(0.205)).regressions, ["basic: errors"]);
  const growing = (bytes: number) => {
    const memory = memoryResult();
    return reportOf({ memory: { ...memory, growth: { ...memory.growth!, bytesPerRequest: estimate(bytes, 1) } } });
  };
  assertEquals(failed(growing(1000), growing(1020)).regressions, ["memory: growth"]);
});

Deno.test("checkBaseline() misses what a run lost in part: warm requests, and the server's memory", () => {
  const ended = latencyResult({ warm: null, overheadMs: null, overheadPercent: null });
  const blind = memoryResult(false, { scope: null, growth: null, modelFootprintBytes: null });
  const whole = reportOf({ latency: latencyResult(), memory: memoryResult() });
  const { passed, lost } = checkBaseline(whole, reportOf({ latency: ended, memory: blind }), 0.05);
  assertEquals([passed, lost], [false, ["latency: warm latency", "memory: growth", "memory: footprint"]]);
});

Deno.test("checkBaseline() checks only the tests that this run consists of", () => {
  const baseline = reportOf({ basic: basicResult(), latency: latencyResult(), memory: memoryResult() });
  assertEquals(failed(baseline, later(reportOf({ basic: basicResult() }))).passed, true);
});
