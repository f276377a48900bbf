import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { askedRate } from "../../../../src/results/window/asked_rate.ts";
import { compare } from "../../../../src/compare/compare.ts";
import { UsageError } from "../../../../src/core/errors.ts";
import { formatCsv } from "../../../../src/report/csv/format_csv.ts";
import { formatJson } from "../../../../src/report/json/format_json.ts";
import { parseReport } from "../../../../src/report/json/parse_report.ts";
import { convertV1 } from "../../../../src/report/json/v1/convert_v1.ts";
import type { Report } from "../../../../src/results/report.ts";
import { windowsOf } from "../../../../src/results/windows.ts";

/** Files that version 0.1 wrote, their timelines thinned out. */
const FILES = ["comprehensive", "load", "ab", "basic_rate", "basic_with_checks"] as const;

const textOf = (name: typeof FILES[number]) => Deno.readTextFile(new URL(`./${name}.json`, import.meta.url));
const read = async (name: typeof FILES[number]): Promise<Report> => parseReport(await textOf(name));

/** A document of version 1 around one test. */
const around = (tests: object, command = "deno task basic") => ({ schemaVersion: 1, command, tests });
const convertedTests = (tests: object, command?: string) =>
  convertV1(around(tests, command))["tests"] as Record<string, Record<string, unknown>>;

Deno.test("parseReport() reads every file of version 1 as one of this version, which can be written again", async () => {
  for (const name of FILES) {
    const report = await read(name);
    assertEquals(report.schemaVersion, 2);
    assertEquals(report.tool.version, "0.1.0");
    assertEquals(parseReport(formatJson(report)), report, name);
    assert(windowsOf(report.tests).length > 0, name);
    assert(formatCsv(report).split("\r\n").length > 20, name);
  }
});

Deno.test("convertV1() says the load of every window, and null what version 1 did not keep", async () => {
  const loads = windowsOf((await read("comprehensive")).tests).map(({ kind, level, window }) => {
    assertEquals(window.latencyFrom, "sent");
    assert(window.load.kind === "closed");
    return [kind, level, window.load.concurrency, window.load.batchSize, window.serverMs !== null];
  });
  assertEquals(loads, [
    ["basic", null, 1, 1, true],
    ["latency", null, 1, 1, false],
    ["throughput", 1, 1, 1, false],
    ["throughput", 4, 1, 4, false],
    ["scalability", 1, 1, 1, false],
    ["scalability", 2, 2, 1, false],
    ["operating-points", "4 x 1", 1, 4, false],
    ["operating-points", "1 x 1", 1, 1, false],
  ]);
});

Deno.test("convertV1() takes the rate that was asked for from the command, so that two runs of it compare", async () => {
  const [before, after] = [await read("basic_rate"), await read("basic_with_checks")];
  assertEquals(before.tests.basic!.load, {
    kind: "open",
    arrivals: { kind: "poisson", ratePerSecond: 50 },
    maxConnections: 512,
    batchSize: 1,
  });
  assertEquals([before.tests.basic!.concurrency, before.tests.basic!.latencyFrom], [null, "due"]);
  assertEquals("offered" in before.tests.basic!, false);
  const { incomparable, figures } = compare(before, after);
  assertEquals(incomparable, []);
  assert(figures.some(({ test, difference }) => test === "basic" && difference !== null));
});

Deno.test("convertV1() takes an open loop's other options from the command, and without one the offered rate", () => {
  const basic = { kind: "basic", concurrency: 4, batchSize: 2, offered: { offeredPerSecond: 47.3, due: 9 } };
  const loadOf = (command: string) => convertedTests({ basic }, command)["basic"]!["load"];
  const open = { kind: "open", maxConnections: 512, batchSize: 2 };
  const cases: [command: string, load: object][] = [
    ["made through mod.ts", { ...open, arrivals: { kind: "poisson", ratePerSecond: 47 } }],
    ["deno task basic --rate=50", { ...open, arrivals: { kind: "poisson", ratePerSecond: 50 } }],
    ["x --rate 50 --arrivals constant", { ...open, arrivals: { kind: "constant", ratePerSecond: 50 } }],
    ["x --rate 50 --burst 10", { ...open, arrivals: { kind: "bursts", ratePerSecond: 50, size: 10 } }],
    [
      "x --rate 50 --max-connections 8",
      { ...open, maxConnections: 8, arrivals: { kind: "poisson", ratePerSecond: 50 } },
    ],
  ];
  for (const [command, load] of cases) assertEquals(loadOf(command), load, command);
});

