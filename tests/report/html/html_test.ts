import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import { formatHtml } from "../../../src/report/html/format_html.ts";
import { PAGE_SCRIPT } from "../../../src/report/html/page_script.ts";
import { resultsInPage } from "../../../src/report/html/results_in_page.ts";
import { formatJson } from "../../../src/report/json/format_json.ts";
import { parseReport } from "../../../src/report/json/parse_report.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import { plainText } from "../../../src/words/inline.ts";
import { recommendationInWords } from "../../../src/words/recommendation_in_words.ts";
import { sentenceOf } from "../../../src/words/statement.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { memoryResult } from "../../results/kinds/memory_result.ts";
import { scalabilityResult } from "../../results/kinds/scalability_result.ts";
import { throughputResult } from "../../results/kinds/throughput_result.ts";
import { failedMeasurement } from "../../results/window/windows.ts";
import { reports } from "../fixtures.ts";
import { gpuReports } from "../gpu_fixtures.ts";
import { reportOf } from "../report_of.ts";
import { markupOf } from "./markup_of.ts";
import { abReport, capacityReport, gatedReport, hostileReport, loadReport } from "./html_fixtures.ts";

const every = Object.entries({
  ...reports,
  ...gpuReports,
  hostile: hostileReport,
  load: loadReport,
  capacity: capacityReport,
  gated: gatedReport,
  ab: abReport,
});
const whole = new Map(every.map(([name, report]) => [name, formatHtml(report)]));
/** The pages without their script and the results that they hold, which say everything once more. */
const pages = new Map([...whole].map(([name, page]) => [name, markupOf(page)]));

/** What a reader sees of the page, charts apart; one space between words. */
function textOf(html: string): string {
  const entities: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"' };
  return html
    .replace(/<(style|title)>.*?<\/\1>/gs, " ")
    .replace(/<svg.*?<\/svg>/gs, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/&(?:amp|lt|gt|quot);/g, (entity) => entities[entity]!)
    .replace(/\s+/g, " ");
}

/** Words and numbers alone, so that two ways of setting them compare. */
const wordsOf = (text: string): readonly string[] =>
  text.toLowerCase().replace(/(\d),(?=\d{3})/g, "$1").match(/[\p{L}\p{N}]+/gu) ?? [];

