import { assert, assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import { compare } from "../../../src/compare/compare.ts";
import { formatComparisonHtml } from "../../../src/report/html/format_comparison_html.ts";
import { PAGE_SCRIPT } from "../../../src/report/html/page_script.ts";
import { comparisonPage } from "./comparison_page.ts";
import { abReport, hostileReport } from "./html_fixtures.ts";

Deno.test("a page of several runs has an answer, a chart of the effects and the numbers of each comparison, and the results over each other", () => {
  const page = comparisonPage();
  const ids = [...page.matchAll(/<section id="([^"]*)"/g)].map(([, id]) => id!);
  const kinds = ["basic", "latency", "throughput", "scalability", "memory", "operating-points"];
  assertEquals(ids, ["answer", "comparison-1", "comparison-2", ...kinds, "method"]);
  assertStringIncludes(page, "<h1>after, third against before</h1>");
  assertStringIncludes(page, "<li>after: The second is worse in throughput of the basic test");
  const [, section] = /<section id="comparison-1".*?>(.*?)<\/section>/s.exec(page)!;
  assertEquals(section!.match(/<svg /g)?.length, 3, "full, wide and narrow");
  assertStringIncludes(section!, "<title>highest throughput: +30.4%");
  assertEquals(page.match(/their intervals are widened/g)?.length, 1, "what explains every table stands once");
});

Deno.test("a page of A/B tests shows the change of their effects, and one of the same run twice says so", () => {
  const again = {
    ...abReport,
    startedAt: "2026-03-06T10:00:00.000Z",
    tests: { ab: { ...abReport.tests.ab!, seed: 2 } },
  };
  const [a, b] = [{ label: "one.json", report: abReport }, { label: "two.json", report: again }];
  const page = formatComparisonHtml([a, b], [{ a: a.label, b: b.label, comparison: compare(abReport, again) }]);
  assertStringIncludes(page, '<p class="lead">No difference was found in 3 numbers.</p>');
  assertStringIncludes(page, "A/B test");
  assertStringIncludes(page, '<section id="ab"');
  const same = formatComparisonHtml([a, a], [{ a: a.label, b: a.label, comparison: compare(abReport, abReport) }]);
  assertStringIncludes(same, "The same run twice");
});

Deno.test("a page of several runs takes hostile words for words", () => {
  const label = `"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e.json`;
  const other = { ...hostileReport, startedAt: "2026-03-06T10:00:00.000Z" };
  const comparison = compare(hostileReport, other);
  const page = formatComparisonHtml(
    [{ label, report: hostileReport }, { label: "b.json", report: other }],
    [{ a: label, b: "b.json", comparison }],
  ).replace(`<script>${PAGE_SCRIPT}</script>`, () => "");
  assertNotMatch(page, /<(?:script|img)\b/);
  assert(!page.includes("\u202e"));
});
