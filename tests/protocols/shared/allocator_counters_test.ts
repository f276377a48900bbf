import { assert, assertEquals } from "@std/assert";
import { ExchangeError } from "../../../src/core/errors.ts";
import type { Call } from "../../../src/core/transport.ts";
import { connect } from "../../../src/protocols/connect.ts";
import { withAllocatorCounters } from "../../../src/protocols/shared/allocator_counters.ts";
import { fragmentationOf } from "../../../src/test_types/memory/fragmentation.ts";
import { simulatedProtocol, SimulatedServer, simulatedTarget } from "../../load/simulated_server.ts";
import { VirtualClock } from "../../load/virtual_clock.ts";
import { json } from "../fake_server.ts";
import { startRoutesServer } from "../routes_server.ts";

const answering = (status: number, value: unknown): Call => () =>
  Promise.resolve({ status, headers: {}, body: new TextEncoder().encode(JSON.stringify(value)) });

const hook = (allocated: number, reserved: number) =>
  answering(200, {
    gpu_metrics: { gpu_available: true, memory_allocated_mb: allocated, memory_reserved_mb: reserved },
  });

Deno.test("withAllocatorCounters() tells the counters of a server that offers them beside its contract", async () => {
  const protocol = withAllocatorCounters(simulatedProtocol, hook(100, 400));
  assertEquals(await protocol.serverMemory!(), {
    residentBytes: null,
    gpuAllocatedBytes: 100 * 2 ** 20,
    gpuReservedBytes: 400 * 2 ** 20,
  });
});

Deno.test("withAllocatorCounters() asks when memory is wanted, and not again where there are none, or they take long", async () => {
  const failing: Call = () => Promise.reject(new ExchangeError("timeout", "no answer"));
  const none = { residentBytes: null, gpuAllocatedBytes: null, gpuReservedBytes: null };
  const rows: [asked: number, call: Call, tookMs: number][] = [
    [1, answering(404, {}), 1],
    [1, answering(200, { gpu_metrics: { gpu_available: false } }), 1],
    [1, answering(200, 1), 1],
    [1, failing, 1],
    [3, hook(100, 400), 1],
    [1, hook(100, 400), 1000],
  ];
  for (const [expected, call, tookMs] of rows) {
    let asked = 0, nowMs = 0;
    const counted: Call = (request, options) => {
      assert(options?.timeoutMs !== undefined && options.timeoutMs <= 3000);
      asked++;
      nowMs += tookMs;
      return call(request, options);
    };
    const protocol = withAllocatorCounters(simulatedProtocol, counted, { now: () => nowMs });
    assertEquals(asked, 0, "nothing is asked before memory is wanted");
    const told = [await protocol.serverMemory!(), await protocol.serverMemory!(), await protocol.serverMemory!()];
    assertEquals(asked, expected);
    if (asked === 1) assertEquals(told.slice(1), [none, none]);
  }
});

Deno.test("connect() leaves /metrics/server alone, which blocks the original for a second", async () => {
  await using server = await startRoutesServer({
    "GET /health": json({ healthy: true }),
    "GET /models": json({ models: ["m"], model_info: { m: { input_type: "text" } } }),
    "GET /metrics": { body: "process_resident_memory_bytes 1.048576e+06\n" },
    "GET /metrics/server": json({
      gpu_metrics: { gpu_available: true, memory_allocated_mb: 1.5, memory_reserved_mb: 2 },
    }),
  });
  await using target = await connect(server.url, { model: "m" });
  assertEquals(server.requests.filter(({ path }) => path === "/metrics/server"), []);
  assertEquals(await target.protocol.serverMemory!(), {
    residentBytes: 1048576,
    gpuAllocatedBytes: 1572864,
    gpuReservedBytes: 2097152,
  });
});

Deno.test("fragmentation is found by the counters alone: detected, not detected, not observable", async () => {
  const verdict = async (call: Call) => {
    const protocol = withAllocatorCounters(simulatedProtocol, call);
    const server = new SimulatedServer(new VirtualClock(), () => ({ serviceMs: 1 }));
    return (await fragmentationOf(simulatedTarget(server, protocol))).verdict;
  };
  assertEquals(await verdict(hook(100, 400)), "detected");
  assertEquals(await verdict(hook(380, 400)), "not detected");
  assertEquals(await verdict(hook(10, 60)), "not detected", "less than what any allocator keeps");
  assertEquals(await verdict(answering(404, {})), "not observable");
});
