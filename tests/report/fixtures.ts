/** Complete, realistic reports: one for each situation that the text must tell well. */
import type { ClientCheck, TestResults, Window } from "../../src/results/result.ts";
import type { Report } from "../../src/results/report.ts";
import { distribution, estimate } from "../core/estimates.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { FIRST_CYCLE, latencyResult, serverStarts } from "../results/kinds/latency_result.ts";
import { MB, memoryResult } from "../results/kinds/memory_result.ts";
import { operatingPoint, operatingPointsResult } from "../results/kinds/operating_points_result.ts";
import { scalabilityResult } from "../results/kinds/scalability_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { calmClient, calmUse } from "../results/result_base.ts";
import { failedMeasurement, measurement, withFailures } from "../results/window/windows.ts";
import { gpuReport } from "./gpu_report.ts";
import { reportOf } from "./report_of.ts";

const point = (batchSize: number, concurrency: number, requestsPerSecond: number) =>
  operatingPoint(batchSize * requestsPerSecond, batchSize, concurrency);

const wholeTests: Required<Omit<TestResults, "load" | "prompts" | "ab">> = {
  basic: basicResult(),
  latency: latencyResult(),
  throughput: throughputResult(),
  scalability: scalabilityResult(),
  memory: memoryResult(),
  "operating-points": operatingPointsResult([point(8, 4, 19.6), point(8, 2, 19.3), point(16, 4, 9.1)]),
};

const gpuTarget: Partial<Report> = {
  environment: {
    os: "Ubuntu 24.04",
    cpu: "Intel Xeon Platinum 8480C",
    cores: 26,
    memoryBytes: 221 * 1024 * MB,
    deno: "2.9.6",
    gpus: [{ name: "NVIDIA A10G", memoryBytes: 22_731 * MB, driver: "550.90.07" }],
  },
  target: {
    url: "http://10.0.0.12:8000",
    protocol: "torch-inference",
    model: "resnet50",
    embedded: false,
    device: "cuda:0",
  },
};

const failed = failedMeasurement();
/** A client that sets the numbers. */
export const limitedClient: ClientCheck = { ...calmClient, cpuShare: 0.83, ceilingPerSecond: 4210, limited: true };
const limited = {
  clientLimited: true,
  converged: false,
  clientUse: { ...calmUse, cpuShare: 0.97, threadShare: 0.94, ceilingPerSecond: 4210, because: ["thread"] },
} as const;

/** A window of requests of 602,112 bytes an item, over the loopback of a machine of two cores. */
function moved(window: Window): Partial<Window> {
  const sending = 0.6 * window.load.batchSize;
  const n = window.succeeded;
  return {
    firstByteMs: distribution(sending + 4.6, n),
    sendingMs: distribution(sending, n),
    waitingMs: distribution(4.6, n),
    readingMs: distribution(0.03, n),
    judgingMs: distribution(0.02, n),
    clientUse: { ...calmUse, cpuShare: 0.55, threadShare: 0.48, writingShare: 0.4, sharedCores: 2 },
  };
}

/** Large bodies: of 16 items most of a request's time is transfer, and the client takes its share of the machine. */
function largeBodies(): TestResults {
  const basic = basicResult({ ...measurement(70, 1, 16), serverMs: null, batchSize: 16 });
  const throughput = throughputResult({ 1: 190, 4: 571, 16: 1126 });
  return {
    basic: { ...basic, ...moved(basic) },
    throughput: { ...throughput, levels: throughput.levels.map((level) => ({ ...level, ...moved(level) })) },
  };
}

