import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ExchangeError, TargetError } from "../../src/core/errors.ts";
import type { Protocol } from "../../src/core/protocol.ts";
import type { Target } from "../../src/core/target.ts";
import { COMPREHENSIVE_KINDS, type TestKind } from "../../src/results/comprehensive_kinds.ts";
import { type AllOptions, runTests } from "../../src/test_types/comprehensive.ts";
import { RunWindows } from "../../src/measure/run_windows.ts";
import type { LatencyOptions } from "../../src/measure/settings/options.ts";
import { runMemoryTest } from "../../src/test_types/memory/memory.ts";
import { latencyTest, runLatencyTest } from "../../src/test_types/latency/latency.ts";
import type { VirtualClock } from "../load/virtual_clock.ts";
import { simulateTest } from "../measure/simulation.ts";

/** A server of 10 ms whose load of an unloaded model does what it is made to. */
function server(load: (set: (loaded: boolean) => void) => Promise<void>, final: string | null = null) {
  const state = { loaded: true, unloads: 0, asked: 0 };
  const capabilities = (): Partial<Protocol> => ({
    load: () => load((loaded) => void (state.loaded = loaded)),
    unload: () => {
      state.loaded = false;
      state.unloads++;
      return Promise.resolve();
    },
    verifyAbsent: () => Promise.resolve({ absent: !state.loaded, evidence: `loaded: ${state.loaded}` }),
    whyUnloadIsFinal: () => {
      state.asked++;
      return Promise.resolve(final);
    },
  });
  const fate = () => state.loaded ? { serviceMs: 10 } : { failure: "status" as const, afterMs: 1 };
  return { state, sim: { fate, capabilities } };
}

const tests = (kinds: readonly TestKind[]) => (target: Target, options?: AllOptions) =>
  runTests(target, kinds, { quick: true, batchSizes: [1, 4], levels: [1, 2], loadTimeoutMs: 500, ...options });

const REFUSES = () => Promise.reject(new TargetError("not in the repository"));
const IGNORES = () => Promise.resolve();
const LOADS = (set: (loaded: boolean) => void) => Promise.resolve(set(true));

for (const [how, load] of [["refuses", REFUSES], ["ignores", IGNORES]] as const) {
  Deno.test(`a model whose server ${how} its load is said to be lost, after all that does not unload`, async () => {
    const { sim } = server(load);
    const { partial, tests: found, warnings } = await simulateTest(tests(COMPREHENSIVE_KINDS), {}, sim);
    assertEquals(partial, "model-lost");
    const kinds = ["basic", "throughput", "scalability", "operating-points", "latency"];
    assertEquals(Object.keys(found), kinds, "what needs the model is not run");
    for (const kind of ["basic", "throughput", "scalability", "operating-points"] as const) {
      assertEquals(found[kind]!.partial, null, kind);
    }
    const said = warnings.find((warning) => warning.includes("is gone from the server"));
    assertStringIncludes(said ?? "", how === "refuses" ? "not in the repository" : "loaded: false");
  });
}

Deno.test("a model whose unload is known to be final stays, and every test says why", async () => {
  const { state, sim } = server(REFUSES, "it has no load");
  const { partial, tests: found } = await simulateTest(tests(COMPREHENSIVE_KINDS), {}, sim);
  assertEquals([partial, state.unloads, state.asked], [null, 0, 1]);
  assertEquals(found.latency!.absences["cold"], "the model is not unloaded as that would be final: it has no load");
  assertEquals(found.latency!.warm!.errorRate!.value, 0);
});

