import { assert, assertEquals } from "@std/assert";
import type { Protocol } from "../../../src/core/protocol.ts";
import { workerMemory } from "../../../src/test_types/memory/worker_memory.ts";
import { simulatedProtocol, SimulatedServer, simulatedTarget } from "../../load/simulated_server.ts";
import { VirtualClock } from "../../load/virtual_clock.ts";

function targetWith(capabilities: Partial<Protocol>) {
  const server = new SimulatedServer(new VirtualClock(), () => ({ serviceMs: 1 }));
  return simulatedTarget(server, { ...simulatedProtocol, ...capabilities });
}

Deno.test("workerMemory() reads the processes that are seen, and takes the server's word for the others", async () => {
  const workers = [{ id: "seen", pid: Deno.pid, residentBytes: null }, { id: "far", pid: 1, residentBytes: 7 }];
  const memory = { residentBytes: null, gpuAllocatedBytes: null, gpuReservedBytes: null, workers };
  const target = targetWith({ serverMemory: () => Promise.resolve(memory) });
  const [seen, far] = await workerMemory(target, { source: "process-tree-rss", pids: [Deno.pid], gpuSource: null });
  assert(seen!.residentBytes! > 1e6);
  assertEquals(far, workers[1]);
});

Deno.test("workerMemory() is empty where the server names no workers, or fails", async () => {
  const scope = { source: "server-metrics", pids: [], gpuSource: null } as const;
  assertEquals(await workerMemory(targetWith({}), scope), []);
  const failing = targetWith({ serverMemory: () => Promise.reject(new Error("no")) });
  assertEquals(await workerMemory(failing, scope), []);
});
