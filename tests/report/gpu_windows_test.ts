import { assert, assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { compare } from "../../src/compare/compare.ts";
import { chartsOf } from "../../src/plot/charts_of.ts";
import { formatCsv } from "../../src/report/csv/format_csv.ts";
import { formatHtml } from "../../src/report/html/format_html.ts";
import { formatText } from "../../src/report/text/format_text.ts";
import type { GpuUse } from "../../src/results/window/gpu_use.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { gpuUse } from "../results/window/gpu_use.ts";
import { measurement } from "../results/window/windows.ts";
import { memoryResult } from "../results/kinds/memory_result.ts";
import { h200 } from "../results/window/gpu_use.ts";
import { gpuReport } from "./gpu_report.ts";
import { reportOf } from "./report_of.ts";
import { markupOf } from "./html/markup_of.ts";

const REASON = "no driver of a GPU is installed";
const absent = { gpu: null, absences: { gpu: REASON } };
const throughput = throughputResult();
const without = reportOf({
  basic: basicResult(absent),
  throughput: {
    ...throughput,
    absences: absent.absences,
    levels: throughput.levels.map((level) => ({ ...level, gpu: null })),
  },
});

Deno.test("a report without a GPU says why once on its page, and nothing of GPUs elsewhere", () => {
  const page = markupOf(formatHtml(without));
  assertEquals(page.split(REASON).length - 1, 1);
  assertStringIncludes(page, "Basic and Throughput, GPU");
  assertNotMatch(formatText(without, { parts: ["results", "analysis"] }), /GPU/);
  assertNotMatch(formatCsv(without), /gpu|energy/);
  assertEquals(chartsOf("throughput", without.tests.throughput!).length, 1);
});

Deno.test("a report with a GPU tells power, utilisation and energy of each level as a table of figures", () => {
  const rows = formatCsv(gpuReport).split("\r\n").filter((row) => row.startsWith("throughput,batch_size,64,"));
  const metrics = rows.map((row) => row.split(",")[3]!);
  for (
    const metric of ["energy_per_prediction", "gpu_power", "gpu_utilization", "gpu_sm_clock", "gpu_throttled_by_power"]
  ) {
    assert(metrics.includes(metric), metric);
  }
  assertMatch(rows.find((row) => row.includes("energy_per_prediction"))!, /,J,0\.094,/);
});

Deno.test("a report names the devices of each level where the server came to compute on others", () => {
  const textOf = (...uses: readonly Partial<GpuUse>[]) => {
    const levels = throughput.levels.slice(0, uses.length).map((level, i) => ({ ...level, gpu: gpuUse(uses[i]) }));
    return formatText(reportOf({ throughput: { ...throughput, levels } }));
  };
  const all = { devices: [0, 1], by: "variables" } as const;
  const moved = textOf(all, { devices: [1], by: "processes" });
  assertStringIncludes(moved, "The GPU at Each Level: by NVML\n");
  assertStringIncludes(moved, "devices 0, 1, of all programs on the cards");
  assertMatch(moved, /device 1$/m);
  assertNotMatch(moved, /at rest/);
  const same = textOf(all, all);
  assertStringIncludes(same, "devices 0, 1 by NVML, of all programs on the cards, 125 W at rest");
  assertEquals(same.split("devices 0, 1").length, 2);
});

Deno.test("the loads of a memory test tell what the GPU did, each batch size by itself", () => {
  const load = (phase: "single" | "batches", batchSize: number) => ({
    ...measurement(100, 1, batchSize),
    phase,
    gpu: h200(batchSize),
  });
  const loads = [load("single", 1), load("batches", 4), load("batches", 64)];
  const text = formatText(reportOf({ memory: memoryResult(true, { loads }) }));
  for (const name of ["single", "batches of 4", "batches of 64"]) {
    assertMatch(text, new RegExp(`^ *${name} +\\d+% busy .* J/pred`, "m"), text);
  }
  const none = formatText(
    reportOf({ memory: memoryResult(true, { loads: loads.map((each) => ({ ...each, gpu: null })) }) }),
  );
  assertNotMatch(none, /% busy/);
});

Deno.test("compare() holds the energy of two runs against each other, and leaves it out where neither has it", () => {
  const runOf = (startedAt: string, gpu: ReturnType<typeof gpuUse> | null) =>
    reportOf({ basic: basicResult({ startedAt, gpu }) }, { startedAt });
  const energyIn = (a: ReturnType<typeof runOf>, b: ReturnType<typeof runOf>) =>
    compare(a, b).figures.find(({ name }) => name === "energy a prediction");
  const less = gpuUse({ energyPerPrediction: { value: 0.3, low: 0.28, high: 0.32, level: 0.95, n: 22 } });
  assertEquals(energyIn(runOf("2026-03-04", gpuUse()), runOf("2026-03-05", less))?.verdict, "better");
  assertEquals(energyIn(runOf("2026-03-04", gpuUse()), runOf("2026-03-05", null))?.verdict, "cannot tell");
  assertEquals(energyIn(runOf("2026-03-04", null), runOf("2026-03-05", null)), undefined);
});