Deno.test("convertV1() gives levels of a load test both rates, and the arrivals that the file names", async () => {
  const { levels, sustainedPerSecond } = (await read("load")).tests.load!;
  for (const { requestsPerSecond, predictionsPerSecond, latencyFrom } of levels) {
    assertEquals(predictionsPerSecond, requestsPerSecond); // of batch size 1
    assertEquals(latencyFrom, "due");
  }
  assert(levels.some((level) => askedRate(level) === sustainedPerSecond));
  const level = {
    offeredPerSecond: 9.87,
    achievedPerSecond: { value: 9, low: 8, high: null, level: 0.95, n: 50 },
  };
  const convert = (arrivals: string) => {
    const load = convertedTests({ load: { kind: "load", arrivals, batchSize: 4, levels: [level] } })["load"]!;
    return (load["levels"] as Record<string, unknown>[])[0]!;
  };
  assertEquals(convert("constant")["predictionsPerSecond"], { value: 36, low: 32, high: null, level: 0.95, n: 50 });
  assertEquals("achievedPerSecond" in convert("constant"), false);
  const patterns: [arrivals: string, pattern: object][] = [
    ["constant", { kind: "constant", ratePerSecond: 9.9 }],
    ["poisson", { kind: "poisson", ratePerSecond: 9.9 }],
    ["bursts of 10", { kind: "bursts", ratePerSecond: 9.9, size: 10 }],
    ["ramp 5/s to 50.5/s", { kind: "ramp", fromPerSecond: 5, toPerSecond: 50.5 }],
    ["trace of 80 requests", { kind: "trace", requests: 80 }],
  ];
  for (const [arrivals, pattern] of patterns) {
    assertEquals((convert(arrivals)["load"] as { arrivals: object }).arrivals, pattern);
  }
});

Deno.test("convertV1() makes data of the words for the arrivals of a load test, and keeps words that it does not know", () => {
  const partsOf = (arrivals: string, command?: string) => {
    const { load } = convertedTests({ load: { kind: "load", arrivals, batchSize: 1, levels: [] } }, command);
    return [load!["arrivals"], load!["maxConnections"]];
  };
  assertEquals(partsOf("poisson"), [{ kind: "poisson" }, 512]);
  assertEquals(partsOf("bursts of 10", "x --max-connections 8"), [{ kind: "bursts", size: 10 }, 8]);
  assertEquals(partsOf("trace of 80 requests"), [{ kind: "trace", requests: 80 }, 512]);
  assertEquals(partsOf("broken")[0], "broken");
});

Deno.test("convertV1() keeps of the sentences about trials of a capacity whether the server kept up", () => {
  const probes = [{ level: 8, verdict: "met", evidence: ["p99<9ms: met at 8 [7, 8.5] ms"], runs: 1 }, {
    level: 16,
    verdict: "missed",
    evidence: ["p99<9ms: met at 8 [7, 8.5] ms", "the server did not keep up"],
    runs: 1,
  }];
  const capacity = { rate: { probes }, concurrency: { probes: [] } };
  const { load } = convertedTests({ load: { arrivals: "poisson", batchSize: 1, levels: [], capacity } });
  assertEquals((load!["capacity"] as { rate: unknown }).rate, {
    probes: [
      { level: 8, verdict: "met", outcomes: [], saturated: false, runs: 1 },
      { level: 16, verdict: "missed", outcomes: [], saturated: true, runs: 1 },
    ],
  });
});

Deno.test("convertV1() takes for the asked rate of a level the one in the command that came out so", () => {
  const rateOf = (command: string, offeredPerSecond: number) => {
    const load = { kind: "load", arrivals: "poisson", batchSize: 1, sustainedPerSecond: offeredPerSecond };
    const level = { offeredPerSecond, requests: 50, succeeded: 50, failed: 0, saturated: false };
    const tests = convertedTests({ load: { ...load, levels: [level] } }, command);
    return tests["load"]!["sustainedPerSecond"];
  };
  const command = "deno task load --rates 20,80,400";
  assertEquals([19.5, 87.2, 391].map((offered) => rateOf(command, offered)), [20, 80, 400]);
  assertEquals(rateOf("deno task load", 87.2), 87);
});

Deno.test("convertV1() takes no rate for sustained at which 1 % failed, as every other place of the report does", () => {
  const level = (offeredPerSecond: number, failed: number) => ({
    offeredPerSecond,
    requests: 100,
    succeeded: 100 - failed,
    failed,
    saturated: false,
  });
  const load = { arrivals: "poisson", batchSize: 1, sustainedPerSecond: 41.3, saturatedPerSecond: null };
  const tests = convertedTests({ load: { ...load, levels: [level(19.5, 0), level(41.3, 5)] } }, "x --rates 20,40");
  assertEquals([tests["load"]!["sustainedPerSecond"], tests["load"]!["saturatedPerSecond"]], [20, null]);
});

Deno.test("convertV1() makes a window of the warm requests, their error rate among it", async () => {
  const { latency } = (await read("comprehensive")).tests;
  const { succeeded, requests, durationMs, latencyMs, requestsPerSecond, errorRate } = latency!.warm!;
  assertEquals([succeeded, requestsPerSecond, errorRate?.value, errorRate?.n], [requests, null, 0, requests]);
  assertEquals(durationMs, requests * latencyMs!.mean.value);
  const none = { latencyMs: null, converged: false, counts: { requests: 0, succeeded: 0, failed: 0 } };
  assertEquals(convertedTests({ latency: { warm: none } })["latency"]!["warm"], null);
});

