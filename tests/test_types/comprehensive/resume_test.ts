import { assert, assertEquals, assertGreater, assertRejects, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import type { Target } from "../../../src/core/target.ts";
import { createReport } from "../../../src/report/create_report.ts";
import { formatJson } from "../../../src/report/json/format_json.ts";
import { parseReport } from "../../../src/report/json/parse_report.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import type { TestKind } from "../../../src/results/comprehensive_kinds.ts";
import { resultsOf } from "../../../src/results/kinds.ts";
import type { Measurements, Report } from "../../../src/results/report.ts";
import { type AllOptions, runTests } from "../../../src/test_types/comprehensive.ts";
import type { ResumeOptions } from "../../../src/test_types/comprehensive/resume_options.ts";
import { simulateTest } from "../../measure/simulation.ts";

const KINDS: readonly TestKind[] = ["basic", "throughput", "scalability", "latency"];
const OPTIONS: AllOptions = { batchSizes: [1, 4], levels: [1, 2], quick: true };

/** Runs the tests against a server of 10 ms; `kept` is what was handed over, as a results file gives it again. */
async function run(options: AllOptions & ResumeOptions = {}, kinds = KINDS) {
  const kept: Report[] = [];
  const onMeasured = (soFar: Measurements) => {
    kept.push(parseReport(formatJson(createReport(soFar))));
  };
  const test = (target: Target, own?: AllOptions) => runTests(target, kinds, { ...OPTIONS, onMeasured, ...own });
  const measured = await simulateTest(test, options, { fate: () => ({ serviceMs: 10 }), workers: 1 });
  return { measured, report: parseReport(formatJson(createReport(measured))), kept };
}

/** Ends a run when so many requests were sent. */
function breakOffAfter(requests: number) {
  const controller = new AbortController();
  let sent = 0;
  const fate = () => {
    if (++sent === requests) controller.abort();
    return { serviceMs: 10 };
  };
  return { signal: controller.signal, fate };
}

Deno.test("runTests() hands over what it measured after every test and level, readable as a partial results file", async () => {
  const { kept, measured } = await run();
  const kindsOf = ({ tests }: Report) => resultsOf(tests).map(({ kind }) => kind);
  assertEquals(kindsOf(kept[0]!), ["basic"]);
  assert(kept.every(({ partial, parts }) => partial === "interrupted" && parts === undefined));
  const sweeping = kept.filter(({ tests }) => tests.throughput?.partial === "interrupted");
  assertGreater(sweeping.length, 1);
  assert(sweeping.every(({ tests }) => tests.throughput!.levels.length > 0));
  assert(sweeping.every(({ tests }) => tests.basic!.partial === null));
  assertEquals(kindsOf(kept.at(-1)!), resultsOf(measured.tests).map(({ kind }) => kind));
  assertStringIncludes(formatText(sweeping[0]!), "PARTIAL RESULTS");
});

Deno.test("runTests() goes on with what is whole, to the byte, and measures the rest as a whole", async () => {
  const { kept } = await run();
  const before = kept.findLast(({ tests }) => tests.scalability?.partial === "interrupted")!;
  const { report } = await run({ resume: before });
  assertEquals(report.partial, null);
  assertEquals(JSON.stringify(report.tests.basic), JSON.stringify(before.tests.basic));
  assertEquals(JSON.stringify(report.tests.throughput), JSON.stringify(before.tests.throughput));
  const { scalability, latency } = report.tests;
  assertEquals([scalability!.partial, scalability!.levels.length, latency!.partial], [null, 2, null]);
  assert(report.tests["operating-points"]!.points.length > 0);
  const visits = scalability!.levels.flatMap(({ visits }) => visits!);
  assert(visits.every(({ by }) => by !== "basic" && by !== "throughput"), "windows of before count once");
});

Deno.test("runTests() says which part measured what, and what was begun and dropped", async () => {
  const { kept } = await run();
  const before = kept.findLast(({ tests }) => tests.scalability?.partial === "interrupted")!;
  const { report } = await run({ resume: before });
  const [first, second, ...more] = report.parts!;
  assertEquals(more, []);
  assertEquals([first!.startedAt, report.startedAt], [before.startedAt, before.startedAt]);
  assertEquals([first!.tests, first!.dropped, first!.ended], [["basic", "throughput"], ["scalability"], "interrupted"]);
  assertEquals(second!.tests, ["scalability", "operating-points", "latency"]);
  assertEquals([second!.dropped, second!.ended], [[], null]);
  assert(second!.cache !== undefined, "the part that has the basic test is another");
  assertEquals(report.durationMs, first!.durationMs + second!.durationMs);
  const text = formatText(report);
  assertStringIncludes(text, "Part 1 of 2");
  assertStringIncludes(text.replaceAll(/\s+/g, " "), "scalability begun, and measured anew later; interrupted");
  assertEquals(report.warnings.filter((warning) => warning.includes("broke off")).length, 1);
});

Deno.test("runTests() goes on a second time, and keeps what both parts measured", async () => {
  const { kept } = await run();
  const first = kept.findLast(({ tests }) => tests.throughput?.partial === "interrupted")!;
  const { kept: later } = await run({ resume: first });
  const second = later.findLast(({ tests }) => tests.latency === undefined)!;
  const { report } = await run({ resume: second });
  assertEquals(report.parts!.map(({ tests }) => tests), [
    ["basic"],
    ["throughput", "scalability", "operating-points"],
    ["latency"],
  ]);
  assertEquals(report.parts!.map(({ dropped }) => dropped), [["throughput"], [], []]);
  for (const kind of ["basic", "throughput", "scalability", "operating-points"] as const) {
    assertEquals(report.tests[kind], second.tests[kind]);
  }
  assertEquals(report.warnings.filter((warning) => warning.includes("broke off")).length, 1);
});

Deno.test("runTests() measures the operating points of a run that broke off right after the sweeps", async () => {
  const { kept } = await run();
  const before = kept.find(({ tests }) => tests.scalability?.partial === null && !("operating-points" in tests))!;
  const { report } = await run({ resume: before });
  const { points } = report.tests["operating-points"]!;
  const { throughput, scalability } = report.tests;
  assert(points.some(({ batchSize }) => batchSize === throughput!.optimalBatchSize));
  assert(points.some(({ concurrency }) => concurrency === scalability!.optimalConcurrency));
  const by = points.flatMap(({ visits }) => visits!.map(({ by }) => by));
  assertEquals([...new Set(by)].filter((kind) => kind !== "latency"), ["operating-points"]);
});

Deno.test("runTests() places the windows of a part that goes on behind those of before", async () => {
  const { kept } = await run();
  const before = kept.find(({ tests }) => tests.throughput?.partial === null)!;
  const began = { ...before, startedAt: new Date(Date.now() - 3_600_000).toISOString() };
  const { report } = await run({ resume: began });
  const [visit] = report.tests.latency!.warm!.visits!;
  assertGreater(visit!.atMs, 3_599_000);
  assert(report.tests.latency!.shifts === undefined);
});

Deno.test("runTests() that was interrupted while it went on can go on again", async () => {
  const { kept } = await run();
  const before = kept.findLast(({ tests }) => tests.throughput?.partial === "interrupted")!;
  const { signal, fate } = breakOffAfter(300);
  const test = (target: Target, own?: AllOptions & ResumeOptions) => runTests(target, KINDS, { ...OPTIONS, ...own });
  const cut = await simulateTest(test, { resume: before, signal } as AllOptions, { fate, workers: 1 });
  assertEquals([cut.partial, cut.parts!.at(-1)!.ended], ["interrupted", "interrupted"]);
  const { report } = await run({ resume: parseReport(formatJson(createReport(cut))) });
  assertEquals([report.partial, report.parts!.length], [null, 3]);
});

Deno.test("runTests() measures nothing of a run that is whole", async () => {
  const { report } = await run();
  const { report: again, kept } = await run({ resume: report });
  assertEquals([again.tests, kept], [report.tests, []]);
});

Deno.test("runTests() refuses to go on with another run, and names what differs", async () => {
  const { kept: [before] } = await run();
  const words = async (resume: Report, options: AllOptions = {}, kinds = KINDS) =>
    (await assertRejects(() => run({ ...options, resume }, kinds), UsageError)).message;
  const message = await words(before!, { seed: 2, levels: [1, 4], quick: false });
  for (const name of ["seed was not given and is 2", "levels was 1,2 and is 1,4", "quick was on and is not given"]) {
    assertStringIncludes(message, name);
  }
  assertStringIncludes(await words(before!, {}, ["basic", "latency"]), "tests");
  assertStringIncludes(await words({ ...before!, target: { ...before!.target, model: "other" } }), "model was other");
  const { cores } = before!.environment;
  const elsewhere = { ...before!, environment: { ...before!.environment, cores: cores + 1 } };
  assertStringIncludes(await words(elsewhere), `cores was ${cores + 1} and is ${cores}`);
  assertStringIncludes(await words({ ...before!, tool: { name: "torchgauge", version: "0.0.1" } }), "0.0.1");
  const { asked: _, ...single } = before!;
  assertStringIncludes(await words(single), "several tests");
});

Deno.test("runTests() goes on with options that say the same in other words", async () => {
  const { kept: [before] } = await run();
  const { report } = await run({ resume: before!, levels: [2, 1, 1], seed: 1, followUps: 10 });
  assertEquals(report.partial, null);
});

Deno.test("runTests() says that the system changed between two parts", async () => {
  const { kept: [before] } = await run();
  const environment = { ...before!.environment, os: "Plan 9", host: "another" };
  const { report } = await run({ resume: { ...before!, environment } });
  const said = report.warnings.find((warning) => warning.startsWith("Between its parts the machine changed"))!;
  assertStringIncludes(said, "Plan 9 became");
  assertStringIncludes(said, "another name");
});
