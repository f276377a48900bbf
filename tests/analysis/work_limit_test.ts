import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { analyze } from "../../src/analysis/analyze.ts";
import { bottlenecks } from "../../src/analysis/bottleneck.ts";
import type { Circumstances } from "../../src/analysis/circumstances.ts";
import type { TestResults } from "../../src/results/result.ts";
import type { GpuUse } from "../../src/results/window/gpu_use.ts";
import type { Window } from "../../src/results/window/window.ts";
import { plainText } from "../../src/words/inline.ts";
import { recommendationInWords } from "../../src/words/recommendation_in_words.ts";
import { sentenceOf } from "../../src/words/statement.ts";
import { distribution } from "../core/estimates.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { loadResult } from "../results/kinds/load_result.ts";
import { memoryResult } from "../results/kinds/memory_result.ts";
import { operatingPoint, operatingPointsResult } from "../results/kinds/operating_points_result.ts";
import { scalabilityResult } from "../results/kinds/scalability_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { calmUse } from "../results/result_base.ts";
import { gpuUse, h200 } from "../results/window/gpu_use.ts";

const kinds = (tests: TestResults, circumstances: Circumstances = {}) =>
  bottlenecks(tests, circumstances).map(({ bottleneck }) => bottleneck);

const RATES = { 1: 216, 4: 595, 16: 1449, 64: 576 };

/** A lone request of which the server works a share. */
const lone = (serverShare: number, overrides: Partial<Window> = {}) =>
  basicResult({ latencyMs: distribution(5.2), serverMs: distribution(5.2 * serverShare), ...overrides });

/** A sweep that batches of 16 win, at each of which a GPU did something. */
function sweep(gpuOf: (batchSize: number) => GpuUse | null, overrides: Partial<Window> = {}) {
  const levels = throughputResult(RATES).levels.map((level) => ({
    ...level,
    gpu: gpuOf(level.batchSize),
    ...(level.batchSize === 16 ? overrides : {}),
  }));
  return throughputResult(RATES, { levels });
}

const moved = (sendingMs: number) => ({ sendingMs: distribution(sendingMs), readingMs: distribution(0.1) });
const always = (overrides: Partial<GpuUse>) => sweep(() => gpuUse(overrides));
const busy = always({ utilizationPercent: 99, powerWatts: 690 });
const powerLimited = { utilizationPercent: 99, throttledShare: 0.84, throttledBy: { power: 0.84 }, smClockMhz: 1305 };
const two = { devices: [0, 1], utilizationPercent: 50 };

const rows: readonly [why: string, tests: TestResults, expected: readonly string[]][] = [
  ["an idle GPU behind a server that works 83 %", { basic: lone(0.83), throughput: sweep(h200) }, ["host"]],
  ["an idle GPU and requests that are moved fast", { throughput: sweep(h200, moved(1)) }, ["host"]],
  ["an idle GPU and requests that are long on their way", { throughput: sweep(h200, moved(9)) }, ["unknown"]],
  ["an idle GPU where nothing else is known", { throughput: sweep(h200) }, ["unknown"]],
  ["an idle GPU behind a server that works 60 %", { basic: lone(0.6), throughput: sweep(h200) }, ["unknown"]],
  [
    "an idle GPU while throughput still grows",
    { basic: lone(0.83), throughput: throughputResult({ 1: 216, 4: 595 }, { levels: sweep(h200).levels.slice(0, 2) }) },
    ["unknown"],
  ],
  [
    "an idle GPU behind a client that is the limit",
    { basic: lone(0.83), throughput: sweep(h200, { clientLimited: true }) },
    ["client"],
  ],
  ["a GPU that is busy 99 %", { basic: lone(0.83), throughput: busy }, ["compute"]],
  ["a GPU that is busy 99 %, whatever the server tells", { throughput: busy }, ["compute"]],
  ["a GPU that is busy 90 %", { throughput: always({ utilizationPercent: 90 }) }, ["compute"]],
  ["a GPU that is busy 70 %", { basic: lone(0.83), throughput: always({ utilizationPercent: 70 }) }, ["unknown"]],
  ["a busy GPU that is slowed by its power limit", { throughput: always(powerLimited) }, ["throttled", "compute"]],
  [
    "a GPU that is slowed by heat",
    { throughput: always({ utilizationPercent: 80, throttledShare: 0.4, throttledBy: { thermal: 0.4 } }) },
    ["throttled"],
  ],
  [
    "a GPU that is slowed a tenth of the time",
    { throughput: always({ utilizationPercent: 99, throttledShare: 0.1, throttledBy: { power: 0.1 } }) },
    ["compute"],
  ],
  [
    "an idle GPU that is slowed",
    { basic: lone(0.83), throughput: always({ throttledShare: 0.9, throttledBy: { power: 0.9 } }) },
    ["host"],
  ],
  ["two GPUs of which one idles", { throughput: always({ ...two, utilizationByDevice: [99, 1] }) }, ["compute"]],
  ["two GPUs that are half busy", { basic: lone(0.83), throughput: always(two) }, ["unknown"]],
  [
    "two GPUs that idle",
    { basic: lone(0.83), throughput: always({ ...two, utilizationPercent: 20 }) },
    ["host"],
  ],
  ["a GPU whose utilisation is not told", { basic: lone(0.83), throughput: always({ utilizationPercent: null }) }, [
    "unknown",
  ]],
  [
    "a slowed GPU that may idle all the same, since its utilisation is not told",
    { throughput: always({ utilizationPercent: null, throttledShare: 0.9, throttledBy: { thermal: 0.9 } }) },
    ["unknown"],
  ],
  ["an offered rate that leaves the GPU idle", {
    load: loadResult({ levels: loadResult().levels.map((level) => ({ ...level, gpu: gpuUse() })) }),
  }, ["unknown"]],
];

