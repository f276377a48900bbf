import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { ServerStartError } from "../../../src/core/errors.ts";
import type { Protocol } from "../../../src/core/protocol.ts";
import type { StartedServer } from "../../../src/core/started_server.ts";
import type { LatencyResult } from "../../../src/results/kinds/latency.ts";
import type { ComprehensiveOptions } from "../../../src/measure/settings/options.ts";
import { runTests } from "../../../src/test_types/comprehensive.ts";
import { runLatencyTest } from "../../../src/test_types/latency/latency.ts";
import { simulatedProtocol, SimulatedServer, simulatedTarget } from "../../load/simulated_server.ts";
import { VirtualClock } from "../../load/virtual_clock.ts";

/** Times of a simulated start, each from the one before, ms. */
interface Times {
  readonly openMs: number;
  readonly healthyMs: number;
  readonly readyMs: number;
  /** Of the first, second, ... prediction; 10 after that. */
  readonly predictionsMs: readonly number[];
}

const TIMES: Times = { openMs: 1000, healthyMs: 500, readyMs: 2000, predictionsMs: [400, 100, 50] };

/** A server in virtual time that can be started and stopped. */
class Restarted implements StartedServer {
  readonly program = "python";
  readonly stopSignal = "SIGTERM";
  readonly dropsCaches: boolean = false;
  startTimeoutMs = 60_000;
  readonly clock = new VirtualClock();
  readonly log: string[] = [];
  starts = 1;
  predictions = 100;
  #startedAtMs: number | null = -1e6;

  constructor(readonly times: (start: number) => Times, readonly dies: (start: number) => boolean = () => false) {}

