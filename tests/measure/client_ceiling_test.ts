import { assert, assertEquals, assertGreater, assertRejects } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import type { Target } from "../../src/core/target.ts";
import { withSession } from "../../src/measure/run_session.ts";
import { startNullServer } from "../../src/observe/null_server.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { openTransport } from "../../src/wire/open_transport.ts";
import { SimulatedServer, simulatedTarget } from "../load/simulated_server.ts";
import { VirtualClock } from "../load/virtual_clock.ts";

/** A target whose bytes really flow. */
function targetAt(url: string): Target {
  const simulated = simulatedTarget(new SimulatedServer(new VirtualClock(), () => ({ serviceMs: 0 })));
  return {
    ...simulated,
    openTransport: () => openTransport(url),
    openTransportTo: (origin) => openTransport(origin),
  };
}

Deno.test("a test marks what the client limits: a server that does nothing is as fast as the client's ceiling", async () => {
  await using server = await startNullServer();
  const run = () => runBasicTest(targetAt(server.origin), { concurrency: 8, durationMs: 500, quick: true });
  // A busy machine may halve one of the two rates that are compared, but not three times.
  const limited: boolean[] = [];
  for (let i = 0; i < 3 && !limited.includes(true); i++) {
    const { client, clientLimited } = await run();
    assertGreater(client.ceilingPerSecond!, 0);
    limited.push(clientLimited);
  }
  assert(limited.includes(true));
});

Deno.test("a test does not mark a server that is much slower than the client", async () => {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return new Response("{}");
    },
  );
  const target = targetAt(`http://127.0.0.1:${server.addr.port}`);
  const result = await runBasicTest(target, { durationMs: 500, quick: true });
  assertGreater(result.client.ceilingPerSecond!, 2 * result.requestsPerSecond!.value);
  assertEquals(result.clientLimited, false);
});

Deno.test("ClientCeiling counts the one request that it sends to the real server, and closes its connection", async () => {
  const clock = new VirtualClock();
  const real = new SimulatedServer(clock, () => ({ serviceMs: 1 }));
  const elsewhere = new SimulatedServer(clock, () => ({ serviceMs: 1 }));
  const target: Target = { ...simulatedTarget(real), openTransportTo: () => elsewhere.openTransport() };
  await clock.run(withSession("basic", target, { clock, quick: true }, undefined, async (session) => {
    assertGreater((await session.ceiling.perSecond(session, 1))!, 0);
    assertEquals([real.received, session.requests, real.lanes, real.openLanes], [1, 1, 1, 0]);
    return {};
  }));
});

Deno.test("a rate above the client's ceiling is refused with the ceiling", async () => {
  await using server = await startNullServer();
  await assertRejects(
    () => runBasicTest(targetAt(server.origin), { ratePerSecond: 1e6, quick: true }),
    UsageError,
    "at most what this client can send",
  );
});