Deno.test("convertV1() puts operating points whose requests failed last", () => {
  const point = (batchSize: number, failed: number) => ({
    batchSize,
    concurrency: 2,
    requests: 100,
    succeeded: 100 - failed,
    failed,
    durationMs: 500,
    clientLimited: failed > 0,
  });
  const { points, elapsedMs, client } = convertedTests({ operatingPoints: [point(8, 50), point(4, 0), point(2, 0)] })[
    "operating-points"
  ]!;
  assertEquals((points as { batchSize: number }[]).map(({ batchSize }) => batchSize), [4, 2, 8]);
  assertEquals([elapsedMs, (client as { limited: boolean }).limited], [1500, true]);
  assertEquals(convertedTests({ operatingPoints: [] }), {});
});

Deno.test("convertV1() tells batches that the server made from batches in one request", () => {
  const levels = [{ batchSize: 4 }];
  const loadOf = (batching: object) => {
    const { throughput } = convertedTests({ throughput: { concurrency: 2, levels, ...batching } });
    return (throughput!["levels"] as { load: object }[])[0]!.load;
  };
  assertEquals(loadOf({}), { kind: "closed", concurrency: 2, batchSize: 4 });
  assertEquals(loadOf({ batching: "server" }), { kind: "closed", concurrency: 8, batchSize: 1, serverBatchSize: 4 });
});

Deno.test("convertV1() makes a report of the document of an A/B test", async () => {
  const { tests: { ab }, target, durationMs, environment, command } = await read("ab");
  assertEquals([ab!.kind, ab!.blocks.length, ab!.a.client, ab!.b.absences], ["ab", 3, ab!.client, {}]);
  assertEquals([target, durationMs], [ab!.a.target, ab!.elapsedMs]);
  assertEquals(environment.cores, 2);
  assertMatch(command, /--blocks 3/);
  const { environment: _, ...alone } = JSON.parse(await textOf("ab"));
  assertEquals(parseReport(JSON.stringify(alone)).environment.os, "unknown");
});

Deno.test("convertV1() makes loads of what drift spoke of, and codes of why tests were not compared", async () => {
  const rate = { value: 9, low: 8, high: 10, level: 0.95, n: 50 };
  const evidence = {
    batchSize: 1,
    concurrency: 2,
    slower: { source: "basic", requestsPerSecond: rate },
    faster: { source: "operating-points", requestsPerSecond: rate },
  };
  const whole = JSON.parse(await textOf("comprehensive"));
  const { findings: [found], recommendations: [advice] } = parseReport(JSON.stringify({
    ...whole,
    findings: [{ code: "drift", severity: "warning", evidence }],
    recommendations: [{ code: "repeat-run", evidence }],
  }));
  assert(found?.code === "drift" && advice?.code === "repeat-run");
  assertEquals(found.evidence.load, { kind: "closed", concurrency: 2, batchSize: 1 });
  assertEquals(advice.evidence, found.evidence);

  const { baseline } = await read("basic_with_checks");
  assertEquals(baseline!.comparison.incomparable, [{ test: "basic", reason: "different-loads" }]);
  const checked = JSON.parse(await textOf("basic_with_checks"));
  checked.baseline.comparison.incomparable = [
    { test: "memory", reason: "only in the first" },
    { test: "latency", reason: "only in the second" },
    { test: "load", reason: "a saturation rate has no interval; compare --rate of the basic test" },
  ];
  assertEquals(parseReport(JSON.stringify(checked)).baseline!.comparison.incomparable, [
    { test: "memory", reason: "only-in-first" },
    { test: "latency", reason: "only-in-second" },
  ]);
});

Deno.test("parseReport() says what is wrong with a broken file of version 1, wherever it is broken", async () => {
  // Every field that holds others, replaced by a word: none may end in anything but a message for the user.
  for (const name of FILES) {
    const text = await textOf(name);
    const paths: string[][] = [];
    const collect = (value: unknown, path: string[]) => {
      if (typeof value !== "object" || value === null) return;
      paths.push(path);
      for (const [key, inner] of Object.entries(value)) collect(inner, [...path, key]);
    };
    collect(JSON.parse(text), []);
    // What an open loop kept twice is read once.
    const kept = paths.filter((path) => path.length > 0 && path.length < 5 && !path.slice(0, -1).includes("offered"));
    for (const path of kept) {
      const broken = JSON.parse(text);
      const last = path.at(-1)!;
      const holder = path.slice(0, -1).reduce((value, key) => value[key], broken);
      holder[last] = "broken";
      assertThrows(() => parseReport(JSON.stringify(broken)), UsageError, "Cannot read the results as", path.join("."));
    }
  }
});
