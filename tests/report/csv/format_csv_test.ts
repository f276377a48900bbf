import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "csv-parse/sync";
import { formatCsv } from "../../../src/report/csv/format_csv.ts";
import { runId } from "../../../src/report/csv/run_id.ts";
import type { Report } from "../../../src/results/report.ts";
import { abResult } from "../../results/kinds/ab_result.ts";
import { loadResult } from "../../results/kinds/load_result.ts";
import { memoryResult } from "../../results/kinds/memory_result.ts";
import { scalabilityResult } from "../../results/kinds/scalability_result.ts";
import { failedMeasurement, measurement } from "../../results/window/windows.ts";
import { reports } from "../fixtures.ts";
import { gpuReports } from "../gpu_fixtures.ts";
import { capacityReport } from "../html/html_fixtures.ts";
import { reportOf } from "../report_of.ts";

type Row = Readonly<Record<string, string>>;
const rowsOf = (text: string): Row[] => parse(text, { columns: true, record_delimiter: "\r\n" });

/** The columns that say which run a row is of. */
const ofRun = (report: Report): Row => ({
  run: runId(report),
  tool_version: report.tool.version,
  target: report.target.url,
  model: report.target.model,
  started_at: report.startedAt,
});

function find(rows: readonly Row[], test: string, level: string, metric: string): Row {
  const found = rows.filter((row) => row.test === test && row.level === level && row.metric === metric);
  assertEquals(found.length, 1, `${test} ${level} ${metric}`);
  return found[0]!;
}

Deno.test("formatCsv() carries every estimate in full to a reader of RFC 4180", () => {
  const { tests } = reports.whole!;
  const rows = rowsOf(formatCsv(reports.whole!));
  for (const level of tests.throughput!.levels) {
    const at = String(level.batchSize);
    const row = find(rows, "throughput", at, "predictions_per_second");
    const estimate = level.predictionsPerSecond!;
    assertEquals(row, {
      ...ofRun(reports.whole!),
      batch_size: at,
      concurrency: "1",
      rate: "",
      phase: "",
      partial: "",
      run_partial: "",
      test: "throughput",
      level_name: "batch_size",
      level: at,
      metric: "predictions_per_second",
      unit: "predictions/s",
      value: String(estimate.value),
      low: String(estimate.low),
      high: String(estimate.high),
      confidence: "0.95",
      n: String(estimate.n),
    });
    assertEquals(Number(find(rows, "throughput", at, "latency_p95").value), level.latencyMs!.p95.value);
    assertEquals(find(rows, "throughput", at, "converged").value, level.converged ? "1" : "0");
  }
  for (const level of tests.scalability!.levels) {
    const row = find(rows, "scalability", String(level.concurrency), "littles_law_ratio");
    assertEquals(Number(row.value), level.littlesLawRatio);
  }
  for (const phase of tests.memory!.phases) {
    assertEquals(Number(find(rows, "memory", phase.name, "memory").value), phase.cpuBytes);
  }
  assertEquals(Number(find(rows, "latency", "", "cold_start_overhead").value), tests.latency!.overheadMs!.value);
  assertEquals(Number(find(rows, "basic", "", "server_time_mean").value), tests.basic!.serverMs!.mean.value);
  assertEquals(find(rows, "operating_points", "8 x 4", "predictions_per_second").n, "78");
});

Deno.test("formatCsv() leaves an end that is unknown empty, and what was not measured out", () => {
  const rows = rowsOf(formatCsv(reports.whole!));
  assertEquals(find(rows, "basic", "", "latency_p99").high, "");
  assert(!rows.some(({ metric }) => metric?.includes("gpu")));
  assert(rows.every(({ value }) => value !== "" && Number.isFinite(Number(value))));
});

Deno.test("formatCsv() is tidy: no two rows share test, level and metric", () => {
  for (const report of Object.values(reports)) {
    const keys = rowsOf(formatCsv(report)).map(({ test, level_name, level, metric }) =>
      [test, level_name, level, metric].join()
    );
    assertEquals(new Set(keys).size, keys.length);
  }
});

Deno.test("formatCsv() ends each line with CRLF, the header among them, also without any test", () => {
  assertEquals(
    formatCsv(reportOf({})),
    "test,level_name,level,metric,unit,value,low,high,confidence,n,run,tool_version,target,model,started_at," +
      "batch_size,concurrency,rate,phase,partial,run_partial\r\n",
  );
  for (const report of Object.values(reports)) assertMatch(formatCsv(report), /^(?:[^\r\n]+\r\n)+$/);
});

