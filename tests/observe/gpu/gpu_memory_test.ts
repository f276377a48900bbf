import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import { isAbsent } from "../../../src/observe/absent.ts";
import { type GpuMemory, openGpuMemory, readDeviceMemory } from "../../../src/observe/gpu/gpu_memory.ts";
import type { GpuSource } from "../../../src/observe/gpu/gpu_source.ts";
import { fakeSource } from "./fake_gpu_source.ts";

async function opened(source: GpuSource, pids: readonly number[], seesHostPids: boolean): Promise<GpuMemory> {
  const memory = await openGpuMemory(source, pids, seesHostPids);
  assert(!isAbsent(memory), `absent: ${isAbsent(memory) && memory.absent}`);
  return memory;
}

Deno.test("openGpuMemory() sums the server's processes over all devices", async () => {
  const source = fakeSource([1234, 0], () => [
    { pid: 42, device: 0, usedBytes: 512 },
    { pid: 43, device: 0, usedBytes: 100 },
    { pid: 42, device: 1, usedBytes: 300 },
    { pid: 77, device: 1, usedBytes: 20 },
  ]);
  const memory = await opened(source, [42, 43], false);
  assertEquals(memory.source, "per-process");
  assertEquals(await memory.read([42, 43]), 912);
  assertEquals(await memory.read([42]), 812);
});

Deno.test("openGpuMemory() is per device when the server is not listed, but for host process ids", async () => {
  const source = fakeSource([1234, 0], () => [{ pid: 77, device: 0, usedBytes: 20 }]);
  const hidden = await opened(source, [0], false);
  assertEquals([hidden.source, await hidden.read([0])], ["per-device", 1234]);
  // A server of this host that has not touched a GPU yet uses none: the model is absent.
  const idle = await opened(source, [0], true);
  assertEquals([idle.source, await idle.read([0])], ["per-process", 0]);
});

Deno.test("openGpuMemory() is of the server's devices when the driver does not say what a process uses", async () => {
  const memory = await opened(fakeSource([1234, 5], () => [{ pid: 42, device: 1, usedBytes: null }]), [42], true);
  assertEquals([memory.source, await memory.read([42])], ["per-device", 5]);
});

Deno.test("openGpuMemory() gives a reason when the driver says neither", async () => {
  const source = fakeSource([null], () => [{ pid: 42, device: 0, usedBytes: null }]);
  const memory = await openGpuMemory(source, [42], true);
  assert(isAbsent(memory));
  assertMatch(memory.absent, /does not say/);
});

Deno.test("openGpuMemory() reads null, never 0, when the driver fails later", async () => {
  let isBroken = false;
  const source = fakeSource([1], () => isBroken ? { absent: "gone" } : [{ pid: 42, device: 0, usedBytes: 512 }]);
  const memory = await opened(source, [42], true);
  isBroken = true;
  assertEquals(await memory.read([42]), null);
});

Deno.test("openGpuMemory() is of the devices that are named, where the driver does not tell it by process", async () => {
  const hidden = fakeSource([1234, 5, 70], () => [{ pid: 7, device: 0, usedBytes: 20 }]);
  const memory = await openGpuMemory(hidden, [42], false, [1, 2]);
  assert(!isAbsent(memory));
  assertEquals([memory.source, await memory.read([42])], ["per-device", 75]);
  await assertRejects(() => openGpuMemory(hidden, [42], false, [3]), UsageError, "Cannot use GPU 3");
  // What the server's own processes hold is known better.
  const listed = fakeSource([1234, 5], () => [{ pid: 42, device: 0, usedBytes: 512 }]);
  const own = await openGpuMemory(listed, [42], true, [1]);
  assertEquals(isAbsent(own) ? own.absent : [own.source, await own.read([42])], ["per-process", 512]);
});

Deno.test("readDeviceMemory() tells what nobody uses of the server's device, whoever uses the rest", async () => {
  const total = 2 ** 34, nothing = { totalBytes: null, freeBytes: null };
  const source = fakeSource([1234, 500], () => [
    { pid: 42, device: 1, usedBytes: 20 },
    { pid: 43, device: 0, usedBytes: 5 },
    { pid: 77, device: 1, usedBytes: 480 },
  ]);
  assertEquals(await readDeviceMemory(source, [42]), { totalBytes: total, freeBytes: total - 500 });
  assertEquals(await readDeviceMemory(source, [42, 43]), nothing);
  assertEquals(await readDeviceMemory(source, [], [0]), { totalBytes: total, freeBytes: total - 1234 });
  // What is told of the memory of a device that MIG has cut is of all of its parts.
  const cut = Object.assign(source, { devices: source.devices.map((device) => ({ ...device, isCut: true })) });
  assertEquals(await readDeviceMemory(cut, [42]), nothing);
  const silent = fakeSource([null], () => [{ pid: 42, device: 0, usedBytes: 20 }]);
  assertEquals(await readDeviceMemory(silent, [42]), { totalBytes: total, freeBytes: null });
});
