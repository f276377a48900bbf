import { assert, assertAlmostEquals, assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import type { ScalabilityResult, TestResults } from "../../src/results/result.ts";
import { bottlenecks } from "../../src/analysis/bottleneck.ts";
import { findingInWords } from "../../src/words/finding_in_words.ts";
import { plainText } from "../../src/words/inline.ts";
import { sentenceOf } from "../../src/words/statement.ts";
import { distribution } from "../core/estimates.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { latencyResult } from "../results/kinds/latency_result.ts";
import { operatingPoint, operatingPointsResult } from "../results/kinds/operating_points_result.ts";
import { scalabilityResult } from "../results/kinds/scalability_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { failedMeasurement } from "../results/window/windows.ts";
import { calmUse } from "../results/result_base.ts";

/** Of a server that computes on a CPU. */
const kinds = (tests: TestResults) => bottlenecks(tests, { device: "cpu" }).map(({ bottleneck }) => bottleneck);

/** A basic test of 100 ms in which the server says it worked for some share of that. */
const sharing = (serverShare: number, concurrency = 1) =>
  basicResult({ latencyMs: distribution(100), serverMs: distribution(100 * serverShare), concurrency });

/** A sweep that is saturated at concurrency 1, whose latency at the highest level is some times that at the lowest. */
function waiting(latencyGrowth: number, highest = 8): ScalabilityResult {
  const flat = scalabilityResult({ 1: 45, [highest]: 45 });
  return {
    ...flat,
    levels: flat.levels.map((level) => ({
      ...level,
      latencyMs: distribution(level.concurrency === 1 ? 20 : 20 * latencyGrowth),
    })),
  };
}
const growing = scalabilityResult({ 1: 45, 2: 90, 4: 180 });

const rows: readonly [why: string, tests: TestResults, expected: readonly string[]][] = [
  ["server time of 80 % and saturation", { basic: sharing(0.8), throughput: throughputResult() }, ["compute"]],
  ["server time under 80 %", { basic: sharing(0.79), throughput: throughputResult() }, ["unknown"]],
  ["server time of 80 % while throughput grows", { basic: sharing(0.8), scalability: growing }, ["unknown"]],
  [
    "server time of 80 % and batches that do not pay, while throughput grows with concurrency",
    { basic: sharing(0.8), throughput: throughputResult({ 1: 45, 2: 45, 4: 44 }), scalability: growing },
    ["unknown"],
  ],
  [
    "server time of 80 % and one batch size beside a sweep that ended",
    { basic: sharing(0.8), throughput: throughputResult({ 1: 45 }), scalability: waiting(2, 2) },
    ["compute", "queueing"],
  ],
  [
    "server time of 80 % where the largest batch that can be had is best, and concurrency does not pay",
    {
      basic: sharing(0.8),
      throughput: throughputResult({ 1: 45, 2: 80, 4: 150 }, { absences: { levels: "at most 4 items" } }),
      scalability: waiting(2, 2),
    },
    ["compute", "queueing"],
  ],
  ["server time of 80 % with others waiting", { basic: sharing(0.8, 4), throughput: throughputResult() }, ["unknown"]],
  ["server time of 50 %", { basic: sharing(0.5) }, ["unknown"]],
  ["server time under 50 %", { basic: sharing(0.49) }, ["transfer"]],
  ["server time under 50 % with others waiting", { basic: sharing(0.1, 4) }, ["unknown"]],
  ["latency that grows as concurrency", { scalability: waiting(8) }, ["queueing"]],
  ["latency that grows by 70 % of that", { scalability: waiting(5.6) }, ["queueing"]],
  ["latency that grows by less", { scalability: waiting(5.5) }, ["unknown"]],
  ["twice the concurrency of saturation", { scalability: waiting(2, 2) }, ["queueing"]],
  [
    "latency that grows as concurrency, where a higher level may be the faster one",
    { scalability: { ...waiting(8), optimumRivals: [8] } },
    ["unknown"],
  ],
  [
    "computation, where a higher level may be the faster one",
    { basic: sharing(0.9), scalability: { ...waiting(8), optimumRivals: [8] } },
    ["unknown"],
  ],
  [
    "latency that grows as concurrency, where more requests at a time came out best with larger batches",
    { scalability: waiting(8), "operating-points": operatingPointsResult([operatingPoint(900, 16, 8)]) },
    ["unknown"],
  ],
  [
    "latency that grows as concurrency, beside the load that came out best",
    { scalability: waiting(8), "operating-points": operatingPointsResult([operatingPoint(900, 16, 1)]) },
    ["queueing"],
  ],
  ["no level past saturation", { scalability: growing }, ["unknown"]],
  ["computation, and waiting under load", { basic: sharing(0.9), scalability: waiting(8) }, ["compute", "queueing"]],
  ["a cold start beside an unlimited server", { latency: latencyResult(), scalability: growing }, ["cold-start"]],
  ["a cold start with nothing beside it", { latency: latencyResult() }, ["unknown"]],
  [
    "a cold start beside a sweep that was cut",
    { latency: latencyResult(), scalability: { ...growing, partial: "interrupted" } },
    ["unknown"],
  ],
  ["a cold start beside a saturated server", { latency: latencyResult(), scalability: waiting(8) }, ["queueing"]],
  [
    "a client that limits the fastest level",
    { basic: basicResult({ clientLimited: true, serverMs: null }) },
    ["client"],
  ],
  [
    "a client that limits a single load, beside a sweep that saw the server's own end",
    { basic: basicResult({ clientLimited: true, serverMs: null }), scalability: waiting(8) },
    ["queueing"],
  ],
  [
    "a client that limits the fastest batches, beside a sweep that saw the server's own end",
    {
      scalability: waiting(8),
      throughput: throughputResult(undefined, {
        levels: throughputResult().levels.map((level) => ({ ...level, clientLimited: true })),
      }),
    },
    ["client", "queueing"],
  ],
  [
    "a client that limits the fastest operating point",
    { "operating-points": operatingPointsResult([operatingPoint(900, 8, 4, { clientLimited: true })]) },
    ["client"],
  ],
  [
    "a client that limits a slower level only",
    {
      throughput: throughputResult(undefined, {
        levels: throughputResult().levels.map((level) => ({ ...level, clientLimited: level.batchSize === 1 })),
      }),
    },
    ["unknown"],
  ],
];

for (const [why, tests, expected] of rows) {
  Deno.test(`bottlenecks() says ${expected.join(" and ")} for ${why}`, () => assertEquals(kinds(tests), expected));
}

for (const message of ["CUDA out of memory. Tried to allocate 2 GiB", "std::bad_alloc", "Failed to allocate memory"]) {
  Deno.test(`bottlenecks() says memory where the server said "${message}"`, () => {
    const failed = { ...failedMeasurement(), failureExamples: { rejected: message } };
    const throughput = throughputResult(undefined, {
      levels: [
        ...throughputResult().levels,
        { ...failed, batchSize: 64, efficiency: null, speedup: null },
      ],
    });
    const [found] = bottlenecks({ throughput });
    assert(found?.bottleneck === "memory");
    assertEquals(found.severity, "critical");
    assertEquals(found.evidence, { test: "throughput", level: 64, message });
  });
}

Deno.test("bottlenecks() warns of the client alone, which spoils the numbers", () => {
  const [client] = bottlenecks({ basic: basicResult({ clientLimited: true, serverMs: null }) });
  const [queueing] = bottlenecks({ scalability: scalabilityResult() });
  assertEquals([client?.severity, queueing?.severity], ["warning", "info"]);
});

const movedFor = (sendingMs: number, readingMs: number) =>
  basicResult({
    latencyMs: distribution(20),
    serverMs: distribution(8),
    sendingMs: distribution(sendingMs),
    readingMs: distribution(readingMs),
  });

Deno.test("bottlenecks() says transfer where a lone request is moved for most of its time, and carries how long", () => {
  const basic = movedFor(11, 1);
  const [found] = bottlenecks({ basic });
  assert(found?.bottleneck === "transfer" && "transferShare" in found.evidence);
  assertAlmostEquals(found.evidence.transferShare, 0.6, 1e-9);
  assertEquals(found.evidence.sendingMs, basic.sendingMs!.mean);
});

Deno.test("bottlenecks() takes no time outside of the server for transfer where it is known how long a request was moved", () => {
  assertEquals(kinds({ basic: movedFor(1, 0.1) }), ["unknown"]);
  assertEquals(kinds({ basic: { ...movedFor(1, 0.1), sendingMs: null } }), ["transfer"]);
});

Deno.test("bottlenecks() carries what showed in each level that the client limited, and nothing else", () => {
  const levels = throughputResult().levels.map((level, i) => ({
    ...level,
    clientLimited: i > 0,
    clientUse: {
      ...calmUse,
      threadShare: 0.9 + i / 100,
      judgingShare: 0.09,
      ceilingPerSecond: 1000 / (i + 1),
      because: i > 0 ? ["thread"] as const : [],
    },
  }));
  const [found] = bottlenecks({ throughput: throughputResult(undefined, { levels }) });
  assert(found?.bottleneck === "client");
  const { because, threadShare, judgingShare, ceilingPerSecond } = found.evidence;
  assertEquals([because, judgingShare], [["thread"], undefined]);
  assertAlmostEquals(threadShare!, 0.9 + (levels.length - 1) / 100, 1e-9);
  assertAlmostEquals(ceilingPerSecond!, 1000 / levels.length, 1e-9);
});

Deno.test("bottlenecks() carries what queueing rests on", () => {
  const [found] = bottlenecks({ scalability: scalabilityResult() });
  assert(found?.bottleneck === "queueing");
  assertEquals([found.evidence.saturationConcurrency, found.evidence.highestConcurrency], [4, 32]);
  assertAlmostEquals(found.evidence.throughputGain, 118.6 / 45.3, 1e-9);
  assertEquals(found.evidence.sigma, scalabilityResult().usl!.sigma);
});

Deno.test("bottlenecks() tells of a server that answers one request after the other only by a lone request", () => {
  const told = (rates: Record<number, number>) => {
    const [found] = bottlenecks({ scalability: scalabilityResult(rates) });
    assert(found?.bottleneck === "queueing");
    return plainText(sentenceOf(findingInWords(found)));
  };
  assertStringIncludes(told({ 1: 400, 8: 400, 16: 400, 32: 400 }), "one request after the other");
  const saturated = told({ 8: 400, 16: 400, 32: 400 });
  assertStringIncludes(saturated, "the server is saturated");
  assertNotMatch(saturated, /one request after the other/);
});

Deno.test("bottlenecks() says what is missing where it cannot tell", () => {
  const missing = (tests: TestResults) => {
    const [found] = bottlenecks(tests);
    assert(found?.bottleneck === "unknown");
    return found.evidence.missing;
  };
  assertEquals(missing({}), ["server-time", "sweep"]);
  assertEquals(missing({ basic: sharing(0.7) }), ["sweep"]);
  assertEquals(missing({ basic: sharing(0.7, 4), scalability: growing }), ["single-request-latency", "saturation"]);
  assertEquals(missing({ basic: sharing(0.7), throughput: throughputResult() }), []);
  assertEquals(missing({ basic: basicResult(failedMeasurement()) }), ["success"]);
  assertEquals(missing({ latency: latencyResult({ cold: null, warm: failedMeasurement() }) }), ["success"]);
});
