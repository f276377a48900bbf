import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import type { MemoryOptions } from "../../../src/measure/settings/options.ts";
import { gpuFigures } from "../../../src/test_types/memory/gpu_figures.ts";
import { runMemoryTest } from "../../../src/test_types/memory/memory.ts";
import type { MemoryRun } from "../../../src/test_types/memory/memory_run.ts";
import type { GpuBehaviour } from "../../calibration/server_behaviour.ts";
import { openVirtualServer } from "../../calibration/virtual_server.ts";

const MB = 2 ** 20;

/** The memory test of a server of 10 ms whose GPU does so. */
async function measured(gpu: GpuBehaviour | null, options: MemoryOptions = {}) {
  const { clock, target } = openVirtualServer({
    service: { kind: "uniform", meanMs: 10, halfWidth: 0.05 },
    memory: { baseBytes: 200e6, modelBytes: 50e6, leakBytes: 0, gpu },
  }, 1);
  return await clock.run(runMemoryTest(target, { batchSizes: [1], clock, ...options }));
}

Deno.test("a memory test tells footprint, growth, cycles and efficiency of a GPU", async () => {
  const { gpu, fragmentation } = await measured({ modelBytes: 100 * MB });
  assertAlmostEquals(gpu!.modelFootprintBytes!, 100 * MB, 2 * MB);
  assertEquals([gpu!.growth!.verdict, gpu!.allocatedGrowth!.verdict], ["stable", "stable"]);
  assertEquals([gpu!.cycles!.verdict, gpu!.allocatedCycles!.verdict], ["stable", "stable"]);
  assert(gpu!.requestsPerMb! > 0);
  assertEquals(fragmentation.verdict, "not detected");
});

Deno.test("a memory test finds a leak of GPU memory by the process and by the allocator", async () => {
  const { gpu } = await measured({ leakBytes: MB });
  for (const growth of [gpu!.growth!, gpu!.allocatedGrowth!]) {
    assertEquals(growth.verdict, "growing");
    assertAlmostEquals(growth.bytesPerRequest.value, MB, 0.1 * MB);
  }
  assertEquals(gpu!.allocatedCycles!.verdict, "growing");
});

Deno.test("a memory test says what filled where a cache of the GPU fills and stops", async () => {
  const { gpu } = await measured({ cacheBytes: 600 * MB, cacheRequests: 2000 });
  assertEquals([gpu!.growth!.verdict, gpu!.allocatedGrowth!.verdict], ["stable", "stable"]);
  assert(gpu!.growth!.filledBytes! > 100 * MB);
});

Deno.test("a memory test of a server without a GPU has no figures of one, and says why", async () => {
  const { gpu, absences } = await measured(null);
  assertEquals(gpu, null);
  assertEquals(absences["gpuBytes"], "the server does not report its GPU memory");
});

Deno.test("a memory test tells no CUDA context where only the server speaks of its GPU", async () => {
  const { gpu, absences } = await measured({});
  assertEquals(gpu!.contextBytes, null);
  assert(absences["gpu.contextBytes"] !== undefined);
});

/** Phases of a process on a GPU that were recorded, in MB. */
function recorded(points: readonly Partial<Record<"gpuBytes" | "gpuAllocatedBytes" | "gpuReservedBytes", number>>[]) {
  const read = points.map((point) => ({
    cpuBytes: 0,
    gpuBytes: null,
    ...Object.fromEntries(Object.entries(point).map(([name, megabytes]) => [name, megabytes * MB])),
  }));
  const phase = (name: "absent" | "loaded", i: number) => read[i] === undefined ? [] : [{ name, ...read[i] }];
  return {
    sampler: { scope: { source: "process-tree-pss", pids: [7], gpuSource: "per-process" } },
    device: { totalBytes: 80_000 * MB, freeBytes: 15_000 * MB },
    recorder: {
      phases: read.length === 1 ? phase("loaded", 0) : [...phase("absent", 0), ...phase("loaded", 1)],
      timeline: read.map((point, i) => ({ ...point, atMs: i, completedRequests: null })),
    },
    afterUnload: [],
  } as unknown as MemoryRun;
}

