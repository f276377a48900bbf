import { assert, assertEquals } from "@std/assert";
import type { ServerMemory } from "../../src/core/protocol.ts";
import { isAbsent } from "../../src/observe/absent.ts";
import { type MemorySampler, type MemorySamplerOptions, openMemorySampler } from "../../src/observe/memory_sampler.ts";
import { A100, A100_ID, fakeNvidiaSmi, TWO_A100 } from "./gpu/fake_nvidia_smi.ts";
import { fakeNvml, H200, NO_CC } from "./gpu/fake_nvml.ts";
import { NOT_LINUX, SERVE, spawnDeno } from "./processes.ts";
import { steppedClock } from "./stepped_clock.ts";

const MIB = 2 ** 20;
const NO_NVML = { library: "/no/such/libnvidia-ml.so.1" };
const NO_GPU = { nvml: NO_NVML, nvidiaSmi: { command: "no-such-nvidia-smi" } };

async function opened(options: MemorySamplerOptions): Promise<MemorySampler> {
  const sampler = await openMemorySampler(options);
  assert(!isAbsent(sampler), `absent: ${isAbsent(sampler) && sampler.absent}`);
  return sampler;
}

Deno.test({
  name: "sample() reads the GPU memory of the server's own processes",
  ignore: NOT_LINUX,
  async fn() {
    await using server = spawnDeno(SERVE);
    const port = Number(await server.readLine());
    using smi = fakeNvidiaSmi({ devices: A100, processes: `${server.pid}, 812, ${A100_ID}\n1, 99, ${A100_ID}` });
    const sampler = await opened({ port, gpu: { nvml: NO_NVML, nvidiaSmi: { command: smi.path } } });
    assertEquals([sampler.scope.gpuSource, sampler.gpuAbsence], ["per-process", null]);
    assertEquals((await sampler.sample()).gpuBytes, 812 * MIB);
  },
});

Deno.test({
  name: "sample() reads the devices that are named, and knows what one of them has",
  ignore: NOT_LINUX,
  async fn() {
    await using server = spawnDeno(SERVE);
    const port = Number(await server.readLine());
    using smi = fakeNvidiaSmi({ devices: TWO_A100, processes: `${server.pid}, [N/A], ${A100_ID}` });
    const gpu = { nvml: NO_NVML, nvidiaSmi: { command: smi.path } };
    const read = async (gpuDevices?: readonly number[]) => {
      await using sampler = await opened({ port, gpu, ...(gpuDevices === undefined ? {} : { gpuDevices }) });
      return [sampler.scope.gpuSource, (await sampler.sample()).gpuBytes, await sampler.readDevice!()];
    };
    const total = 40_960 * MIB;
    assertEquals(await read([1]), ["per-device", 0, { totalBytes: total, freeBytes: total }]);
    assertEquals(await read([0, 1]), ["per-device", 1234 * MIB, { totalBytes: null, freeBytes: null }]);
  },
});

Deno.test({
  name: "sample() sees by NVML what the server leaks on its GPU",
  ignore: NO_CC,
  async fn() {
    await using server = spawnDeno(SERVE);
    const port = Number(await server.readLine());
    const script = (bytes: number) => ({ devices: [{ ...H200, processes: { [server.pid]: bytes } }] });
    using nvml = fakeNvml(script(904 * MIB));
    await using sampler = await opened({ port, gpu: { nvml: { library: nvml.library } } });
    assertEquals(sampler.scope.gpuSource, "per-process");
    assertEquals((await sampler.sample()).gpuBytes, 904 * MIB);
    nvml.tell(script(924 * MIB));
    assertEquals((await sampler.sample()).gpuBytes, 924 * MIB);
  },
});

Deno.test({
  name: "sample() holds what the server's allocator counts beside its processes",
  ignore: NOT_LINUX,
  async fn() {
    await using server = spawnDeno(SERVE);
    const port = Number(await server.readLine());
    let allocated: number | null = 100;
    const reported = () =>
      Promise.resolve<ServerMemory>({ residentBytes: 1, gpuReservedBytes: null, gpuAllocatedBytes: allocated });
    const sampler = await opened({ port, reported, gpu: NO_GPU });
    assertEquals((await sampler.sample()).gpuAllocatedBytes, 100);
    allocated = null;
    assertEquals("gpuAllocatedBytes" in await sampler.sample(), false);
    // A server that never told them is not asked.
    const silent = await opened({ port, reported, gpu: NO_GPU });
    assertEquals("gpuAllocatedBytes" in await silent.sample(), false);
  },
});

Deno.test({
  name: "start() asks the server for its allocator's counters in a tenth of the time",
  ignore: NOT_LINUX,
  async fn() {
    await using server = spawnDeno(SERVE);
    const port = Number(await server.readLine());
    const time = steppedClock(250);
    const reported = () => {
      time.read();
      return Promise.resolve<ServerMemory>({ residentBytes: 1, gpuReservedBytes: null, gpuAllocatedBytes: 100 });
    };
    const sampler = await opened({ port, reported, gpu: NO_GPU, clock: time.clock });
    const seen: boolean[] = [];
    sampler.start(1000, (point) => seen.push("gpuAllocatedBytes" in point));
    for (let i = 0; i < 5; i++) await time.step();
    sampler.stop();
    // It took 250 ms, so that it rests for 2250 ms; the samples do not wait for it.
    assertEquals(seen.slice(0, 5), [true, false, false, true, false]);
    assertEquals(time.sleeps.slice(0, 5), [1000, 1000, 1000, 1000, 1000]);
  },
});
