import { assertEquals, assertStrictEquals } from "@std/assert";
import type { Call } from "../../../src/core/transport.ts";
import { withAllocatorCounters } from "../../../src/protocols/shared/allocator_counters.ts";
import { fragmentationOf } from "../../../src/test_types/memory/fragmentation.ts";
import { simulatedProtocol, SimulatedServer, simulatedTarget } from "../../load/simulated_server.ts";
import { VirtualClock } from "../../load/virtual_clock.ts";

const answering = (status: number, value: unknown): Call => () =>
  Promise.resolve({ status, headers: {}, body: new TextEncoder().encode(JSON.stringify(value)) });

const hook = (allocated: number, reserved: number) =>
  answering(200, {
    gpu_metrics: { gpu_available: true, memory_allocated_mb: allocated, memory_reserved_mb: reserved },
  });

Deno.test("withAllocatorCounters() tells the counters of a server that offers them beside its contract", async () => {
  const protocol = await withAllocatorCounters(simulatedProtocol, hook(100, 400));
  assertEquals(await protocol.serverMemory!(), {
    residentBytes: null,
    gpuAllocatedBytes: 100 * 2 ** 20,
    gpuReservedBytes: 400 * 2 ** 20,
  });
});

Deno.test("withAllocatorCounters() leaves a protocol as it is where there are none", async () => {
  for (
    const call of [answering(404, {}), answering(200, { gpu_metrics: { gpu_available: false } }), answering(200, 1)]
  ) {
    assertStrictEquals(await withAllocatorCounters(simulatedProtocol, call), simulatedProtocol);
  }
});

Deno.test("fragmentation is found by the counters alone: detected, not detected, not observable", async () => {
  const verdict = async (call: Call) => {
    const protocol = await withAllocatorCounters(simulatedProtocol, call);
    const server = new SimulatedServer(new VirtualClock(), () => ({ serviceMs: 1 }));
    return (await fragmentationOf(simulatedTarget(server, protocol))).verdict;
  };
  assertEquals(await verdict(hook(100, 400)), "detected");
  assertEquals(await verdict(hook(380, 400)), "not detected");
  assertEquals(await verdict(hook(10, 60)), "not detected", "less than what any allocator keeps");
  assertEquals(await verdict(answering(404, {})), "not observable");
});