Deno.test("formatCsv() quotes fields that hold commas or quotes", () => {
  const counter = 'active, "large"';
  const memory = memoryResult(true, { fragmentation: { verdict: "detected", evidence: { [counter]: 7 } } });
  const rows = rowsOf(formatCsv(reportOf({ memory })));
  assertEquals(find(rows, "memory", "", `allocator_${counter}`).value, "7");
});

Deno.test("formatCsv() says in columns of their own which run a row is of, and at which load and in which phase", () => {
  const loadOf = ({ batch_size, concurrency, rate, phase }: Row) => [batch_size, concurrency, rate, phase];
  const soak = { phase: "soak" as const, ...measurement(44, 2, 4) };
  const batches = { phase: "batches" as const, ...measurement(44, 1, 8) };
  const report = reportOf({
    load: loadResult(),
    memory: memoryResult(false, { loads: [batches, soak] }),
    scalability: scalabilityResult(),
    ab: abResult(),
  });
  const rows = rowsOf(formatCsv(report));
  for (const row of rows.filter(({ test }) => test !== "ab")) assertEquals(row, { ...row, ...ofRun(report) });
  assertEquals(loadOf(find(rows, "load", "80", "latency_p99")), ["1", "", "80", ""]);
  assertEquals(loadOf(find(rows, "memory", "batches of 8", "latency_p99")), ["8", "1", "", "batches"]);
  assertEquals(loadOf(find(rows, "memory", "soak", "memory")), ["4", "2", "", "soak"]);
  assertEquals(loadOf(find(rows, "memory", "absent", "memory")), ["", "", "", "absent"]);
  assertEquals(loadOf(find(rows, "scalability", "4", "littles_law_ratio")), ["1", "4", "", ""]);
  assertEquals(loadOf(find(rows, "scalability", "", "max_requests_per_second")), ["", "", "", ""]);
  assertEquals(loadOf(find(rows, "ab", "B", "requests_per_second")), ["1", "1", "", ""]);
});

Deno.test("formatCsv() of two runs makes rows that differ in their run, and of one the same however often", () => {
  const at = (startedAt: string) =>
    rowsOf(formatCsv(reportOf({}, { startedAt, tests: reports.whole!.tests })))[0]!.run!;
  const runs = ["2026-03-04T09:30:00.000Z", "2026-03-04T09:40:00.000Z", "2026-03-04T09:30:00.000Z"].map(at);
  assertEquals(new Set(runs).size, 2);
  assertEquals(runs[0], runs[2]);
  for (const run of runs) assertMatch(run, /^run-[0-9a-f]{12}$/);
});

Deno.test("formatCsv() tells of an open loop what was offered, and whether the server kept up", () => {
  const load = loadResult();
  const rows = rowsOf(formatCsv(reportOf({ load })));
  const valueOf = (level: string, metric: string) => find(rows, "load", level, metric).value;
  assertEquals(find(rows, "load", "80", "saturated").level_name, "offered_rate");
  assertEquals(["40", "80"].map((level) => valueOf(level, "saturated")), ["0", "1"]);
  assertEquals([valueOf("80", "unanswered"), valueOf("80", "due")], ["61", "398"]);
  assertEquals(valueOf("40", "service_time_p95"), String(load.levels[1]!.serviceMs!.p95.value));
  assertEquals([valueOf("", "sustained_rate"), valueOf("40", "offered_rate")], ["40", "39.8"]);
  assert(!rows.some(({ metric }) => metric === "concurrency" || metric?.startsWith("capacity")));
});

Deno.test("formatCsv() holds both servers of an A/B test, the effects and the blocks", () => {
  const ab = abResult();
  const rows = rowsOf(formatCsv(reportOf({ ab })));
  assertEquals(find(rows, "ab", "", "throughput_ratio").value, "1.1");
  assertEquals(Number(find(rows, "ab", "B", "requests_per_second").value), ab.b.requestsPerSecond!.value);
  assertEquals(Number(find(rows, "ab", "2 x A", "requests_per_second").value), ab.blocks[1]!.a.requestsPerSecond);
  assertEquals(find(rows, "ab", "", "concurrency").value, "1");
});

