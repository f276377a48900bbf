import { assertEquals } from "@std/assert";
import type { MemorySampler } from "../../../src/observe/memory_sampler.ts";
import { MemoryRecorder } from "../../../src/test_types/memory/memory_recorder.ts";

Deno.test("MemoryRecorder.during() takes the samples of hours", async () => {
  const recorder = new MemoryRecorder(() => 0);
  const point = { cpuBytes: 1, gpuBytes: null };
  const sampler = { sample: () => Promise.resolve(point) } as unknown as MemorySampler;
  await recorder.during("soak", sampler, () => {
    for (let i = 0; i < 200_000; i++) recorder.add({ ...point, cpuBytes: i % 7 });
    return Promise.resolve();
  });
  assertEquals(recorder.phases.map(({ name, peakCpuBytes }) => [name, peakCpuBytes]), [["soak", 6]]);
});