for (const [why, tests, expected] of rows) {
  Deno.test(`bottlenecks() says ${expected.join(" and ")} for ${why}`, () => assertEquals(kinds(tests), expected));
}

Deno.test("bottlenecks() never says compute of an idle GPU", () => {
  for (const utilizationPercent of [0, 10, 49]) {
    for (const serverShare of [0.1, 0.8, 1]) {
      for (const overrides of [{}, moved(0.1), moved(9), { clientLimited: true }]) {
        const throughput = sweep(() => gpuUse({ utilizationPercent }), overrides);
        assert(!kinds({ basic: lone(serverShare), throughput }, { device: "cuda:0" }).includes("compute"));
      }
    }
  }
});

Deno.test("bottlenecks() reads the GPU at the load that the report names first", () => {
  const points = [16, 64].map((batchSize) => operatingPoint(RATES[16], batchSize, 1, { gpu: h200(batchSize) }));
  const tests = { basic: lone(0.83), throughput: busy, "operating-points": operatingPointsResult(points) };
  const [host] = bottlenecks(tests);
  assert(host?.bottleneck === "host");
  const { gpu, server, largerBatchesTried } = host.evidence;
  assertEquals([gpu.test, gpu.batchSize, gpu.concurrency], ["operating-points", 16, 1]);
  assertEquals([gpu.utilizationPercent, gpu.powerWatts, gpu.idlePowerWatts], [28, 328, 125]);
  assertEquals([server?.serverMs, largerBatchesTried], [tests.basic.serverMs!.mean, true]);
});

Deno.test("analyze() advises no larger batches where none can be had", () => {
  const rates = { 1: 216, 4: 595, 16: 1449 };
  const levels = throughputResult(rates).levels.map((level) => ({ ...level, gpu: h200(level.batchSize) }));
  const scalability = scalabilityResult({ 1: 216, 2: 217 });
  const told = (absences: Readonly<Record<string, string>>) => {
    const throughput = throughputResult(rates, { levels, absences, optimumRivals: [] });
    const { recommendations } = analyze({ basic: lone(0.83), throughput, scalability });
    const advice = recommendations.find(({ code }) => code === "relieve-host");
    return advice === undefined ? null : plainText(sentenceOf(recommendationInWords(advice)));
  };
  assertEquals(told({})?.includes("larger batches"), undefined);
  const limited = told({ levels: "batches of 32: the model takes at most 16 items in a request" });
  assert(limited !== null && !limited.includes("larger batches"), limited ?? "no advice");
});

Deno.test("bottlenecks() does not call a GPU the limit that is as busy before the first load", () => {
  const of = (idlePowerWatts: number) => ({
    basic: lone(0.83),
    throughput: sweep((batchSize) => ({ ...h200(batchSize), utilizationPercent: 98, powerWatts: 532, idlePowerWatts })),
  });
  assertEquals(bottlenecks(of(125))[0]?.bottleneck, "compute");
  for (const idlePowerWatts of [560, 530, 490]) {
    assert(bottlenecks(of(idlePowerWatts)).every(({ bottleneck }) => bottleneck !== "compute"), `${idlePowerWatts} W`);
  }
});

