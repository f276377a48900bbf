import { assert, assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { testSections } from "../../../src/report/html/test_html.ts";
import { SECTION_OF, sectionsOf } from "../../../src/report/sections/section_of.ts";
import type { SectionResults } from "../../../src/report/sections/section_names.ts";
import { pageText } from "../../../src/report/text/page_text.ts";
import { abResult } from "../ab_fixtures.ts";
import { latencyResult, measurement } from "../builders.ts";
import { reports } from "../fixtures.ts";
import { loadReport } from "../html/html_fixtures.ts";

const every: SectionResults = { ...reports.whole!.tests, ...loadReport.tests, ab: abResult() };
const textOf = (results: SectionResults) => pageText(sectionsOf(results).flatMap(({ blocks }) => blocks));

Deno.test("every kind of result has a section in the text and one in the page, in the same order", () => {
  const kinds = Object.keys(SECTION_OF);
  assertEquals(sectionsOf(every).map(({ kind }): string => kind), kinds);
  const sections = testSections(every);
  assertEquals(sections.map(({ id }) => id), kinds);
  for (const { title, html } of sections) {
    assert(/^<p class="question">[^<]+\?<\/p>/.test(html), title);
    assert(/<dd>|<table>/.test(html), title);
  }
});

Deno.test("a kind that was not measured has no section", () => {
  assertEquals(sectionsOf({}), []);
  assertEquals(sectionsOf({ operatingPoints: [] }), []);
});

Deno.test("the section of an A/B test says its verdict under its title in the page", () => {
  const [{ html } = { html: "" }] = testSections({ ab: abResult() });
  assertMatch(html, /<h3>Verdict<\/h3>\n<p class="note critical">B IS SLOWER: throughput/);
  assertStringIncludes(html, "resnet18 at http://two:8000");
});

Deno.test("operating points star the best that can be used, never one whose requests fail", () => {
  const point = (batchSize: number, rate: number, failed: number) => ({
    ...measurement(rate, 4, batchSize),
    batchSize,
    concurrency: 4,
    failed,
  });
  const stars = (failed: number) =>
    textOf({ operatingPoints: [point(16, 60, failed), point(8, 70, 0)] }).match(/⭐ Batch +\d+/g);
  assertEquals(stars(0), ["⭐ Batch 16"]);
  assertEquals(stars(200), ["⭐ Batch  8"]);
  assertNotMatch(textOf({ operatingPoints: [point(16, 60, 200)] }), /⭐/);
});

Deno.test("the median of an even number of cold starts lies between the two in the middle", () => {
  const { cold } = latencyResult();
  const samples = cold!.samples.slice(0, 2).map((sample, index) => ({ ...sample, loadMs: 100 + 100 * index }));
  const text = textOf({ latency: latencyResult({ cold: { ...cold!, samples } }) });
  assert(text.includes("Made of: load 150 ms"), text);
});
