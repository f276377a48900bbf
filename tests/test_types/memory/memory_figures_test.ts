import { assertEquals } from "@std/assert";
import { SampleTable } from "../../../src/core/sample.ts";
import type { MemorySampler } from "../../../src/observe/memory_sampler.ts";
import type { MemoryPhase, ServerWork } from "../../../src/results/kinds/memory.ts";
import { memoryFigures } from "../../../src/test_types/memory/memory_figures.ts";
import { type MemoryRun, newRun } from "../../../src/test_types/memory/memory_run.ts";
import { sampleRow } from "../../core/sample_row.ts";
import { RUN } from "../../measure/window/scripted_run.ts";
import { calmUse } from "../../results/result_base.ts";
import { memoryResult } from "../../results/kinds/memory_result.ts";

const MIB = 2 ** 20;
const { fragmentation, scope, phases } = memoryResult();

/** Figures of a run that saw 10 MiB without the model. */
function figuresOf(work: ServerWork | null, footprintBytes = 50 * MIB, more: Partial<MemoryRun> = {}) {
  const sampler = { scope, gpuAbsence: null } as unknown as MemorySampler;
  const phase = (name: MemoryPhase["name"], cpuBytes: number) => ({ ...phases[0]!, name, cpuBytes });
  const seen = { phases: [phase("absent", 10 * MIB), phase("loaded", 10 * MIB + footprintBytes)], timeline: [] };
  const run = { ...newRun(sampler, {}, () => 0), recorder: seen, work, ...more } as unknown as MemoryRun;
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

Deno.test("memoryFigures() tells what happened to the server in the soak rather than what its requests came to", () => {
  const samples = new SampleTable();
  for (let i = 1; i <= 12; i++) samples.record(sampleRow({ endedAt: i, result: "refused" }));
  const visit = {
    by: "memory",
    load: { kind: "closed", concurrency: 1, batchSize: 1 },
    atMs: 0,
    run: { ...RUN, samples, recorded: 12, windowEndMs: 12, windowTo: 12 },
    use: calmUse,
    cpuMsPerRequest: null,
    ceiling: null,
    server: "not counted",
  } as const;
  const why = (doubt: string | null) =>
    figuresOf(null, 50 * MIB, { doubt, loads: [{ phase: "soak", visit }] }).absences["growth"];
  assertEquals(why(null), "all 12 requests of the soak failed");
  assertEquals(why("a process of the server ended in the soak"), "a process of the server ended in the soak");
  const standing = "the server looks at its memory once in 60 s";
  const told = (more: Partial<MemoryRun>) => figuresOf(null, 50 * MIB, { standing, ...more }).absences["growth"];
  assertEquals(told({ loads: [{ phase: "soak", visit }] }), "all 12 requests of the soak failed");
  assertEquals(told({}), standing);
  const lost = { ...visit, run: { ...visit.run, lost: { sinceMs: 6, reason: "refused" as const, failed: 3 } } };
  const ended = told({ doubt: "a process of the server ended in the soak", loads: [{ phase: "soak", visit: lost }] });
  assertEquals(ended, "the server was lost in the soak");
});

Deno.test("memoryFigures() tells nothing by cycles that are too few, or after which no memory is told", () => {
  const left = (...sizes: readonly number[]) => {
    const afterUnload = sizes.map((cpuBytes) => ({ cpuBytes, gpuBytes: null }));
    const { cycles, absences } = figuresOf(null, 50 * MIB, { afterUnload });
    return cycles?.verdict ?? absences["cycles"];
  };
  assertEquals(left(MIB, MIB, MIB, MIB, MIB), "stable");
  assertEquals(left(MIB, MIB, MIB), "it takes 4 cycles, and 3 were measured");
  assertEquals(left(0, 0, 0, 0, 0), "without the model the server tells the memory of no process");
});

Deno.test("memoryFigures() takes the samples of hours", () => {
  const timeline = Array.from({ length: 200_000 }, (_, i) => ({
    cpuBytes: 50 * MIB,
    gpuBytes: i % 7,
    atMs: 200 * i,
    completedRequests: null,
  }));
  assertEquals(figuresOf(null, MIB, { recorder: { phases: [], timeline } as unknown as MemoryRun["recorder"] }).peak, {
    cpuBytes: 50 * MIB,
    gpuBytes: 6,
  });
});

Deno.test("memoryFigures() tells no growth of a long soak of which nothing was answered but at its edge", () => {
  const timeline = Array.from({ length: 1000 }, (_, i) => ({
    cpuBytes: 50 * MIB,
    gpuBytes: null,
    atMs: 200 * i,
    completedRequests: i === 0 ? 0 : 5,
  }));
  const recorder = { phases: [], timeline } as unknown as MemoryRun["recorder"];
  const { growth, absences } = figuresOf(null, MIB, { recorder });
  assertEquals([growth, absences["growth"]], [null, "no request of the soak was answered between two samples"]);
});