const working = { basic: lone(0.83), throughput: throughputResult() };
const here = { ...working, basic: lone(0.83, { clientUse: { ...calmUse, sharedCores: 16 } }) };

const devices: readonly [of: string, tests: TestResults, circumstances: Circumstances, expected: unknown][] = [
  ["says that it computes on a CPU", working, { device: "cpu" }, "compute"],
  [
    "says that it computes on a CPU, beside a GPU",
    { ...working, throughput: sweep(h200) },
    { device: "cpu" },
    "compute",
  ],
  ["says that it computes on a GPU", working, { device: "cuda:0" }, ["gpu"]],
  ["runs on this machine without a GPU", here, { gpus: 0 }, "compute"],
  ["runs on this machine with a GPU", here, { gpus: 1 }, ["gpu"]],
  ["runs elsewhere", working, { gpus: 0 }, ["device"]],
  ["has memory on a GPU", { ...working, memory: memoryResult(true) }, {}, ["gpu"]],
  [
    "leaves the GPU of its machine alone",
    { basic: lone(0.83), throughput: always({ utilizationPercent: 0, processBytes: null }) },
    { gpus: 1 },
    "compute",
  ],
  ["does not tell how busy its GPU is", { basic: lone(0.83), throughput: always({ utilizationPercent: null }) }, {}, [
    "gpu",
  ]],
  [
    "leaves a GPU alone that short windows do not tell of",
    {
      basic: lone(0.83, { gpu: gpuUse({ utilizationPercent: null, processBytes: null }) }),
      throughput: always({ utilizationPercent: 0, processBytes: null }),
    },
    {},
    "compute",
  ],
];

for (const [of, tests, circumstances, expected] of devices) {
  Deno.test(`bottlenecks() of a server that works most of the time and ${of} says what it knows`, () => {
    const [found] = bottlenecks(tests, circumstances);
    const told = found?.bottleneck === "unknown" ? found.evidence.missing : found?.bottleneck;
    assertEquals<unknown>(told, expected);
  });
}

Deno.test("bottlenecks() carries why nobody saw the GPU", () => {
  const gpu = "nvidia-smi was not found";
  const [found] = bottlenecks({ ...working, throughput: throughputResult(undefined, { absences: { gpu } }) }, {
    device: "cuda:0",
  });
  assert(found?.bottleneck === "unknown");
  assertEquals(found.evidence.gpuAbsence, gpu);
});

Deno.test("bottlenecks() carries why nobody saw how busy the GPU was", () => {
  const reason = "no visit was long enough", absences = { "gpu.utilizationPercent": reason };
  const throughput = { ...always({ utilizationPercent: null }), absences };
  const [found] = bottlenecks({ basic: lone(0.83), throughput });
  assert(found?.bottleneck === "unknown");
  assertEquals([found.evidence.gpuAbsence, found.evidence.gpu?.powerWatts], [reason, gpuUse().powerWatts]);
});

Deno.test("analyze() advises what frees the limit that it found", () => {
  const advised = (tests: TestResults) => analyze(tests).recommendations.map(({ code }) => code);
  assert(advised({ basic: lone(0.83), throughput: sweep(h200) }).includes("relieve-host"));
  assert(advised({ throughput: always(powerLimited) }).includes("unthrottle"));
  assert(advised({ throughput: always({ ...two, utilizationByDevice: [99, 1] }) }).includes("use-idle-gpus"));
  for (const code of ["relieve-host", "unthrottle", "use-idle-gpus"] as const) {
    assert(!advised({ throughput: busy }).includes(code));
  }
  assertNotEquals(advised({ throughput: busy }), []);
});

Deno.test("analyze() tells a GPU that is throttled once: as the limit where it is one", () => {
  const codes = (tests: TestResults) => analyze(tests).findings.map(({ code }) => code);
  assert(!codes({ throughput: always(powerLimited) }).includes("gpu-throttled"));
  assert(codes({ throughput: always({ ...powerLimited, throttledShare: 0.1 }) }).includes("gpu-throttled"));
});
