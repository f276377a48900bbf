import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { parse } from "csv-parse/sync";
import { bottlenecks } from "../../src/analysis/bottleneck.ts";
import { compare } from "../../src/compare/compare.ts";
import { runDifferences } from "../../src/compare/run_differences.ts";
import { UsageError } from "../../src/core/errors.ts";
import { gateMetrics } from "../../src/objectives/evaluate_gate.ts";
import { gateLevel } from "../../src/objectives/gate_level.ts";
import { LEVEL_METRICS } from "../../src/objectives/metrics.ts";
import { chartsOf, plotWindows } from "../../src/plot/charts_of.ts";
import { plotComparison } from "../../src/plot/comparison.ts";
import { plotOverview } from "../../src/plot/overview.ts";
import { formatCsv } from "../../src/report/csv/format_csv.ts";
import { snakeCase } from "../../src/report/csv/snake_case.ts";
import { formatHtml } from "../../src/report/html/format_html.ts";
import { keyFigures } from "../../src/report/html/key_figures.ts";
import { testSections } from "../../src/report/html/test_html.ts";
import { formatJson } from "../../src/report/json/format_json.ts";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { sectionsOf } from "../../src/report/sections/section_of.ts";
import { windowsSection } from "../../src/report/sections/windows.ts";
import { formatText } from "../../src/report/text/format_text.ts";
import { pageText } from "../../src/report/text/page_text.ts";
import { FIGURES } from "../../src/results/figures.ts";
import { KINDS, RESULT_KINDS, type ResultByKind, type ResultKind, type TestResult } from "../../src/results/kinds.ts";
import type { Kind } from "../../src/results/kinds/kind.ts";
import { isAbsent } from "../../src/results/measured.ts";
import type { Report } from "../../src/results/report.ts";
import type { LoadResult } from "../../src/results/result.ts";
import { windowsOf } from "../../src/results/windows.ts";
import { abResult } from "./kinds/ab_result.ts";
import { basicResult } from "./kinds/basic_result.ts";
import { FIRST_CYCLE, latencyResult, serverStarts } from "./kinds/latency_result.ts";
import { loadResult } from "./kinds/load_result.ts";
import { memoryResult } from "./kinds/memory_result.ts";
import { operatingPointsResult } from "./kinds/operating_points_result.ts";
import { promptsResult } from "./kinds/prompts_result.ts";
import { scalabilityResult } from "./kinds/scalability_result.ts";
import { throughputResult } from "./kinds/throughput_result.ts";
import { measurement } from "./window/windows.ts";
import { reportOf } from "../report/report_of.ts";

/** One result of each kind, which has at least one window. */
const RESULTS: { readonly [K in ResultKind]: ResultByKind[K] } = {
  "basic": basicResult(),
  "latency": latencyResult({ starts: serverStarts(), firstCycle: FIRST_CYCLE }),
  "throughput": throughputResult(),
  "scalability": scalabilityResult(),
  "prompts": promptsResult(),
  "memory": memoryResult(true, { loads: [{ phase: "single", ...measurement(44, 1, 1) }] }),
  "load": loadResult(),
  "operating-points": operatingPointsResult(),
  "ab": abResult(),
};

const reportWith = (kind: ResultKind, overrides: Partial<Report> = {}): Report =>
  reportOf({ [kind]: RESULTS[kind] }, overrides);

const LATER = { startedAt: "2026-03-05T10:00:00.000Z" };
const specOf = (kind: ResultKind) => KINDS[kind] as Kind<TestResult>;

type Row = Readonly<Record<string, string>>;
const rowsOf = (report: Report): Row[] => parse(formatCsv(report), { columns: true, record_delimiter: "\r\n" });

/** The report as JSON, with one object in it replaced. */
function jsonWith(report: Report, object: object, replacement: object): string {
  return JSON.stringify(report, (_, value) => value === object ? replacement : value);
}

