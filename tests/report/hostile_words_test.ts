/**
 * Every text that a results file may hold is replaced by one that would be a script in a page, a formula in a spreadsheet and
 * a sequence in a terminal. What cannot be any text, such as the name of a test, the reader of results files refuses.
 */
import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { parse } from "csv-parse/sync";
import { marked } from "marked";
import { compare } from "../../src/compare/compare.ts";
import { formatCsv } from "../../src/report/csv/format_csv.ts";
import { formatComparison, formatComparisonCsv } from "../../src/report/format_comparison.ts";
import { formatHtml } from "../../src/report/html/format_html.ts";
import { formatJson } from "../../src/report/json/format_json.ts";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { formatJunit } from "../../src/report/junit/format_junit.ts";
import { formatMarkdown } from "../../src/report/markdown/format_markdown.ts";
import { formatOpenMetrics } from "../../src/report/openmetrics/format_openmetrics.ts";
import { formatText } from "../../src/report/text/format_text.ts";
import type { Report } from "../../src/results/report.ts";
import { gpuReports } from "./gpu_fixtures.ts";
import { abReport, gatedReport } from "./html/html_fixtures.ts";
import { reports } from "./fixtures.ts";
import { markupOf } from "./html/markup_of.ts";

const FORMULAS = ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", " =1", "\t=1", "\uff1d1"];
const HOSTILE =
  `=HYPERLINK("http://evil.example")'></style></title></svg>]]>"><script>alert(1)</script><img src=x onerror=alert(1)>` +
  `&lt;script>\u0000\x1b[31m\u009b2J\u202e\r\n@x`;

/** What may be put in a place. */
type Place = readonly (string | number)[];

/** Places of texts, and of the names of entries, from the root. */
function placesOf(value: unknown, at: Place = []): { texts: Place[]; names: Place[] } {
  if (typeof value === "string") return { texts: [at], names: [] };
  if (typeof value !== "object" || value === null) return { texts: [], names: [] };
  const inner = Object.entries(value).map(([key, each]) =>
    placesOf(each, [...at, Array.isArray(value) ? Number(key) : key])
  );
  const own = Array.isArray(value) ? [] : Object.keys(value).map((key) => [...at, key]);
  return { texts: inner.flatMap(({ texts }) => texts), names: [...own, ...inner.flatMap(({ names }) => names)] };
}

// deno-lint-ignore no-explicit-any -- any JSON
function holderOf(document: any, place: Place): any {
  return place.slice(0, -1).reduce((value, key) => value[key], document);
}

function accepts(text: string): boolean {
  try {
    parseReport(text);
    return true;
  } catch {
    return false;
  }
}

/** The report with every text and every name hostile that its reader takes so, and how many those are. */
function hostile(report: Report): { readonly report: Report; readonly replaced: number } {
  const document = JSON.parse(formatJson(report));
  const { texts, names } = placesOf(document);
  let replaced = 0;
  // Places of one kind are tried once: what holds of one level holds of all.
  const verdicts = new Map<string, boolean>();
  for (const place of texts) {
    const kind = place.map((key) => typeof key === "number" ? "*" : key).join(".");
    const holder = holderOf(document, place), key = place.at(-1)!, before = holder[key];
    holder[key] = HOSTILE;
    if (!verdicts.has(kind)) verdicts.set(kind, accepts(JSON.stringify(document)));
    if (verdicts.get(kind)) replaced++;
    else holder[key] = before;
  }
  // From the innermost: what is renamed is no part of another place any more.
  for (
    const place of names.toReversed().filter((place) => /^(?:evidence|absences|counters)$/.test(String(place.at(-2))))
  ) {
    const holder = holderOf(document, place), key = place.at(-1)!;
    const before = { ...holder };
    holder[`${key}${HOSTILE}`] = holder[key];
    delete holder[key];
    if (accepts(JSON.stringify(document))) {
      replaced++;
      continue;
    }
    for (const name of Object.keys(holder)) delete holder[name];
    Object.assign(holder, before);
  }
  return { report: parseReport(JSON.stringify(document)), replaced };
}

// deno-lint-ignore no-control-regex -- these must not come through
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]/;

function checkCsv(csv: string, name: string): void {
  assertNotMatch(csv, CONTROLS, name);
  for (const field of (parse(csv, { record_delimiter: "\r\n" }) as string[][]).flat()) {
    if (!Number.isFinite(Number(field))) assertNotMatch(field, /^\s*[=+\-@]/, `${name}: ${field}`);
  }
}

const all: Readonly<Record<string, Report>> = { ...reports, ...gpuReports, ab: abReport, gated: gatedReport };

Deno.test("no text of a results file is a script in a page, a formula in a table or a sequence in a terminal", async (t) => {
  for (const [name, of] of Object.entries(all)) {
    await t.step(name, () => {
      const { report, replaced } = hostile(of);
      assert(replaced > 10, `only ${replaced} texts were replaced`);
      const page = markupOf(formatHtml(report));
      assertNotMatch(page, /<(?:script|img)|<[^>]*\sonerror=|&lt;script&gt;alert\(1\)&lt;\/script&gt;<img/i, name);
      assertEquals(page.match(/<\/style>/g)?.length, page.match(/<style>/g)?.length, "no style ends early");
      assertNotMatch(page, CONTROLS, name);
      assertNotMatch(formatText(report), CONTROLS, name);
      checkCsv(formatCsv(report), name);
      const markdown = formatMarkdown(report);
      assertNotMatch(markdown, CONTROLS, name);
      assertNotMatch(
        marked.parse(markdown, { async: false }),
        /<(?:script|img|style)|<a [^>]*href="(?!mailto|http)/i,
        name,
      );
      const junit = formatJunit(report);
      assertNotMatch(junit, CONTROLS, name);
      assertNotMatch(junit, /<script/, name);
      assertNotMatch(formatOpenMetrics(report), CONTROLS, name);
      const comparison = compare(report, report);
      assertNotMatch(formatComparison(comparison, { labels: { a: HOSTILE, b: HOSTILE } }), CONTROLS, name);
      checkCsv(formatComparisonCsv([{ a: HOSTILE, b: HOSTILE, comparison }]), name);
    });
  }
});

Deno.test("a table holds no formula, whatever the files that are compared are called", () => {
  const comparison = compare(reports["whole"]!, gpuReports[Object.keys(gpuReports)[0]!]!);
  for (const formula of FORMULAS) {
    checkCsv(formatComparisonCsv([{ a: formula, b: `${formula}.json`, comparison }]), formula);
  }
});