Deno.test("gpuFigures() takes for the CUDA context what the process holds without a model", () => {
  const gpu = gpuFigures(recorded([{ gpuBytes: 640 }, { gpuBytes: 764 }]), 124, {})!;
  assertEquals([gpu.contextBytes, gpu.modelFootprintBytes], [640 * MB, 124 * MB]);
  assertEquals([gpu.requestsPerMb, gpu.deviceBytes, gpu.freeBytes], [1, 80_000 * MB, 15_000 * MB]);
});

Deno.test("gpuFigures() does not count the CUDA context of a process that comes with the model as the model", () => {
  const absences: Record<string, string> = {};
  const gpu = gpuFigures(recorded([{ gpuBytes: 0 }, { gpuBytes: 724 }]), 100, absences)!;
  assertEquals([gpu.contextBytes, gpu.modelFootprintBytes, gpu.requestsPerMb], [null, null, null]);
  assertStringIncludes(absences["gpu.contextBytes"]!, "the process that holds them goes with the model");
  assertStringIncludes(
    absences["gpu.modelFootprintBytes"]!,
    "its 724 MiB are those of the model and of the CUDA context",
  );
  // The allocator's counters tell them apart.
  const loaded = { gpuBytes: 724, gpuAllocatedBytes: 102, gpuReservedBytes: 124 };
  const counted = gpuFigures(recorded([{ gpuBytes: 0 }, loaded]), 100, {})!;
  assertEquals([counted.contextBytes, counted.modelFootprintBytes], [600 * MB, 124 * MB]);
});

Deno.test("gpuFigures() cannot tell context and model apart where the model cannot be unloaded", () => {
  const absences: Record<string, string> = {};
  const gpu = gpuFigures(recorded([{ gpuBytes: 764 }]), 100, absences)!;
  assertEquals([gpu.contextBytes, gpu.modelFootprintBytes], [null, null]);
  assert(absences["gpu.contextBytes"]!.includes("cannot be unloaded"));
  // What the allocator holds is no context.
  const counted = gpuFigures(recorded([{ gpuBytes: 764, gpuAllocatedBytes: 102, gpuReservedBytes: 124 }]), 100, {})!;
  assertEquals(counted.contextBytes, 640 * MB);
});

Deno.test("gpuFigures() counts the model where the allocator keeps what it gave back", () => {
  const kept = [
    { gpuBytes: 764, gpuAllocatedBytes: 0, gpuReservedBytes: 124 },
    { gpuBytes: 764, gpuAllocatedBytes: 102, gpuReservedBytes: 124 },
  ];
  assertEquals(gpuFigures(recorded(kept), 100, {})!.modelFootprintBytes, 102 * MB);
});

Deno.test("gpuFigures() rests on the counters alone where the driver is not asked", () => {
  const run = recorded([{ gpuAllocatedBytes: 10, gpuReservedBytes: 20 }, {
    gpuAllocatedBytes: 112,
    gpuReservedBytes: 140,
  }]);
  const absences: Record<string, string> = {};
  const unseen = { ...run.sampler, gpuAbsence: "nvidia-smi was not found on PATH" };
  const gpu = gpuFigures({ ...run, sampler: unseen }, 100, absences)!;
  assertEquals([gpu.modelFootprintBytes, gpu.growth], [102 * MB, null]);
  assertEquals(absences["gpu.growth"], "nvidia-smi was not found on PATH");
});

Deno.test("gpuFigures() takes the CUDA context from settled phases, not from a reading with an unload in it", () => {
  const run = recorded([
    { gpuBytes: 720, gpuAllocatedBytes: 33, gpuReservedBytes: 34 },
    { gpuBytes: 838, gpuAllocatedBytes: 131, gpuReservedBytes: 152 },
  ]);
  const torn = { cpuBytes: 0, gpuBytes: 720 * MB, gpuReservedBytes: 176 * MB, atMs: 0, completedRequests: null };
  const timeline = [torn, ...run.recorder.timeline];
  const gpu = gpuFigures(
    { ...run, recorder: { phases: run.recorder.phases, timeline } } as unknown as MemoryRun,
    null,
    {},
  )!;
  assertEquals(gpu.contextBytes, 686 * MB);
});
