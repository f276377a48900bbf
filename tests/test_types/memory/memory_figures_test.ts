import { assertEquals } from "@std/assert";
import type { MemorySampler } from "../../../src/observe/memory_sampler.ts";
import type { MemoryPhase, ServerWork } from "../../../src/results/kinds/memory.ts";
import { memoryFigures } from "../../../src/test_types/memory/memory_figures.ts";
import { type MemoryRun, newRun } from "../../../src/test_types/memory/memory_run.ts";
import { memoryResult } from "../../results/kinds/memory_result.ts";

const MIB = 2 ** 20;
const { fragmentation, scope, phases } = memoryResult();

/** Figures of a run that saw 10 MiB without the model. */
function figuresOf(work: ServerWork | null, footprintBytes = 50 * MIB) {
  const sampler = { scope, gpuAbsence: null } as unknown as MemorySampler;
  const phase = (name: MemoryPhase["name"], cpuBytes: number) => ({ ...phases[0]!, name, cpuBytes });
  const seen = { phases: [phase("absent", 10 * MIB), phase("loaded", 10 * MIB + footprintBytes)], timeline: [] };
  const run = { ...newRun(sampler, {}, () => 0), recorder: seen, work } as unknown as MemoryRun;
  const absences: Record<string, string> = {};
  return { ...memoryFigures(run, fragmentation, absences), absences };
}

Deno.test("memoryFigures() tells no footprint where others do the work: they hold the model", () => {
  assertEquals(figuresOf(null).modelFootprintBytes, 50 * MIB);
  const other = { pid: 7, name: "worker", command: "worker", cpuMs: 900, grownBytes: 0 };
  const { modelFootprintBytes, absences } = figuresOf({ cpuMs: 10, durationMs: 2000, elsewhere: [other] });
  assertEquals(modelFootprintBytes, null);
  assertEquals(absences["modelFootprintBytes"], "the measured processes are not all that do the work");
});

Deno.test("memoryFigures() tells no efficiency of a footprint that may be noise", () => {
  const why = (footprintBytes: number) => figuresOf(null, footprintBytes).absences["requestsPerMb"];
  assertEquals(why(0.04 * MIB), "the footprint is less than 1 MiB");
  assertEquals(why(0), "the footprint is within the noise of nothing");
  assertEquals(why(2 * MIB), undefined);
});
