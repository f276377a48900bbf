import { assert, assertEquals, assertGreater } from "@std/assert";
import type { Target } from "../../src/core/target.ts";
import { ceilingFigures, CeilingRate } from "../../src/measure/ceiling_rate.ts";
import { clientLimitsOf } from "../../src/measure/window/client_use.ts";
import { withSession } from "../../src/measure/run_session.ts";
import { readCores } from "../../src/observe/host_cores.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { openTransport } from "../../src/wire/open_transport.ts";
import { simulatedProtocol, SimulatedServer, simulatedTarget } from "../load/simulated_server.ts";
import { VirtualClock } from "../load/virtual_clock.ts";

/** A server in a thread of its own that reads a request and answers some ms later. */
async function slowServer(serviceMs: number) {
  const code = `
    Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: ({ port }) => postMessage(port) }, async (request) => {
      for await (const _ of request.body ?? []);
      await new Promise((resolve) => setTimeout(resolve, ${serviceMs}));
      return new Response("{}");
    });`;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(code)}`, { type: "module" });
  const { data: port } = await new Promise<MessageEvent<number>>((resolve) => worker.onmessage = resolve);
  return { origin: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => worker.terminate() };
}

/** A target whose bytes really flow; so many in a request. */
function targetAt(url: string, { bytes = 1, judgingMs = 0 } = {}): Target {
  const body = new Uint8Array(bytes);
  const judge: typeof simulatedProtocol.judge = () => {
    for (const end = performance.now() + judgingMs; performance.now() < end;);
    return { kind: "success", serverMs: null };
  };
  const protocol = {
    ...simulatedProtocol,
    encode: () => ({ method: "POST", path: "/", headers: [], body }) as const,
    judge,
  };
  return {
    ...simulatedTarget(new SimulatedServer(new VirtualClock(), () => ({ serviceMs: 0 })), protocol),
    url,
    openTransport: () => openTransport(url),
    openTransportTo: (origin) => openTransport(origin),
  };
}

for (const [size, bytes] of [["1 byte", 1], ["600 KB", 6e5], ["10 MB", 1e7], ["38 MB", 3.8e7]] as const) {
  Deno.test(`a test blames the server where it is slow and requests have ${size}`, async () => {
    using server = await slowServer(20);
    const result = await runBasicTest(targetAt(server.origin, { bytes }), { durationMs: 500, quick: true });
    // Other processes of this machine may keep the thread from a core, which is no matter of the body.
    const undisturbed = { ...result.clientUse!, starvedShare: 0, latenessP95Ms: null };
    assertEquals(clientLimitsOf(undisturbed), []);
    assertEquals(result.clientLimited, result.clientUse!.because.length > 0);
    assertGreater(result.client.ceilingPerSecond!, 0);
  });
}

Deno.test("a test blames the client where it judges for as long as the server works, and says so", async () => {
  using server = await slowServer(5);
  const target = targetAt(server.origin, { judgingMs: 10 });
  const { clientUse, clientLimited, client } = await runBasicTest(target, { durationMs: 500, quick: true });
  assert(clientUse!.because.includes("judging"), `found ${clientUse!.because}`);
  assertEquals([clientLimited, client.limited], [true, true]);
});

Deno.test("a test says how many cores the server shares with the client, where it does", async () => {
  using server = await slowServer(5);
  const { clientUse } = await runBasicTest(targetAt(server.origin), { durationMs: 500, quick: true });
  const { isBound, host } = await readCores();
  assertEquals(clientUse!.sharedCores, isBound ? host : navigator.hardwareConcurrency);
});

Deno.test("ClientCeiling counts the one request that it sends to the real server, and closes its connection", async () => {
  const clock = new VirtualClock();
  const real = new SimulatedServer(clock, () => ({ serviceMs: 1 }));
  const elsewhere = new SimulatedServer(clock, () => ({ serviceMs: 1 }));
  const target: Target = { ...simulatedTarget(real), openTransportTo: () => elsewhere.openTransport() };
  await clock.run(withSession("basic", target, { clock, quick: true }, undefined, async (session) => {
    const ceiling = (await session.ceiling.of(session, 1))!;
    assertGreater(ceiling.perSecond, 0);
    assertEquals(ceiling.aloneMs, 1, "one at a time takes what the server there takes");
    assertEquals([real.received, session.requests, real.lanes, real.openLanes], [1, 1, 1, 0]);
    return {};
  }));
});

Deno.test("CeilingRate is void below a rate that was reached: it is that rate, at least", () => {
  const ceiling = new CeilingRate(100, false);
  ceiling.reached(80);
  assertEquals(ceilingFigures(ceiling), { ceilingPerSecond: 100 });
  ceiling.reached(120);
  assertEquals(ceilingFigures(ceiling), { ceilingPerSecond: 120, ceilingAtLeast: true });
  assertEquals(ceilingFigures(null), { ceilingPerSecond: null });
});