for (const [name, html] of pages) {
  Deno.test(`formatHtml() makes of the report "${name}" one small file that runs no foreign script and fetches nothing`, () => {
    assertMatch(html, /^<!doctype html>\n<html lang="en">/);
    assertLess(whole.get(name)!.length, 2 ** 20);
    const withoutText = html.replace(/>[^<]*</g, "><");
    assertNotMatch(withoutText, /<(?:script|img|iframe|object|embed|form)\b| on\w+=|@import|url\(/i);
    for (const [, link] of withoutText.matchAll(/ (?:href|src|xlink:href)="([^"]*)"/g)) {
      assertMatch(link!, /^(?:#|data:,$)/);
    }
  });

  Deno.test(`formatHtml() closes what it opens in the report "${name}", and its links lead somewhere`, () => {
    const open: string[] = [];
    for (const [, closing, tag, attributes] of html.matchAll(/<(\/?)([a-zA-Z][\w-]*)((?:[^>"]|"[^"]*")*)>/g)) {
      if (closing) assertEquals(open.pop(), tag);
      else if (!/^(?:meta|link|br)$/.test(tag!) && !attributes!.endsWith("/")) open.push(tag!);
    }
    assertEquals(open, []);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!);
    assertEquals(ids.length, new Set(ids).size);
    for (const [, id] of html.matchAll(/ (?:href="#|aria-labelledby=")([^"]*)"/g)) assert(ids.includes(id!), id);
  });

  Deno.test(`formatHtml() orders the headings of the report "${name}" and names its charts and tables`, () => {
    const levels = [...html.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    assertEquals(levels.filter((level) => level === 1).length, 1);
    levels.forEach((level, index) => assertLessOrEqual(level, (levels[index - 1] ?? 0) + 1));
    for (const [chart] of html.matchAll(/<svg.*?<\/svg>/gs)) {
      assertMatch(chart, /role="img"/);
      assertMatch(chart, /<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
    }
    for (const [table] of html.matchAll(/<table>.*?<\/table>/gs)) {
      assertMatch(table, /<th scope="col"/);
      assertMatch(table, /<th scope="row"/);
    }
    for (const [, name] of html.matchAll(/class="scroll"[^>]* aria-label="([^"]*)"/g)) assert(name !== "");
  });

  Deno.test(`formatHtml() is free of programmers' words in the report "${name}"`, () => {
    assertNotMatch(textOf(html), /\b(?:NaN|null|undefined|Infinity|true|false)\b|\[object/);
  });
}

for (const [name, report] of every) {
  Deno.test(`formatHtml() says every word and number that formatText() says of the report "${name}"`, () => {
    const page = new Set(wordsOf(textOf(pages.get(name)!)));
    // Of tables the text says what a column is beside each cell, the page above them.
    const left = new Set([
      "eff",
      "level",
      "ok",
      "pred",
      "analysis",
      "comprehensive",
      "results",
      "test",
      "avg",
      "basic",
      "summary",
      "answer",
    ]);
    const missing = wordsOf(formatText(report, { width: 10_000 })).filter((word) => !page.has(word) && !left.has(word));
    assertEquals(missing, []);
  });

  Deno.test(`formatHtml() gives each recommendation of the report "${name}" with its evidence and where that stands`, () => {
    const items = [...pages.get(name)!.matchAll(/<ol class="actions">(.*?)<\/ol>/gs)]
      .flatMap(([, list]) => [...list!.matchAll(/<li.*?<\/li>/gs)].map(([item]) => item));
    assertEquals(items.length, report.recommendations.length);
    report.recommendations.forEach((recommendation, index) => {
      const words = wordsOf(textOf(items[index]!));
      for (const word of wordsOf(plainText(sentenceOf(recommendationInWords(recommendation))))) {
        assert(words.includes(word), word);
      }
      assertMatch(items[index]!, /Evidence: <a href="#/);
    });
  });
}

Deno.test("formatHtml() begins a partial report with what is missing", () => {
  const text = textOf(pages.get("partial")!);
  const at = text.indexOf("PARTIAL RESULTS: interrupted during the throughput test. Complete: basic and latency.");
  assertGreater(at, 0);
  assertLess(at, text.indexOf("Recommendations"));
  assertStringIncludes(text, "Tests that are not in this report scalability and memory");
});

Deno.test("formatHtml() says what was not measured and why", () => {
  const text = textOf(pages.get("no-gpu-remote")!);
  assertStringIncludes(text, "Latency, cold starts the server has no way to unload a model");
  assertStringIncludes(text, "Memory, the server's memory the server runs on another host and reports no memory");
});

Deno.test("formatHtml() makes the same page of a report and of its results file", () => {
  const report = reportOf({
    memory: memoryResult(false, { absences: { gpu: "there is none", cycles: "not asked for" } }),
  });
  assertEquals(formatHtml(parseReport(formatJson(report))), formatHtml(report));
});

Deno.test("formatHtml() tells the machine, the command and what every number rests on", () => {
  const text = textOf(pages.get("gpu")!);
  assertStringIncludes(text, "GPU NVIDIA A10G, 22.2 GiB, driver 550.90.07");
  assertStringIncludes(text, "deno task comprehensive --url http://10.0.0.12:8000 --model resnet50");
  assertStringIncludes(text, "Every load that was measured");
  assertStringIncludes(text, "How the client fared");
});

Deno.test("formatHtml() escapes whatever a server, a user or a machine can say", () => {
  const html = pages.get("hostile")!;
  assertNotMatch(html, /<script|<img|<b style/);
  // deno-lint-ignore no-control-regex -- these must not come through
  assertNotMatch(html, /[\u0000\u202e]/);
  assertStringIncludes(html, "<title>&quot;&gt;&lt;script&gt;");
});

Deno.test("formatHtml() takes words of a server that look like numbers for words", () => {
  const failed = { ...failedMeasurement(), failureExamples: { status: "waited 30 s [1, 2] ✓" } };
  const html = formatHtml(reportOf({ basic: basicResult({ ...failed, firstByteMs: null, serverMs: null }) }));
  assertStringIncludes(html, "36 status (&quot;waited 30 s [1, 2] ✓&quot;)");
});

Deno.test("formatHtml() writes objectives as they were given, with their verdicts beside them", () => {
  assertMatch(pages.get("gated")!, /<dt>p95&lt;200ms<\/dt><dd class="good"><span class="badge">Good<\/span> met: /);
});

Deno.test("formatHtml() gives the command a part of its own and no row among the facts of the run", () => {
  const html = pages.get("whole")!;
  assertStringIncludes(html, '<pre tabindex="0"><code>deno task comprehensive --model resnet18</code></pre>');
  assertNotMatch(html, /<dt>Command<\/dt>/);
});

Deno.test("a page allows its own script alone, by its hash", async () => {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(PAGE_SCRIPT));
  const hash = new Uint8Array(digest).toBase64();
  assertMatch(pages.get("whole")!, /content="default-src 'none'; [^"]*script-src '[^']*'"/);
  assertStringIncludes(pages.get("whole")!, `script-src 'sha256-${hash}'"`);
  assertNotMatch(PAGE_SCRIPT, /innerHTML|insertAdjacent|fetch\(|eval|document\.write/);
});

Deno.test("a page holds the results file, which is read from it again whatever the report holds", () => {
  for (const [name, report] of every) {
    const page = whole.get(name)!;
    assertEquals(parseReport(resultsInPage(page)!), parseReport(formatJson(report)), name);
  }
  assertEquals(resultsInPage(formatJson(reports["whole"]!)), null);
  assertThrows(() => resultsInPage(pages.get("whole")!), UsageError, "this one holds none");
});

Deno.test("formatHtml() stays under 1.5 MB for a run with many levels and full timelines", () => {
  const rates = Object.fromEntries(Array.from({ length: 64 }, (_, k) => [k + 1, 40 + k]));
  const timeline = Array.from({ length: 2000 }, (_, k) => ({ atMs: 22 * k, latencyMs: 20 + k % 17 }));
  const html = formatHtml(reportOf({
    basic: basicResult({ timeline }),
    throughput: throughputResult(rates),
    scalability: scalabilityResult(rates),
    memory: memoryResult(true, {
      timeline: Array.from({ length: 20_000 }, (_, k) => ({
        atMs: k,
        cpuBytes: 2 ** 28 + 2 ** 16 * (k % 97),
        gpuBytes: 2 ** 30,
        completedRequests: k,
      })),
    }),
  }));
  assertLess(html.length, 1.5 * 2 ** 20);
  const { memory } = parseReport(resultsInPage(html)!).tests;
  const [first, last] = [memory!.timeline[0]!, memory!.timeline.at(-1)!];
  assertEquals([first.atMs, last.atMs], [0, 19_999]);
  assertStringIncludes(html, "Its longest timelines are thinned out, to keep the page small.");
});