/** The same value with the keys of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).toReversed().map(([key, inner]) => [key, reversed(inner)]));
}

/** What a result of every kind must have. A new kind that lacks one of them fails here. */
const CHECKS: Readonly<Record<string, (kind: ResultKind) => void | Promise<void>>> = {
  "has a title, a name for sentences and a question"(kind) {
    const { title, name, question } = KINDS[kind];
    assertMatch(title, /^[A-Z]/);
    assertMatch(name, /^the [a-zA-Z]/);
    assertMatch(question, /^[A-Z].*\?$/);
  },

  "is read as it was written"(kind) {
    const report = reportWith(kind);
    assertEquals(parseReport(formatJson(report)), report);
  },

  "has a schema that knows every field, and so gives each its place in the file"(kind) {
    const report = reportWith(kind);
    assertEquals(formatJson(reversed(report) as Report), formatJson(report));
  },

  "has a schema that refuses each of its windows when it is broken"(kind) {
    const report = reportWith(kind);
    for (const { window } of windowsOf(report.tests)) {
      const faults: [field: string, broken: object][] = [
        ["requests", { ...window, requests: "many" }],
        ["load", { ...window, load: { kind: "sideways" } }],
        ["latencyFrom", { ...window, latencyFrom: undefined }],
        ["latencyMs", { ...window, latencyMs: { n: 1 } }],
      ];
      for (const [field, broken] of faults) {
        const error = assertThrows(() => parseReport(jsonWith(report, window, broken)), UsageError);
        assertMatch(error.message, new RegExp(`tests\\.${kind}\\..*${field}`));
      }
    }
  },

  "gives its windows, each with its load, under a level of its own"(kind) {
    const windows = windowsOf(reportWith(kind).tests);
    assert(windows.length > 0);
    for (const { window } of windows) assertEquals(window.latencyFrom, window.load.kind === "open" ? "due" : "sent");
    assertEquals(new Set(windows.map(({ level }) => level)).size, windows.length);
    if (windows.length > 1) assert(KINDS[kind].axis !== null);
    assert(windows.every((found) => found.kind === kind));
  },

  "has a level that a gate is about where a gate takes metrics of a level from it"(kind) {
    const isTaken = gateMetrics([kind]).some((metric) => LEVEL_METRICS.includes(metric));
    assertEquals(gateLevel(reportWith(kind).tests)?.place.test ?? null, isTaken ? kind : null);
  },

  "has a card of its throughput where one of its windows stands for it"(kind) {
    const card = keyFigures(reportWith(kind).tests).find(({ label }) => /^Throughput(, at least)?$/.test(label));
    assertEquals(card?.source ?? null, KINDS[kind].best === null ? null : kind);
  },

  "is searched for want of memory wherever its requests failed"(kind) {
    const report = reportWith(kind);
    for (const { window, level } of windowsOf(report.tests)) {
      const failed = { ...window, failureExamples: { status: "CUDA out of memory" } };
      const { tests } = JSON.parse(jsonWith(report, window, failed));
      const found = bottlenecks(tests).find(({ bottleneck }) => bottleneck === "memory");
      assertEquals(found?.evidence, { test: kind, level, message: "CUDA out of memory" });
    }
  },

  "has a row in CSV for each of its figures and windows, no two alike"(kind) {
    const report = reportWith(kind);
    const rows = rowsOf(report);
    const keys = rows.map(({ test, level_name, level, metric }) => [test, level_name, level, metric].join());
    assertEquals(new Set(keys).size, keys.length);
    const test = kind.replaceAll("-", "_");
    for (const { id, unit, read } of FIGURES.filter((figure) => figure.kind === kind && figure.of === "result")) {
      const measured = read(report.tests);
      const found = rows.filter((row) => row.test === test && row.level === "" && row.metric === id);
      assertEquals(
        found.map((row) => [Number(row.value), row.unit]),
        isAbsent(measured) ? [] : [[measured.value, unit]],
        id,
      );
    }
    for (const { level, window } of windowsOf(report.tests)) {
      const of = (metric: string) =>
        rows.find((row) => row.test === test && row.level === String(level ?? "") && row.metric === metric)?.value;
      assertEquals(of("requests"), String(window.requests));
      assertEquals(of("latency_p95"), String(window.latencyMs!.p95.value));
      assertEquals(of("converged"), window.converged ? "1" : "0");
    }
  },

  "has a row in CSV for each of its other numbers"(kind) {
    const report = reportWith(kind);
    const rows = rowsOf(report);
    for (const { at, values } of specOf(kind).details?.(RESULTS[kind]) ?? []) {
      for (const { id, unit, value } of values) {
        const found = rows.filter((row) =>
          row.test === kind && row.metric === snakeCase(id) &&
          row.level_name === (at?.axis ?? "") && row.level === String(at?.level ?? "")
        );
        const number = typeof value === "object" ? value?.value : value;
        assertEquals(
          found.map((row) => [Number(row.value), row.unit]),
          number === undefined || number === null ? [] : [[number, unit]],
          id,
        );
      }
    }
  },

  "compares what it recommends among its levels"(kind) {
    const { choice, windows } = specOf(kind);
    const { choices } = compare(reportWith(kind), reportWith(kind, LATER));
    const chosen = choice?.read(RESULTS[kind]) ?? null;
    assertEquals(choices, choice ? [{ what: choice.label, a: chosen, b: chosen, withinNoise: true }] : []);
    if (choice === undefined) return;
    const levels = windows(RESULTS[kind]).map(({ level }) => level);
    assert([chosen, ...choice.equivalents(RESULTS[kind])].every((level) => levels.includes(level)));
  },

  "tells each circumstance in which another run differs"(kind) {
    const { circumstances = [] } = specOf(kind);
    const latency = { cold: { samples: [] }, firstCycle: undefined, starts: { samples: [], pageCache: "dropped" } };
    const search = { probes: [] };
    const load = { levels: [], capacity: { objectives: "p99<1ms", rate: search, concurrency: search } };
    const other = { ...RESULTS[kind], ...load, ...latency, scope: { source: "server-metrics" }, lengthIn: "words" };
    const differences = runDifferences(reportWith(kind), reportOf({ [kind]: other }));
    assertEquals(differences.map(({ what }) => what).toSorted(), circumstances.map(({ what }) => what).toSorted());
  },

  "tells of each of its servers how the client fared and what is missing"(kind) {
    const html = formatHtml(reportWith(kind));
    for (const { title, absences } of specOf(kind).sides?.(RESULTS[kind]) ?? []) {
      assertStringIncludes(html, `>${title}<`);
      for (const reason of Object.values(absences)) assertStringIncludes(html, reason);
    }
  },

  "compares with another run of the same command"(kind) {
    const { figures, incomparable } = compare(reportWith(kind), reportWith(kind, LATER));
    assertEquals(incomparable, []);
    assert(figures.length > 0);
    assert(figures.every(({ test, a, b }) => test === kind && a?.value === b?.value));
  },

  "has a section of its own in the text, under its title"(kind) {
    const [section, ...others] = sectionsOf(reportWith(kind).tests);
    assertEquals([section!.kind, others], [kind, []]);
    const [heading, ...blocks] = section!.blocks;
    assert(heading!.kind === "heading" && heading!.level === 2);
    assertStringIncludes(heading!.title.toLowerCase(), KINDS[kind].title.toLowerCase());
    assert(blocks.some((block) => block.kind === "table" || block.kind === "facts"));
    assertStringIncludes(formatText(reportWith(kind)), heading!.title.toUpperCase());
  },

  "has a section in the page, with its question, a picture and its figures"(kind) {
    const [section, ...others] = testSections(reportWith(kind).tests);
    assertEquals([section!.id, section!.title, others], [kind, KINDS[kind].title, []]);
    const { html } = section!;
    assert(html.startsWith(`<p class="question">${KINDS[kind].question}</p>`));
    assertMatch(html, /<svg[^]*?<title>[^<]+<\/title>/);
    assertMatch(html, /<dd>|<table>/);
    assertStringIncludes(formatHtml(reportWith(kind)), `<section id="${kind}"`);
  },

  "has a chart that says in words what it shows"(kind) {
    const [chart] = chartsOf(kind, RESULTS[kind]);
    assertStringIncludes(chart!.svg, `<title>${chart!.title}</title>`);
    assertMatch(chart!.description, /\d/);
  },

  "has a place in the overview of a run"(kind) {
    const empty = plotOverview(reportOf({})), overview = plotOverview(reportWith(kind));
    assertStringIncludes(empty.svg, "No test was run");
    assert(!overview.svg.includes("No test was run"));
  },

  "can be drawn over another of its kind"(kind) {
    const { description, svg } = plotComparison<TestResult>({ first: RESULTS[kind], second: RESULTS[kind] });
    assertMatch(description, /first[^]*second/);
    assert(!/Left out|Nothing/.test(svg));
  },
};

