import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { ExchangeError, TargetError } from "../../../src/core/errors.ts";
import type { Protocol, ProtocolCallOptions } from "../../../src/core/protocol.ts";
import { controlled, controlOf, ServerControl } from "../../../src/measure/control/server_control.ts";
import { SilentServerError } from "../../../src/measure/control/silent_server_error.ts";
import { simulatedProtocol, SimulatedServer, simulatedTarget } from "../../load/simulated_server.ts";
import { VirtualClock } from "../../load/virtual_clock.ts";

const LATE = () => {
  const cause = new ExchangeError("timeout", "GET /x: no answer");
  return Promise.reject(new TargetError("Cannot read it as the server must answer: no answer", { cause }));
};

/** A protocol that records the options of its calls. */
function recorded(own: Partial<Protocol>) {
  const calls: [string, ProtocolCallOptions | undefined][] = [];
  const watched = Object.entries(own).map(([name, method]) => [
    name,
    (...args: unknown[]) => {
      calls.push([name, args.findLast((arg) => typeof arg === "object") as ProtocolCallOptions]);
      return (method as (...args: unknown[]) => unknown)(...args);
    },
  ]);
  return { calls, protocol: { ...simulatedProtocol, ...Object.fromEntries(watched) } as Protocol };
}

Deno.test("ServerControl gives each question the deadlines and the signal of the run, unless it has its own", async () => {
  const { signal } = new AbortController();
  const { calls, protocol } = recorded({ load: () => Promise.resolve(), serverMemory: () => Promise.resolve(null!) });
  const controlled = new ServerControl(protocol, { signal, timeoutMs: 500, loadTimeoutMs: 9000 }).protocol;
  await controlled.load!("m");
  const own = new AbortController().signal;
  await controlled.serverMemory!({ timeoutMs: 20, signal: own });
  assertEquals(calls, [
    ["load", { signal, timeoutMs: 500, loadTimeoutMs: 9000 }],
    ["serverMemory", { signal: own, timeoutMs: 20, loadTimeoutMs: 9000 }],
  ]);
  assertEquals(controlled.unload, undefined, "what the server lacks is absent");
});

Deno.test("ServerControl gives a server up that lets a question and its health pass their deadlines", async () => {
  const { calls, protocol } = recorded({ serverMemory: LATE, health: LATE, unload: () => Promise.resolve() });
  const control = new ServerControl(protocol, { timeoutMs: 500 });
  await assertRejects(() => control.protocol.serverMemory!(), SilentServerError, "it does not answer either");
  assert(control.isSilent);
  for (let i = 0; i < 3; i++) await assertRejects(() => control.protocol.unload!("m"), SilentServerError);
  assertEquals(calls.map(([name]) => name), ["serverMemory", "health"], "nothing more is asked");
});

Deno.test("ServerControl keeps a server that says how it is, or had less time than usual", async () => {
  const healthy = recorded({ serverMemory: LATE });
  const control = new ServerControl(healthy.protocol, { timeoutMs: 500 });
  await assertRejects(() => control.protocol.serverMemory!(), TargetError, "no answer");
  assert(!control.isSilent);
  const short = recorded({ serverTimings: LATE, health: LATE });
  const impatient = new ServerControl(short.protocol, { timeoutMs: 500 });
  await assertRejects(() => impatient.protocol.serverTimings!("m", { timeoutMs: 100 }), TargetError, "no answer");
  assertEquals([impatient.isSilent, short.calls.length], [false, 1]);
});

Deno.test("ServerControl asks no more for a reading that is late twice in a row", async () => {
  let reads = 0;
  const answered = Promise.resolve(null!);
  const { protocol } = recorded({ serverMemory: () => [2, 4, 5].includes(++reads) ? LATE() : answered });
  const control = new ServerControl(protocol, { timeoutMs: 500 });
  const read = () => control.protocol.serverMemory!().then(() => true, () => false);
  const found = [];
  for (let i = 0; i < 7; i++) found.push(await read());
  assertEquals([found, reads], [[true, false, true, false, false, false, false], 5]);
});

Deno.test("ServerControl allows last readings after the signal, which are short", async () => {
  const { calls, protocol } = recorded({ serverMemory: () => Promise.resolve(null!) });
  const control = new ServerControl(protocol, { signal: AbortSignal.abort(), timeoutMs: 30_000, loadTimeoutMs: 5 });
  await control.protocol.serverMemory!();
  assertEquals(calls, [["serverMemory", { timeoutMs: 1000, loadTimeoutMs: 5 }]]);
});

Deno.test("controlled() gives a target one control for good", () => {
  const target = simulatedTarget(new SimulatedServer(new VirtualClock(), () => ({ serviceMs: 1 })));
  const own = controlled(target, { timeoutMs: 1 });
  assertStrictEquals(controlled(own, { timeoutMs: 2 }), own);
  assertStrictEquals(controlOf(own), controlOf(own));
});
