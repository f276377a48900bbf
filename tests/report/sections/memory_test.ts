import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { formatHtml } from "../../../src/report/html/format_html.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import { memoryResult, unusedGpuResult } from "../../results/kinds/memory_result.ts";
import { reportOf } from "../report_of.ts";

Deno.test("a peak that is none of a phase says so, and one of a phase does not", () => {
  const memory = memoryResult(false);
  const phases = memory.phases.map((phase) => ({ ...phase, peakCpuBytes: memory.peak!.cpuBytes - 1 }));
  const peakOf = (result: typeof memory) =>
    formatText(reportOf({ memory: result })).split("\n").find((line) => line.startsWith("• Peak:"))!;
  assertStringIncludes(peakOf({ ...memory, phases }), ", between the phases below");
  const first = { ...phases[0]!, peakCpuBytes: memory.peak!.cpuBytes };
  assertEquals(peakOf({ ...memory, phases: [first, ...phases.slice(1)] }).includes("between"), false);
});

Deno.test("memory that rose, so that a leak cannot be told from what fills once, says that instead of its p", () => {
  const memory = memoryResult(false);
  const growth = { ...memory.growth!, verdict: "cannot tell", pValue: 0.0001 } as const;
  const text = formatText(reportOf({ memory: memoryResult(false, { growth }) })).replace(/\s+/g, " ");
  assertStringIncludes(text, "do not tell a leak from memory that fills once");
  assertEquals(text.includes("p < 0.001"), false);
});

Deno.test("a server that uses no GPU, on a machine that has one, has figures of host memory alone, and says why", () => {
  const report = reportOf({ memory: unusedGpuResult() });
  const text = formatText(report);
  assertMatch(text, /GPU: .*the server uses no GPU/);
  assertStringIncludes(text, "Phases (bar: host memory)");
  for (const page of [text, formatHtml(report)]) assertEquals(page.match(/NaN|GPU [+-]?0\.0 MiB|bar: GPU/g), null);
});

Deno.test("where the driver tells 0 bytes and the allocator more, the answer is that of host memory", () => {
  const { peak, gpu } = memoryResult(true);
  const text = formatText(reportOf({ memory: memoryResult(true, { peak: { ...peak!, gpuBytes: 0 }, gpu: gpu! }) }));
  assertNotMatch(text, /0\.0 MiB at its peak/);
});