for (const kind of RESULT_KINDS) {
  for (const [words, check] of Object.entries(CHECKS)) {
    Deno.test(`a result of the kind ${kind} ${words}`, () => check(kind));
  }
}

Deno.test("a report of all kinds at once is read as it was written, in the order of the kinds", () => {
  const report = reportOf(RESULTS);
  assertEquals(parseReport(formatJson(report)), report);
  const tests = [...new Set(rowsOf(report).map(({ test }) => test))];
  assertEquals(tests, RESULT_KINDS.map((kind) => kind.replaceAll("-", "_")));
});

/** What a new kind is before anybody wrote a section and a chart for it. */
const NEW_KIND: Kind<LoadResult> = {
  ...KINDS.load,
  title: "Endurance",
  question: "Does it last?",
  axis: { label: "hour", id: "hour" },
  windows: ({ levels }) => levels.map((window, hour) => ({ level: hour + 1, window })),
  best: ({ levels: [first] }) => ({ level: 1, window: first! }),
};

Deno.test("a kind without a section of its own is told by its figures and its windows", () => {
  const text = pageText(windowsSection(NEW_KIND, RESULTS.load));
  assertMatch(text, /^ENDURANCE TEST RESULTS\n/);
  assertStringIncludes(text, "Sustained rate: 40 req/s");
  assertStringIncludes(text, "Capacity: not measured: no objectives were given");
  assertMatch(text, /By hour:\n⭐ 1: 20\.\d+ req\/s .*\n {3}2: 39/);
});

Deno.test("a kind without a chart of its own is drawn by its windows", () => {
  const { title, description, svg } = plotWindows(NEW_KIND, RESULTS.load);
  assertEquals(title, "Endurance");
  assertStringIncludes(description, "Does it last?");
  for (const words of ["hour 1", "hour 3", ">best<"]) assertStringIncludes(svg, words);
});

Deno.test("a kind whose windows are all that is known of it has a section and a chart", () => {
  const bare: Kind<LoadResult> = { ...NEW_KIND, axis: null, best: null, figures: [], windows: () => [] };
  assertEquals(pageText(windowsSection(bare, RESULTS.load)).trim().split("\n").length, 2);
  assertStringIncludes(plotWindows(bare, RESULTS.load).svg, "Nothing was measured");
});
