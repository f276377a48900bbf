import { assert, assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { plotLoad } from "../../../src/plot/load.ts";
import { testSections } from "../../../src/report/html/test_html.ts";
import { sectionsOf } from "../../../src/report/sections/section_of.ts";
import type { OperatingPoint, TestResults } from "../../../src/results/result.ts";
import { pageText } from "../../../src/report/text/page_text.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import { abResult } from "../../results/kinds/ab_result.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { latencyResult } from "../../results/kinds/latency_result.ts";
import { loadResult } from "../../results/kinds/load_result.ts";
import { operatingPoint, operatingPointsResult } from "../../results/kinds/operating_points_result.ts";
import { throughputResult } from "../../results/kinds/throughput_result.ts";
import { openWindow, withFailures } from "../../results/window/windows.ts";
import { reportOf } from "../report_of.ts";

const textOf = (results: TestResults) => pageText(sectionsOf(results).flatMap(({ blocks }) => blocks));

Deno.test("a kind that was not measured has no section", () => {
  assertEquals(sectionsOf({}), []);
  assertEquals(sectionsOf({ "operating-points": operatingPointsResult([]) }), []);
});

Deno.test("the section of an A/B test says its verdict under its title in the page", () => {
  const [{ html } = { html: "" }] = testSections({ ab: abResult() });
  assertMatch(html, /<h3>Verdict<\/h3>\n<p class="note good">B IS FASTER: throughput/);
  assertStringIncludes(html, "resnet18 at http://127.0.0.1:8002");
});

Deno.test("operating points star the best that can be used, never one whose requests fail", () => {
  const text = (failed: number, others: readonly OperatingPoint[]) =>
    textOf({
      "operating-points": operatingPointsResult([withFailures(operatingPoint(960, 16, 4), failed), ...others]),
    });
  const other = operatingPoint(560, 8, 4);
  assertEquals(text(0, [other]).match(/⭐ Batch +\d+/g), ["⭐ Batch 16"]);
  assertEquals(text(200, [other]).match(/⭐ Batch +\d+/g), ["⭐ Batch  8"]);
  assertNotMatch(text(200, []), /⭐/);
});

Deno.test("operating points say which were left out and why, if all of them were", () => {
  const absences = { levels: "the model takes one item in a request: the server did not say" };
  for (const points of [[], [operatingPoint(100, 1, 4)]]) {
    assertStringIncludes(textOf({ "operating-points": operatingPointsResult(points, { absences }) }), absences.levels);
  }
});

Deno.test("the median of an even number of cold starts lies between the two in the middle", () => {
  const { cold } = latencyResult();
  const samples = cold!.samples.slice(0, 2).map((sample, index) => ({ ...sample, loadMs: 100 + 100 * index }));
  const text = textOf({ latency: latencyResult({ cold: { ...cold!, samples } }) });
  assert(text.includes("Made of: load 150 ms"), text);
});

Deno.test("a load test that the client limited where it was saturated does not blame the server", () => {
  const load = loadResult();
  const limited = {
    ...load,
    levels: load.levels.map((level) => ({ ...level, clientLimited: level.saturated === true })),
  };
  const told = formatText(reportOf({ load })), toldOfClient = formatText(reportOf({ load: limited }));
  assertStringIncludes(told, "The server did not keep up with 80 req/s");
  assertStringIncludes(toldOfClient, "80 req/s was not kept up with, and the client was the limit there");
  assertStringIncludes(toldOfClient, "Saturated From: 80 req/s (the client was the limit)");
  assertNotMatch(toldOfClient, /The server did not keep up/);
});

Deno.test("requests that were never answered are no part of success, and a rate at which none was due says so", () => {
  const overloaded = openWindow(2, { saturated: true, due: 15, unanswered: 5 });
  const basic = formatText(reportOf({ basic: basicResult({ ...overloaded, concurrency: null }) }), { width: 1000 });
  assertStringIncludes(basic, "Success Rate: 66.7% (10 of 15, 5 not answered)");
  assertStringIncludes(
    basic,
    "The server did not keep up with 2 req/s: latencies only tell how long was measured.",
  );
  const levels = [openWindow(0.2, { due: 0, requests: 0, succeeded: 0, latencyMs: null, saturated: null })];
  const load = formatText(reportOf({ load: loadResult({ levels, sustainedPerSecond: null }) }), { width: 1000 });
  assertStringIncludes(load, "no request was due, may be saturated");
});

Deno.test("a page does not call a rate unsure that a trial of a capacity kept up with", () => {
  const load = loadResult();
  const probe = { outcomes: [], runs: 1 };
  const probes = [
    { ...probe, level: 50, verdict: "unclear", saturated: false },
    { ...probe, level: 90, verdict: "unclear", saturated: null },
  ] as const;
  const search = { highest: null, lowestMissed: 50, ended: "never met", probes } as const;
  const tried = {
    ...load,
    sustainedPerSecond: null,
    saturatedPerSecond: null,
    levels: [20, 80].map((rate) => openWindow(rate, { saturated: null })),
    capacity: { objectives: "p95<9s", rate: search, concurrency: { ...search, probes: [] }, goodputPerSecond: null },
  };
  const text = formatText(reportOf({ load: tried }), { width: 1000 });
  assertStringIncludes(text, "Sustained Rate: 50 req/s, in a trial");
  assertStringIncludes(text, "Saturated From: no offered rate for sure; from 80 req/s on it cannot be told");
  assertEquals(text.match(/Offered \d+ req\/s:.*\n?.*may be saturated/g)?.length, 2, text);
  const { description } = plotLoad(tried);
  assertMatch(description, /kept up with 50\s?req\/s in a trial\. Whether it did with 80\s?req\/s cannot be told\./);
});

Deno.test("a page says in one voice of which rates it cannot be told whether the server kept up", () => {
  const load = loadResult();
  const unsure = {
    ...load,
    saturatedPerSecond: null,
    levels: load.levels.map((level) => ({ ...level, saturated: level.saturated ? null : false })),
  };
  const text = formatText(reportOf({ load: unsure }), { width: 1000 });
  assertStringIncludes(text, "Saturated From: no offered rate for sure; from 80 req/s on it cannot be told");
  assertStringIncludes(text, "may be saturated = neither of the two is sure");
  assertStringIncludes(text, "Of higher rates it cannot be told: a longer duration tells.");
  assertNotMatch(text, /did not keep up/);
  const { description, svg } = plotLoad(unsure);
  assertMatch(description, /Whether it did with 80\s?req\/s cannot be told\./);
  assertStringIncludes(svg, ", may be saturated");
  const basic = textOf({ basic: basicResult({ ...openWindow(40, { saturated: null }), concurrency: null }) });
  assertStringIncludes(basic, "Saturated: cannot tell whether the server kept up");
  assertNotMatch(basic, /The server kept up/);
});

Deno.test("a report says what its stars mean: of rates another thing than of a sweep", () => {
  const meaning = (tests: TestResults) => /⭐: ([^.]+)\./.exec(formatText(reportOf(tests), { width: 1000 }))![1];
  const ofSweeps = "the smallest level within 10% of the best that cannot be told from it";
  assertEquals(meaning({ throughput: throughputResult() }), ofSweeps);
  assertEquals(meaning({ load: loadResult() }), "the highest offered rate that was sustained");
  const both = meaning({ throughput: throughputResult(), load: loadResult() });
  assertEquals(both, `${ofSweeps}; of rates, the highest offered rate that was sustained`);
});