Deno.test("formatCsv() names the server of each row of an A/B test", () => {
  const { b } = abResult();
  const ab = abResult({ b: { ...b, target: { ...b.target, model: "resnet50" } } });
  const rows = rowsOf(formatCsv(reportOf({ ab }, { target: ab.a.target })));
  const of = (level: string, metric: string) => {
    const { target, model } = find(rows, "ab", level, metric);
    return [target, model];
  };
  assertEquals(of("", "throughput_ratio"), [ab.a.target.url, "resnet18"]);
  assertEquals(of("A", "latency_p95"), [ab.a.target.url, "resnet18"]);
  assertEquals(of("B", "latency_p95"), [ab.b.target.url, "resnet50"]);
  assertEquals(of("2 x B", "latency_p95"), [ab.b.target.url, "resnet50"]);
});

Deno.test("formatCsv() counts failures by reason, in the loads of a memory test too", () => {
  const single = { phase: "single", ...measurement(44, 1, 1), failed: 3, failuresByReason: { timeout: 3 } } as const;
  const failed = { ...failedMeasurement(), concurrency: 1, efficiency: null, littlesLawRatio: null };
  const rows = rowsOf(formatCsv(reportOf({
    memory: memoryResult(false, { loads: [single] }),
    scalability: scalabilityResult({}, { levels: [failed] }),
  })));
  assertEquals(find(rows, "memory", "single", "failed_timeout").value, "3");
  assertEquals(find(rows, "scalability", "1", "failed_status").value, "36");
  assert(!rows.some(({ test, metric }) => test === "scalability" && metric?.startsWith("latency")));
});

Deno.test("formatCsv() gives a reading neither ends nor a confidence, and the longest time itself as ends", () => {
  const rows = rowsOf(formatCsv(reports.whole!));
  const footprint = find(rows, "memory", "", "model_footprint");
  assertEquals([footprint.low, footprint.high, footprint.confidence, footprint.n], ["", "", "", ""]);
  const longest = find(rows, "basic", "", "latency_max");
  assertEquals([longest.low, longest.high, longest.n], [longest.value, longest.value, "183"]);
});

Deno.test("formatCsv() holds energy and cost at the fastest and the most efficient load", () => {
  const { efficiency } = gpuReports["gpu-host"]!;
  const rows = rowsOf(formatCsv(gpuReports["gpu-host"]!));
  const found = (level: string, metric: string) => Number(find(rows, "efficiency", level, metric).value);
  assertEquals(["fastest", "most_efficient"].map((level) => found(level, "batch_size")), [16, 64]);
  assertEquals(["fastest", "most_efficient"].map((level) => found(level, "energy_per_prediction")), [0.102, 0.094]);
  assertEquals(found("fastest", "cost_per_million"), efficiency!.fastest.costPerMillion!.value);
  assertEquals(found("", "price_per_hour"), 4.5);
  assertEquals(find(rows, "efficiency", "most_efficient", "energy_per_prediction").unit, "J");
});

Deno.test("formatCsv() holds every trial of a capacity with its rate or concurrency and what it found", () => {
  const rows = rowsOf(formatCsv(capacityReport)).filter(({ level_name }) => level_name?.endsWith("_trial"));
  const trials = new Set(
    rows.map(({ level_name, level, rate, concurrency }) => [level_name, level, rate, concurrency].join(" ")),
  );
  assertEquals([...trials], [
    "rate_trial 12 12 ",
    "rate_trial 25 25 ",
    "rate_trial 50 50 ",
    "concurrency_trial 1  1",
  ]);
  const valuesOf = (metric: string) => rows.filter((row) => row.metric === metric).map(({ value }) => value);
  assertEquals(valuesOf("met"), ["1", "1", "0", "0"]);
  assertEquals(valuesOf("objective_p99"), ["48", "48", "142", "142"]);
  assertEquals(new Set(valuesOf("objective_p99_limit")), new Set(["100"]));
});

Deno.test("formatCsv() says in each row which test and which run broke off", () => {
  const { partial, tests } = reports.partial!;
  assert(partial !== null);
  for (const row of rowsOf(formatCsv(reports.partial!))) {
    assertEquals(row["run_partial"], partial);
    assertEquals(row["partial"], tests[row["test"] as "basic"]?.partial ?? "");
  }
});
