/** Whether programs that people have read what is written, in a Python environment of their own. */
import { assertEquals, assertMatch } from "@std/assert";
import { formatCsv } from "../../src/report/csv/format_csv.ts";
import { runId } from "../../src/report/csv/run_id.ts";
import { formatJunit } from "../../src/report/junit/format_junit.ts";
import { formatOpenMetrics } from "../../src/report/openmetrics/format_openmetrics.ts";
import type { Report } from "../../src/results/report.ts";
import { askedRate } from "../../src/results/window/asked_rate.ts";
import { reports } from "../report/fixtures.ts";
import { abReport, gatedReport, loadReport } from "../report/html/html_fixtures.ts";
import { liveEnvironment } from "./environment.ts";

const environment = liveEnvironment("readers");

/** Runs with little in common: where one has rates another has none, and levels are numbers here and words there. */
const runs: Readonly<Record<string, Report>> = Object.fromEntries(
  Object.entries({
    load: loadReport,
    whole: reports["whole"]!,
    throughput: reports["throughput-only"]!,
    latency: reports["latency-only"]!,
    memory: reports["gpu-memory-only"]!,
    ab: abReport,
    gated: { ...gatedReport, target: { ...gatedReport.target, model: 'a <b> & "c\\d"\x07 \u202e' } },
  }).map(([name, report], hour) => [name, { ...report, startedAt: `2026-03-04T0${hour}:30:00.000Z` }]),
);

/** Writes each run into a folder, and gives what a Python program there makes of it. */
async function readBy(script: string, ending: string, format: (report: Report) => string): Promise<unknown> {
  if (typeof environment === "string") throw new Error(environment);
  const folder = await Deno.makeTempDir({ prefix: "torchgauge-test-" });
  try {
    for (const [name, report] of Object.entries(runs)) {
      await Deno.writeTextFile(`${folder}/${name}.${ending}`, format(report));
    }
    const args = [environment.pathTo(`python/${script}`), folder];
    const { success, stdout, stderr } = await new Deno.Command(environment.python, { args }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "the CSV files of many runs make one table of typed columns in DuckDB and in pandas",
  ignore: typeof environment === "string",
  fn: async () => {
    // deno-lint-ignore no-explicit-any -- what Python wrote
    const { duckdb, pandas } = await readBy("read_csv.py", "csv", formatCsv) as any;
    const rows = Object.values(runs).reduce((sum, report) => sum + formatCsv(report).split("\r\n").length - 2, 0);
    assertEquals([duckdb.rows, pandas.rows], [rows, rows]);
    assertEquals([duckdb.runs, pandas.runs], [7, 7]);
    for (const name of ["test", "level", "metric", "unit", "run", "tool_version", "target", "model", "phase"]) {
      assertEquals(duckdb.types[name], "VARCHAR", name);
      assertEquals(pandas.types[name], "object", name);
    }
    for (const name of ["value", "low", "high", "confidence", "n", "batch_size", "concurrency", "rate"]) {
      assertMatch(duckdb.types[name], /^(?:DOUBLE|BIGINT)$/, name);
      assertEquals(pandas.types[name], "float64", name);
    }
    assertEquals([duckdb.types.batch_size, duckdb.types.concurrency], ["BIGINT", "BIGINT"]);
    assertEquals(duckdb.types.started_at, "TIMESTAMP WITH TIME ZONE");
    assertEquals(pandas.types.started_at, "datetime64[ns, UTC]");
    const asked = loadReport.tests.load!.levels.map((level) => [askedRate(level), level.latencyMs!.p95.value] as const);
    assertEquals(
      duckdb.byRate,
      asked.filter(([rate]) => rate >= 40).map(([rate, p95]) => [loadReport.target.model, rate, p95]),
    );
    const sweep = runs["whole"]!.tests.scalability!.levels.map(({ requestsPerSecond }) => requestsPerSecond!.value);
    assertEquals(pandas.sweep[runId(runs["whole"]!)], sweep);
  },
});

Deno.test({
  name: "OpenMetrics files are read by the parser of Prometheus' client, their units and quantiles among it",
  ignore: typeof environment === "string",
  fn: async () => {
    // deno-lint-ignore no-explicit-any -- what Python wrote
    const read = await readBy("read_metrics.py", "txt", formatOpenMetrics) as any;
    assertEquals(Object.keys(read).sort(), Object.keys(runs).sort());
    for (const name of Object.keys(runs)) assertEquals(read[name].types, ["gauge", "info"], name);
    assertEquals(read.whole.units["torchgauge_latency_seconds"], "seconds");
    assertEquals(read.whole.units["torchgauge_requests_per_second"], "requests_per_second");
    const p99 = loadReport.tests.load!.levels.map(({ latencyMs }) => latencyMs!.p99.value);
    assertEquals(
      read.load.p99.map(([, value]: [string, number]) => (1000 * value).toPrecision(12)),
      p99.map((ms) => ms.toPrecision(12)),
    );
  },
});

Deno.test({
  name: "JUnit files are XML, and count their cases",
  ignore: typeof environment === "string",
  fn: async () => {
    // deno-lint-ignore no-explicit-any -- what Python wrote
    const read = await readBy("read_junit.py", "xml", formatJunit) as any;
    for (const name of Object.keys(runs)) {
      assertEquals([read[name].root, read[name].counted], ["testsuites", read[name].found], name);
    }
    assertEquals(read.gated.names.slice(1, 4), ["p95<200ms", "errors<1%", "throughput>500req/s"]);
  },
});
