import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { formatOpenMetrics } from "../../../src/report/openmetrics/format_openmetrics.ts";
import { metricName } from "../../../src/report/openmetrics/metric_name.ts";
import { abResult } from "../../results/kinds/ab_result.ts";
import { memoryResult } from "../../results/kinds/memory_result.ts";
import { reports } from "../fixtures.ts";
import { gpuReports } from "../gpu_fixtures.ts";
import { assertGolden } from "../golden.ts";
import { abReport, capacityReport, loadReport } from "../html/html_fixtures.ts";
import { reportOf } from "../report_of.ts";

// Without the one whose failed windows are copies that share one load, as those of no run do.
const { "all-failed": _, ...others } = reports;
const every = { ...others, ...gpuReports, ab: abReport, capacity: capacityReport, load: loadReport };

Deno.test("formatOpenMetrics() tells the report as the golden text does", async () => {
  await assertGolden("load", formatOpenMetrics(loadReport), "openmetrics");
});

Deno.test("formatOpenMetrics() tells each metric once and each of its series once, by name, unit and value", () => {
  for (const [name, report] of Object.entries(every)) {
    const lines = formatOpenMetrics(report).split("\n");
    assertEquals(lines.slice(-2), ["# EOF", ""], name);
    const types = lines.filter((line) => line.startsWith("# TYPE "));
    assertEquals(new Set(types).size, types.length, name);
    const series = lines.filter((line) => !line.startsWith("#") && line !== "").map((line) =>
      line.replace(/ \S+$/, "")
    );
    assertEquals(new Set(series).size, series.length, name);
    let family = "";
    for (const line of lines.slice(2, -2)) {
      const [, metric, unit] = /^# (?:TYPE|UNIT) (\w+) (\w+)$/.exec(line) ?? [];
      if (line.startsWith("# TYPE")) family = metric!;
      if (line.startsWith("# UNIT")) assert(metric === family && metric.endsWith(`_${unit}`), line);
      if (!line.startsWith("#")) assertMatch(line, new RegExp(`^${family}\\{(?:\\w+="[^"]*",?)+\\} -?\\d[\\d.e+-]*$`));
    }
  }
});

Deno.test("formatOpenMetrics() has times in seconds, quantiles as labels and the ends of intervals beside them", () => {
  const { basic } = reports["whole"]!.tests;
  const text = formatOpenMetrics(reportOf({ basic: basic! }));
  const labels = 'model="resnet18",test="basic",batch_size="1",concurrency="1",quantile="0.95"';
  const { value, low, high } = basic!.latencyMs!.p95;
  const seconds = (ms: number) => Number((ms / 1000).toPrecision(12));
  for (const [part, ms] of [["", value], ["_low", low!], ["_high", high!]] as const) {
    const [, shown = ""] = new RegExp(`^torchgauge_latency${part}_seconds\\{${labels}\\} (\\S+)$`, "m").exec(text) ??
      [];
    assertEquals(Number(Number(shown).toPrecision(12)), seconds(ms), part);
  }
  assertStringIncludes(text, "# UNIT torchgauge_latency_seconds seconds\n");
});

Deno.test("formatOpenMetrics() leaves single samples out, and tells servers, rates and phases apart", () => {
  assert(!formatOpenMetrics(reports["latency-only"]!).includes("cold_start="));
  assertMatch(formatOpenMetrics(abReport), /torchgauge_requests_per_second\{model="resnet18",test="ab",server="B",/);
  assertMatch(formatOpenMetrics(loadReport), /\{model="resnet18",test="load",batch_size="1",rate="100"/);
  assertMatch(
    formatOpenMetrics(reports["whole"]!),
    /torchgauge_memory_bytes\{model="resnet18",test="memory",[^}]*phase="loaded"/,
  );
});

Deno.test("formatOpenMetrics() labels what a second server did with its model and its URL", () => {
  const { b } = abResult();
  const ab = abResult({ b: { ...b, target: { ...b.target, model: "resnet50" } } });
  assertMatch(
    formatOpenMetrics(reportOf({ ab }, { target: ab.a.target })),
    /torchgauge_requests_per_second\{model="resnet50",test="ab",server="B",url="http:\/\/127\.0\.0\.1:8002",/,
  );
});

Deno.test("metricName() makes a name of any counter, and formatOpenMetrics() a label of any model", () => {
  assertEquals(metricName('allocator_active, "large"', "bytes").name, "torchgauge_allocator_active_large_bytes");
  assertEquals(
    metricName("efficiency", "predictions/s per s of latency").name,
    "torchgauge_efficiency_predictions_s_per_s_of_latency",
  );
  assertEquals(metricName("converged", ""), { name: "torchgauge_converged", unit: "", times: 1, quantile: null });
  const report = reportOf({ memory: memoryResult() });
  const text = formatOpenMetrics({ ...report, target: { ...report.target, model: 'a\\b"c\nd' } });
  assertStringIncludes(text, 'model="a\\\\b\\"c\\nd"');
});

Deno.test("formatOpenMetrics() says why a run was cut, and of one that was not nothing of that", () => {
  const { partial } = reports["partial"]!;
  assertMatch(
    formatOpenMetrics(reports["partial"]!),
    new RegExp(`^torchgauge_run_info\\{.*,partial="${partial}"\\} 1$`, "m"),
  );
  assert(!formatOpenMetrics(reports["whole"]!).includes("partial="));
});