Deno.test("a model that stays after its unload is given up after seconds, once for all tests of a run", async () => {
  for (const isGoing of [false, true]) {
    let looks = 0, unloads = 0;
    const capabilities = (): Partial<Protocol> => ({
      load: IGNORES,
      unload: () => Promise.resolve(void unloads++),
      verifyAbsent: () => {
        looks++;
        return Promise.resolve({ absent: false, evidence: "it still answers predictions", isGoing });
      },
    });
    const options = { loadTimeoutMs: 60_000 };
    const twice = async (target: Target, options: LatencyOptions = {}) => {
      const shared = { windows: new RunWindows(0), onlooker: null };
      const one = () => latencyTest(target, options, shared);
      return [(await one()).result(), (await one()).result()];
    };
    const [first, second] = await simulateTest(twice, options, { fate: () => ({ serviceMs: 10 }), capabilities });
    const waited = isGoing ? 60 : 5;
    assertEquals([first!.partial, second!.partial, unloads], [null, null, 1]);
    assert(looks < 30 + 2 * waited, `${looks} looks in ${waited} s`);
    const [, seconds] = /after ([\d.]+) s it still answers predictions$/.exec(first!.absences["cold"] ?? "") ?? [];
    assert(Number(seconds) >= waited && Number(seconds) < waited + 1, first!.absences["cold"]);
    assertStringIncludes(second!.absences["cold"] ?? "", "is not unloaded again, as it stayed when it was");
    assert(second!.warm!.succeeded > 0);
  }
});

Deno.test("noUnload never unloads, and asks for nothing", async () => {
  const { state, sim } = server(LOADS);
  const { partial, tests: found } = await simulateTest(tests(COMPREHENSIVE_KINDS), { noUnload: true }, sim);
  assertEquals([partial, state.unloads, state.asked], [null, 0, 0]);
  assertEquals(found.latency!.absences["cold"], "the model was not to be unloaded");
});

Deno.test("a model that comes back late is not lost", async () => {
  const { state, sim } = server(LOADS);
  let loads = 0;
  const capabilities = () => ({
    ...sim.capabilities(),
    load: () => ++loads === 2 ? Promise.reject(new TargetError("busy")) : LOADS((loaded) => state.loaded = loaded),
  });
  const result = await simulateTest(runLatencyTest, { coldStarts: 2 }, { ...sim, capabilities });
  assertEquals([result.partial, state.loaded], [null, true]);
  assert(result.warm!.succeeded > 0);
});

Deno.test("an interrupted run whose model cannot be loaded again says that it is lost", async () => {
  const { sim } = server(REFUSES);
  const controller = new AbortController();
  const capabilities = () => ({
    ...sim.capabilities(),
    load: () => {
      controller.abort();
      return REFUSES();
    },
  });
  const result = await simulateTest(runLatencyTest, { signal: controller.signal }, { ...sim, capabilities });
  assertEquals(result.partial, "model-lost");
});

type Load = (set: (loaded: boolean) => void, clock: VirtualClock) => unknown;

/**
 * A latency test whose server drops the connection at the first load, and when the model is put back; the load does what it is
 * made to all the same. `isThere` says whether it answers for its health in the end.
 */
async function whoDropsLoads(isThere: boolean, load: Load) {
  const { state, sim } = server(LOADS);
  let dropped = 0;
  const drops = () => Promise.reject(new ExchangeError("reset", "Cannot load: connection reset"));
  const capabilities = (clock: VirtualClock): Partial<Protocol> => ({
    ...sim.capabilities(),
    load: () => {
      dropped++;
      load((loaded) => state.loaded = loaded, clock);
      return drops();
    },
    health: () => isThere || dropped < 2 ? Promise.resolve({ healthy: true, detail: "" }) : drops(),
  });
  return await simulateTest(runLatencyTest, { coldStarts: 2 }, { ...sim, capabilities, isFair: true });
}

Deno.test("a server that is lost while the model is put back is told as lost", async () => {
  const { partial, lost, warm } = await whoDropsLoads(false, IGNORES);
  assertEquals([partial, warm], ["target-lost", null]);
  assertStringIncludes(lost?.reason ?? "", "connection reset");
});

