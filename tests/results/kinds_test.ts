import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { parse } from "csv-parse/sync";
import { compare } from "../../src/compare/compare.ts";
import { UsageError } from "../../src/core/errors.ts";
import { formatCsv } from "../../src/report/csv/format_csv.ts";
import { formatJson } from "../../src/report/json/format_json.ts";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { FIGURES } from "../../src/results/figures.ts";
import { KINDS, RESULT_KINDS, type ResultByKind, type ResultKind } from "../../src/results/kinds.ts";
import { isAbsent } from "../../src/results/measured.ts";
import type { Report } from "../../src/results/report.ts";
import { windowsOf } from "../../src/results/windows.ts";
import {
  abResult,
  basicResult,
  latencyResult,
  loadResult,
  measurement,
  memoryResult,
  operatingPointsResult,
  scalabilityResult,
  throughputResult,
} from "../report/builders.ts";
import { reportOf } from "../report/report_of.ts";

/** One result of each kind, which has at least one window. */
const RESULTS: { readonly [K in ResultKind]: ResultByKind[K] } = {
  "basic": basicResult(),
  "latency": latencyResult(),
  "throughput": throughputResult(),
  "scalability": scalabilityResult(),
  "memory": memoryResult(true, { loads: [{ phase: "single", ...measurement(44, 1, 1) }] }),
  "load": loadResult(),
  "operating-points": operatingPointsResult(),
  "ab": abResult(),
};

const reportWith = (kind: ResultKind, overrides: Partial<Report> = {}): Report =>
  reportOf({ [kind]: RESULTS[kind] }, overrides);

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

  "compares with another run of the same command"(kind) {
    const later = reportWith(kind, { startedAt: "2026-03-05T10:00:00.000Z" });
    const { figures, incomparable } = compare(reportWith(kind), later);
    assertEquals(incomparable, []);
    assert(figures.length > 0);
    assert(figures.every(({ test, a, b }) => test === kind && a?.value === b?.value));
  },
  // Its text section, its HTML section, its chart and its place in the overview are checked here as well, a row each, as
  // soon as all three loop over the kinds.
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
