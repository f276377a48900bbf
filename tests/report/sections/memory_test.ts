import { assertEquals, assertStringIncludes } from "@std/assert";
import { formatText } from "../../../src/report/text/format_text.ts";
import { memoryResult } from "../../results/kinds/memory_result.ts";
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
