import { assert, assertEquals, assertLess } from "@std/assert";
import { embeddedResults, resultsInPage } from "../../../src/report/html/results_in_page.ts";
import { parseReport } from "../../../src/report/json/parse_report.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { scalabilityResult } from "../../results/kinds/scalability_result.ts";
import { reportOf } from "../report_of.ts";

Deno.test("embeddedResults() thins out timelines alone: of a long sweep every level stays", () => {
  const rates = Object.fromEntries(Array.from({ length: 256 }, (_, k) => [k + 1, 40 + k]));
  const timeline = Array.from({ length: 2000 }, (_, k) => ({ atMs: 22 * k, latencyMs: 20 + k % 17 }));
  const basic = basicResult({ timeline }), scalability = scalabilityResult(rates);
  const { html, isThinned } = embeddedResults(reportOf({ basic, scalability }));
  assert(isThinned);
  const { tests } = parseReport(resultsInPage(`<!doctype html>${html}`)!);
  assertEquals(tests.scalability, scalability);
  const kept = tests.basic!.timeline;
  assertLess(kept.length, timeline.length);
  assertEquals([kept[0], kept.at(-1)], [timeline[0], timeline.at(-1)]);
  assertEquals({ ...tests.basic!, timeline }, basic);
});