Deno.test("a server that drops the connection alone puts the model back, at once or later, or has lost it", async () => {
  assertEquals((await whoDropsLoads(true, IGNORES)).partial, "model-lost");
  const isLate: Load = (set, clock) => clock.after(2000, () => set(true));
  for (const load of [LOADS, isLate]) {
    const { partial, warm } = await whoDropsLoads(true, load);
    assertEquals([partial, warm!.succeeded > 0], [null, true]);
  }
});

Deno.test("a server that is lost while it is asked for the model that it put back is told as lost", async () => {
  const { sim } = server(LOADS);
  let loads = 0;
  const isGone = () => loads === 2;
  const drops = () => Promise.reject(new ExchangeError("refused", "connection refused"));
  const capabilities = () => ({
    ...sim.capabilities(),
    load: () => ++loads === 1 ? Promise.reject(new TargetError("busy")) : Promise.resolve(),
    verifyAbsent: () => isGone() ? drops() : sim.capabilities().verifyAbsent!("simulated"),
    health: () => isGone() ? drops() : Promise.resolve({ healthy: true, detail: "" }),
  });
  const { partial, lost, warm } = await simulateTest(runLatencyTest, { coldStarts: 2 }, { ...sim, capabilities });
  assertEquals([partial, lost?.reason, warm], ["target-lost", "connection refused", null]);
});

Deno.test("a model may be gone whose server drops the connection after the user's signal", async () => {
  const { sim } = server(LOADS);
  const controller = new AbortController();
  const capabilities = () => ({
    ...sim.capabilities(),
    load: () => {
      controller.abort();
      return Promise.reject(new ExchangeError("reset", "Cannot load: connection reset"));
    },
  });
  const { partial, warnings } = await simulateTest(tests(["latency"]), { signal: controller.signal }, {
    ...sim,
    capabilities,
  });
  assertEquals(partial, "interrupted");
  assert(warnings.some((warning) => warning.includes("may be gone from the server")), warnings.join());
});

/** A server that has no load, and loads the model with the next request; a look at whether it is there may go wrong. */
function lazyServer(verify: () => void = () => {}) {
  const state = { loaded: true };
  const capabilities = (): Partial<Protocol> => ({
    unload: () => Promise.resolve(void (state.loaded = false)),
    verifyAbsent: async () => {
      await verify();
      return { absent: !state.loaded, evidence: `loaded: ${state.loaded}` };
    },
    serverMemory: () =>
      Promise.resolve({
        residentBytes: state.loaded ? 150e6 : 100e6,
        gpuAllocatedBytes: null,
        gpuReservedBytes: null,
      }),
  });
  const fate = () => {
    const serviceMs = state.loaded ? 10 : 500;
    state.loaded = true;
    return { serviceMs };
  };
  return { state, sim: { fate, capabilities } };
}

Deno.test("a model that its server loads with the next request is seen loaded, and is there again in the end", async () => {
  const { state, sim } = lazyServer();
  const options = { cycles: 4, soakMs: 1000, batchSizes: [1] };
  const { partial, absences, phases, cycles } = await simulateTest(runMemoryTest, options, sim);
  const bytesOf = (phase: string) => phases.find(({ name }) => name === phase)?.cpuBytes;
  assertEquals([bytesOf("absent"), bytesOf("loaded"), bytesOf("unloaded")], [100e6, 150e6, 100e6]);
  assertEquals([partial, absences["phases"], cycles?.afterUnloadBytes.length], [null, undefined, 4]);
  assertEquals(state.loaded, true);
});

Deno.test("such a model is put back by a request, unless the run was interrupted: whoever comes next loads it", async () => {
  for (const isInterrupted of [false, true]) {
    const controller = new AbortController();
    let looks = 0;
    const { state, sim } = lazyServer(() => {
      if (++looks !== 2) return;
      if (isInterrupted) controller.abort();
      throw new TargetError("busy");
    });
    const { partial } = await simulateTest(runLatencyTest, { coldStarts: 2, signal: controller.signal }, sim);
    assertEquals<unknown>([partial, state.loaded], isInterrupted ? ["interrupted", false] : [null, true]);
  }
});
