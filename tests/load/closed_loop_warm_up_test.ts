import { assertEquals } from "@std/assert";
import { runClosedLoop } from "../../src/load/closed_loop.ts";
import { madePool } from "./requests/made_pool.ts";
import { simulatedProtocol, SimulatedServer } from "./simulated_server.ts";
import { VirtualClock } from "./virtual_clock.ts";

Deno.test("runClosedLoop() begins its window when the slowest of the first requests has ended", async () => {
  const clock = new VirtualClock();
  // Of the eight that are sent at once, one takes ten times as long: the quick lanes reach the warm-up count without it.
  const server = new SimulatedServer(clock, ({ index }) => ({ serviceMs: index === 3 ? 100 : 10 }));
  const { windowStartMs, warmUpRequests, samples } = await clock.run(runClosedLoop({
    transport: server.openTransport(),
    protocol: simulatedProtocol,
    pool: madePool(simulatedProtocol, { kind: "text", words: 1 }),
    asked: { model: "m", predictions: 1, allowNullResults: false },
    concurrency: 8,
    timeoutMs: 1000,
    warmUpRequests: 8,
    requests: 20,
    durationMs: Infinity,
    clock,
  }));
  const slowest = Array.from({ length: samples.length }, (_, i) => samples.at(i))
    .findIndex(({ sentAt, endedAt }) => endedAt - sentAt === 100);
  // The lane says so after its sample was looked at, so that the window begins with the one after.
  assertEquals([windowStartMs, warmUpRequests], [100, slowest + 2]);
});