/** Reports by name; each has a golden text. */
export const reports: Readonly<Record<string, Report>> = {
  whole: reportOf(wholeTests, {
    warnings: ["Another process used 38% of the machine while the scalability test ran."],
  }),
  quick: reportOf({
    basic: basicResult({ converged: false }),
    latency: latencyResult({
      cold: {
        samples: latencyResult().cold!.samples.slice(0, 3).map((sample) => ({ ...sample, loadMs: 61, totalMs: 81.4 })),
        totalMs: { ...distribution(81.4, 3), mean: { value: 81.4, low: 77.9, high: 88.2, level: 0.95, n: 3 } },
      },
      overheadMs: { value: 59.3, low: 55.6, high: 66.3, level: 0.95, n: 3 },
      overheadPercent: { value: 268, low: 251, high: 300, level: 0.95, n: 3 },
    }),
    throughput: throughputResult({ 1: 44.1, 4: 46.2, 16: 44.9 }, { plateauBatchSize: 4 }),
    scalability: scalabilityResult({ 1: 45.1, 2: 45.6, 4: 45.9, 8: 45.2 }, {
      usl: null,
      kneeConcurrency: null,
      degradationPercent: { value: 1.5, low: -1.2, high: 4.1, level: 0.95, n: 180 },
      absences: { usl: "R2 0.41 of the fit is under 0.9" },
    }),
    memory: memoryResult(false, {
      growth: { bytesPerRequest: estimate(310, 840, 24), verdict: "cannot tell", pValue: null, requests: 96 },
    }),
    "operating-points": operatingPointsResult([point(1, 1, 45.4)]),
  }, { durationMs: 27_900, command: "deno task comprehensive --quick --model resnet18" }),
  "throughput-only": reportOf({ throughput: throughputResult() }, {
    command: "deno task throughput --model resnet18",
  }),
  "latency-only": reportOf({ latency: latencyResult({ firstCycle: FIRST_CYCLE }) }, {
    command: "deno task latency --model resnet18",
  }),
  "server-starts": reportOf({
    latency: latencyResult({
      starts: serverStarts({ killed: 2 }),
      firstCycle: { ...FIRST_CYCLE, sinceStart: true },
      absences: { "starts.samples": "5 of 8: python ended with code 1" },
    }),
  }, { command: "deno task run --test-type latency --start-command 'python ***'" }),
  "starts-alone": reportOf({
    latency: latencyResult({
      starts: serverStarts({}),
      cold: null,
      overheadMs: null,
      overheadPercent: null,
      warmUpCurveMs: null,
      absences: { cold: "the server has no way to unload a model" },
    }),
  }, { command: "deno task latency --start-command 'python ***'" }),
  partial: reportOf({
    basic: basicResult(),
    latency: latencyResult(),
    throughput: throughputResult({ 1: 45.1, 2: 71.4, 4: 111.8 }, { partial: "interrupted", plateauBatchSize: null }),
  }, { partial: "interrupted", durationMs: 31_200 }),
  drifting: reportOf({
    ...wholeTests,
    basic: basicResult(
      measurement(28.4, 1, 1, { firstByteMs: distribution(21.7, 183), serverMs: distribution(20.3, 183) }),
    ),
  }, {
    warnings: ["This machine was busy before the run: load average 5.9 on 2 cores."],
  }),
  "no-gpu-remote": reportOf({
    ...wholeTests,
    basic: basicResult({ serverMs: null, absences: { serverMs: "the server's answers do not tell it" } }),
    latency: latencyResult({
      cold: null,
      overheadMs: null,
      overheadPercent: null,
      warmUpCurveMs: null,
      absences: { cold: "the server has no way to unload a model" },
    }),
    memory: memoryResult(false, {
      scope: null,
      baseline: null,
      peak: null,
      modelFootprintBytes: null,
      phases: [],
      growth: null,
      requestsPerMb: null,
      timeline: [],
      absences: { scope: "the server runs on another host and reports no memory" },
    }),
  }, {
    target: {
      url: "http://models.example:8080",
      protocol: "kserve-v2",
      model: "resnet50",
      embedded: false,
      device: null,
    },
  }),
  "all-failed": reportOf({
    basic: { ...basicResult(failed), firstByteMs: null, serverMs: null },
    latency: latencyResult({
      cold: null,
      warm: failed,
      overheadMs: null,
      overheadPercent: null,
      warmUpCurveMs: null,
      absences: { cold: "no inference succeeded after the load" },
    }),
    throughput: throughputResult({}, {
      levels: [1, 2, 4].map((batchSize) => ({ ...failed, batchSize, efficiency: null, speedup: null })),
      plateauBatchSize: null,
    }),
    scalability: scalabilityResult({}, {
      levels: [1, 2, 4].map((concurrency) => ({ ...failed, concurrency, efficiency: null, littlesLawRatio: null })),
      usl: null,
      kneeConcurrency: null,
      absences: { usl: "no level succeeded" },
    }),
  }),
  "one-level": reportOf({
    throughput: throughputResult({ 8: 145.67 }, {
      levels: throughputResult().levels.filter(({ batchSize }) => batchSize === 8)
        .map((level) => ({ ...level, speedup: null })),
      plateauBatchSize: null,
      absences: { speedup: "batch 1 was not measured" },
    }),
    scalability: scalabilityResult({ 4: 118.6 }, {
      levels: scalabilityResult().levels.filter(({ concurrency }) => concurrency === 4)
        .map((level) => ({ ...level, efficiency: null })),
      degradationPercent: null,
      usl: null,
      kneeConcurrency: null,
      absences: { usl: "the fit needs 4 levels, 1 was measured" },
    }),
  }),
  gpu: reportOf({
    basic: basicResult({
      ...measurement(212.4, 1, 1),
      firstByteMs: distribution(4.4, 850),
      serverMs: distribution(1.9, 850),
    }),
    latency: latencyResult({
      warm: { ...measurement(209, 1, 1, { latencyMs: distribution(4.8, 120) }), requests: 120, succeeded: 120 },
      overheadMs: { value: 2365, low: 2305, high: 2441, level: 0.95, n: 5 },
      overheadPercent: { value: 49_270, low: 48_010, high: 50_850, level: 0.95, n: 5 },
    }),
    throughput: throughputResult({ 1: 206, 2: 391, 4: 752, 8: 1391, 16: 2210, 32: 2894 }, { plateauBatchSize: null }),
    scalability: scalabilityResult({ 1: 211, 2: 405, 4: 702, 8: 961, 16: 903, 32: 655 }, {
      degradationPercent: estimate(31.8, 2.2),
    }),
    memory: memoryResult(true, {
      growth: { bytesPerRequest: estimate(1460, 190, 160), verdict: "growing", pValue: 0.0004, requests: 7420 },
      fragmentation: { verdict: "detected", evidence: { allocatedBytes: 880 * MB, reservedBytes: 1920 * MB } },
      gpu: {
        ...memoryResult(true).gpu!,
        growth: { bytesPerRequest: estimate(66_120, 2_870, 160), verdict: "growing", pValue: 0.0001, requests: 7420 },
        allocatedGrowth: {
          bytesPerRequest: estimate(65_540, 190, 160),
          verdict: "growing",
          pValue: 0.0001,
          requests: 7420,
        },
        cycles: {
          bytesPerCycle: estimate(0, 0, 5),
          verdict: "stable",
          pValue: 1,
          afterUnloadBytes: Array<number>(5).fill(412 * MB),
        },
      },
      cycles: {
        bytesPerCycle: estimate(0.21 * MB, 0.4 * MB, 5),
        verdict: "stable",
        pValue: 0.46,
        afterUnloadBytes: [151, 152, 151, 152, 152].map((megabytes) => megabytes * MB),
      },
    }),
    "operating-points": operatingPointsResult([point(32, 8, 118)]),
  }, { ...gpuTarget, command: "deno task comprehensive --url http://10.0.0.12:8000 --model resnet50" }),
  "gpu-memory-only": reportOf({ memory: memoryResult(true) }, {
    ...gpuTarget,
    command: "deno task memory --url http://10.0.0.12:8000",
  }),
  "gpu-windows": gpuReport,
  "large-bodies": reportOf(largeBodies()),
  "client-limited": reportOf({
    basic: basicResult({
      ...measurement(2105, 1, 1),
      firstByteMs: distribution(0.44, 8420),
      serverMs: distribution(0.31, 8420),
      client: limitedClient,
      clientLimited: true,
      clientUse: { ...calmUse, judgingShare: 0.14, ceilingPerSecond: 4210, ceilingAtLeast: true, because: ["judging"] },
    }),
    scalability: scalabilityResult({}, {
      levels: scalabilityResult({ 1: 2100, 2: 3480, 4: 3510, 8: 3490 }).levels.map((level) =>
        level.concurrency > 1 ? { ...level, ...limited, littlesLawRatio: 0.91 } : level
      ),
      client: limitedClient,
      degradationPercent: null,
      usl: null,
      kneeConcurrency: null,
      absences: {
        usl: "the fit needs 4 levels, 1 is usable",
        degradationPercent: "the client limited the levels above 1",
      },
    }),
    throughput: throughputResult({}, {
      levels: throughputResult({ 1: 2098, 4: 6210, 16: 9120 }).levels.map((level) =>
        level.batchSize === 16
          ? { ...level, ...limited }
          : level.batchSize === 4
          ? { ...withFailures(level, 38, "reset"), failureExamples: { reset: "ECONNRESET" } }
          : level
      ),
      client: limitedClient,
      plateauBatchSize: null,
    }),
  }),
};