  get #sinceMs(): number {
    return this.#startedAtMs === null ? -1 : this.clock.now() - this.#startedAtMs;
  }

  get #now(): Times {
    return this.times(this.starts - 1);
  }

  get #isReady(): boolean {
    const { openMs, healthyMs, readyMs } = this.#now;
    return this.#sinceMs >= openMs + healthyMs + readyMs;
  }

  prepare(): Promise<void> {
    this.log.push("prepare");
    return Promise.resolve();
  }

  start(): void {
    this.log.push("start");
    this.starts++;
    this.predictions = 0;
    this.#startedAtMs = this.clock.now();
  }

  checkRunning(): void {
    if (this.dies(this.starts - 1)) throw new ServerStartError("python ended with code 1");
  }

  isOpen(): Promise<boolean> {
    return Promise.resolve(this.#sinceMs >= this.#now.openMs);
  }

  tellOutput(): Promise<void> {
    this.log.push("output");
    return Promise.resolve();
  }

  async stop() {
    this.log.push("stop");
    this.#startedAtMs = null;
    await this.clock.sleep(100);
    return { killed: this.starts === 2 };
  }

  readonly protocol: Protocol = {
    ...simulatedProtocol,
    health: () => {
      const { openMs, healthyMs } = this.#now;
      return Promise.resolve({ healthy: this.#sinceMs >= openMs + healthyMs, detail: "" });
    },
    listModels: () => Promise.resolve([{ name: "simulated", loaded: this.#isReady, description: null }]),
  };

  target(protocol: Partial<Protocol> = {}) {
    const server = new SimulatedServer(
      this.clock,
      () =>
        this.#isReady
          ? { serviceMs: this.#now.predictionsMs[this.predictions++] ?? 10 }
          : { failure: "refused", afterMs: 0 },
    );
    return { ...simulatedTarget(server, { ...this.protocol, ...protocol }), started: this };
  }

  latency(options: ComprehensiveOptions, protocol: Partial<Protocol> = {}): Promise<LatencyResult> {
    return this.clock.run(runLatencyTest(this.target(protocol), { ...options, clock: this.clock }));
  }
}

Deno.test("runLatencyTest() times each stage of each start, and leaves the last one up", async () => {
  const server = new Restarted(() => TIMES);
  const { starts, warm, cold, absences } = await server.latency({ coldStarts: 3 });
  assertEquals(server.log, Array(3).fill(["stop", "prepare", "start"]).flat());
  assertEquals([starts!.samples.length, starts!.program, starts!.pageCache], [3, "python", "warm"]);
  for (const { stagesMs, totalMs } of starts!.samples) {
    assertAlmostEquals(stagesMs.portOpen!, 1000, 10);
    assertAlmostEquals(stagesMs.healthy!, 500, 10);
    assertAlmostEquals(stagesMs.modelReady!, 2000, 10);
    assertAlmostEquals(stagesMs.firstPrediction!, 400, 1e-6);
    // The second takes 100 ms, the third 50, the fourth 10 as all that follow.
    assertAlmostEquals(stagesMs.warmAgain!, 160, 1e-6);
    const { warmAgain: _, ...others } = stagesMs;
    assertAlmostEquals(totalMs, Object.values(others).reduce((sum, ms) => sum! + ms!, 0)!, 1e-6);
  }
  assertEquals(starts!.warmUpCurveMs.slice(0, 4), [400, 100, 50, 10]);
  assertAlmostEquals(warm!.latencyMs!.mean.value, 10, 1e-6);
  assertEquals(cold, null, "it can not unload");
  assertStringIncludes(absences["cold"]!, "no way to unload");
  assertEquals(starts!.killed, 1);
});

Deno.test("runLatencyTest() gives the mean of starts an interval that holds the truth", async () => {
  const opens = [900, 1100, 1000, 950, 1050];
  const server = new Restarted((start) => ({ ...TIMES, openMs: opens[start % 5]! }));
  const { starts } = await server.latency({ coldStarts: 5 });
  const { value, low, high, n } = starts!.stagesMs.portOpen!.mean;
  assertAlmostEquals(value, 1000, 10);
  assert(low! < 1000 && high! > 1000 && low! > 850 && high! < 1150, `${low} to ${high}`);
  assertEquals([n, starts!.totalMs.n], [5, 5]);
});

Deno.test("runLatencyTest() leaves out a stage that the server does not tell of", async () => {
  const server = new Restarted(() => TIMES);
  const { listModels: _, ...silent } = server.protocol;
  const target = { ...server.target(), protocol: silent };
  const { starts } = await server.clock.run(runLatencyTest(target, { coldStarts: 1, clock: server.clock }));
  const [{ stagesMs, totalMs }] = starts!.samples as [NonNullable<typeof starts>["samples"][number]];
  assertEquals([stagesMs.modelReady, starts!.stagesMs.modelReady], [null, null]);
  assertAlmostEquals(stagesMs.firstPrediction!, 2400, 30);
  assertAlmostEquals(totalMs, 3900, 40);
});

Deno.test("runLatencyTest() asks for the model where the server does not load it by itself", async () => {
  const server = new Restarted(() => ({ ...TIMES, readyMs: 0 }));
  let loadedBy = -1;
  const { starts } = await server.latency({ coldStarts: 2 }, {
    listModels: () =>
      Promise.resolve([{
        name: "simulated",
        loaded: server.starts === 1 || loadedBy === server.starts,
        description: null,
      }]),
    load: async () => {
      await server.clock.sleep(700);
      loadedBy = server.starts;
    },
  });
  for (const { stagesMs } of starts!.samples) assertAlmostEquals(stagesMs.modelReady!, 700, 1e-6);
});

Deno.test("runLatencyTest() keeps the starts before one that failed, and measures no more", async () => {
  const server = new Restarted(() => TIMES, (start) => start === 3);
  const { starts, warm, partial, absences } = await server.latency({ coldStarts: 5 });
  assertEquals([starts!.samples.length, warm, partial], [2, null, "target-lost"]);
  assertEquals(absences["starts.samples"], "2 of 5: python ended with code 1");
  assertEquals(server.log.at(-1), "output");
});

Deno.test("runLatencyTest() says why there is no start at all, and gives up in time", async () => {
  const server = new Restarted((start) => start === 0 ? TIMES : { ...TIMES, openMs: Infinity });
  server.startTimeoutMs = 2000;
  const { starts, partial, absences } = await server.latency({ coldStarts: 5 });
  assertEquals([starts, partial], [null, "target-lost"]);
  assertEquals(
    absences["starts"],
    "Cannot measure a start as there must be an open port within 2 s: there is none",
  );
});

Deno.test("runLatencyTest() takes cold cycles after the starts, of which the first is known to be the first", async () => {
  const server = new Restarted(() => TIMES);
  let isLoaded = true;
  const { starts, firstCycle, cold } = await server.latency({ coldStarts: 2 }, {
    load: async () => {
      await server.clock.sleep(300);
      isLoaded = true;
    },
    unload: () => {
      isLoaded = false;
      return Promise.resolve();
    },
    verifyAbsent: () => Promise.resolve({ absent: !isLoaded, evidence: "" }),
  });
  assertEquals([starts!.samples.length, cold!.samples.length, firstCycle!.sinceStart], [2, 2, true]);
});

Deno.test("runTests() measures the starts before everything else, and every test on the last", async () => {
  const server = new Restarted(() => TIMES);
  const options = { coldStarts: 2, requests: 30, clock: server.clock };
  const { tests, partial } = await server.clock.run(runTests(server.target(), ["basic", "latency"], options));
  assertEquals(server.log, Array(2).fill(["stop", "prepare", "start"]).flat());
  assertEquals([partial, tests.latency!.starts!.samples.length], [null, 2]);
  assert(tests.basic!.succeeded > 0);
});

Deno.test("runTests() ends with the latency test where the server does not start again", async () => {
  const server = new Restarted(() => TIMES, (start) => start === 1);
  const options = { coldStarts: 2, requests: 30, clock: server.clock };
  const { tests, partial } = await server.clock.run(runTests(server.target(), ["basic", "latency"], options));
  assertEquals([partial, Object.keys(tests)], ["target-lost", ["latency"]]);
  assertEquals(tests.latency!.absences["starts"], "python ended with code 1");
});
