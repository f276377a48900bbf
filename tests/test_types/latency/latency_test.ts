import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { TargetError } from "../../../src/core/errors.ts";
import type { Protocol } from "../../../src/core/protocol.ts";
import { parseReport } from "../../../src/report/json/parse_report.ts";
import { formatJson } from "../../../src/report/json/format_json.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import { reportOf } from "../../report/report_of.ts";
import type { LatencyOptions } from "../../../src/measure/settings/options.ts";
import { runLatencyTest } from "../../../src/test_types/latency/latency.ts";
import type { VirtualClock } from "../../load/virtual_clock.ts";
import { simulateTest, type SimulationOptions } from "../../measure/simulation.ts";

/** A server whose model takes 500 ms or what is given to load, 300 ms for its first and 100 ms for its second inference, then 10 ms. */
class ColdServer {
  loaded = true;
  loads = 0;
  unloads = 0;
  sinceLoad = 100;

  readonly fate: SimulationOptions["fate"] = () => {
    if (!this.loaded) return { failure: "status", afterMs: 1 };
    return { serviceMs: [300, 100][this.sinceLoad++] ?? 10 };
  };

  constructor(readonly loadMs = 500) {}

  readonly capabilities = (clock: VirtualClock): Partial<Protocol> => ({
    load: async () => {
      await clock.sleep(this.loadMs);
      this.loads++;
      this.loaded = true;
      this.sinceLoad = 0;
    },
    unload: async () => {
      await clock.sleep(20);
      this.unloads++;
      this.loaded = false;
    },
    verifyAbsent: () => Promise.resolve({ absent: !this.loaded, evidence: `loaded: ${this.loaded}` }),
  });
}

Deno.test("runLatencyTest() takes load and first inference as the cold start, and its overhead over a warm one", async () => {
  const server = new ColdServer();
  const result = await simulateTest(runLatencyTest, { coldStarts: 5 }, { ...server, jitter: 0.01 });
  assertEquals([server.unloads, server.loads, server.loaded], [6, 6, true], "one cycle stands apart");
  assertEquals(result.cold!.samples.length, 5);
  for (const { loadMs, firstInferenceMs, totalMs, unloadMs } of result.cold!.samples) {
    assertAlmostEquals(loadMs!, 500, 1e-6);
    assertAlmostEquals(firstInferenceMs, 300, 4);
    assertAlmostEquals(totalMs, loadMs! + firstInferenceMs, 1e-9);
    assertAlmostEquals(unloadMs, 20, 1e-6);
  }
  assertAlmostEquals(result.warm!.latencyMs!.mean.value, 10, 0.5);
  assertAlmostEquals(result.overheadMs!.value, 790, 5);
  assertAlmostEquals(result.overheadPercent!.value, 7900, 200);
  const [first, second, third] = result.warmUpCurveMs!;
  assertAlmostEquals(first!, 300, 4);
  assertAlmostEquals(second!, 100, 2);
  assertAlmostEquals(third!, 10, 1);
});

Deno.test("runLatencyTest() takes along what the server tells of the workers that a cold start started", async () => {
  for (const tells of [true, false]) {
    const server = new ColdServer();
    const asked: number[] = [];
    const coldWorkers = () => {
      asked.push(server.sinceLoad);
      return tells
        ? Promise.resolve({ count: 2, startMs: 400, handlerMs: 30 })
        : Promise.reject(new TargetError("the metrics do not answer"));
    };
    const result = await simulateTest(runLatencyTest, { coldStarts: 3 }, {
      ...server,
      capabilities: (clock) => ({ ...server.capabilities(clock), coldWorkers }),
    });
    assertEquals(asked, [1, 1, 1, 1], "asked after the first inference, before any other");
    const expected = tells ? { count: 2, startMs: 400, handlerMs: 30 } : undefined;
    assertEquals(result.cold!.samples.map(({ workers }) => workers), [expected, expected, expected]);
    const report = parseReport(formatJson(reportOf({ latency: result })));
    const text = formatText(report, { width: 80 });
    assertEquals(
      text.replace(/\s+/g, " ").includes(
        "Workers: 2 started each time; slowest 400 ms from process start to loaded model (median); first inference 30 ms in the handler (median)",
      ),
      tells,
      text,
    );
  }
});

Deno.test("runLatencyTest() has no cold start, and says why, where the server cannot unload", async () => {
  const result = await simulateTest(runLatencyTest, {}, { fate: () => ({ serviceMs: 10 }) });
  assertEquals([result.cold, result.overheadMs, result.warmUpCurveMs], [null, null, null]);
  assert(result.absences["cold"]!.includes("no way to unload"));
  assert(result.warm!.latencyMs!.n >= 20);
});

Deno.test("runLatencyTest() does not believe an unload that did not happen", async () => {
  const result = await simulateTest(runLatencyTest, { loadTimeoutMs: 1000 }, {
    fate: () => ({ serviceMs: 10 }),
    capabilities: () => ({
      load: () => Promise.resolve(),
      unload: () => Promise.resolve(),
      verifyAbsent: () => Promise.resolve({ absent: false, evidence: "it still answers" }),
    }),
  });
  assertEquals(result.cold, null);
  assert(result.absences["cold"]!.includes("it still answers"));
  assert(result.warm!.latencyMs !== null, "warm latency is measured all the same");
});

Deno.test("runLatencyTest() keeps the cycles before a load that failed, and tries to restore the model", async () => {
  const server = new ColdServer();
  const result = await simulateTest(runLatencyTest, { coldStarts: 5 }, {
    fate: server.fate,
    capabilities: (clock) => {
      const sound = server.capabilities(clock);
      let loads = 0;
      const load = () => ++loads === 4 ? Promise.reject(new TargetError("out of memory")) : sound.load!("m");
      return { ...sound, load };
    },
  });
  assertEquals(result.cold!.samples.length, 2);
  assertEquals(result.absences["cold.samples"], "2 of 5: out of memory");
  assert(server.loaded, "the model is there again");
});

Deno.test("runLatencyTest() waits for a model that says it is loaded before it answers", async () => {
  const server = new ColdServer();
  let readyAtMs = 0;
  const result = await simulateTest(runLatencyTest, { coldStarts: 2 }, {
    fate: (arrival) => arrival.nowMs < readyAtMs ? { failure: "status", afterMs: 5 } : server.fate(arrival),
    capabilities: (clock) => {
      const sound = server.capabilities(clock);
      return {
        ...sound,
        load: async () => {
          await sound.load!("m");
          readyAtMs = clock.now() + 700;
        },
      };
    },
  });
  for (const { firstInferenceMs } of result.cold!.samples) assert(firstInferenceMs > 980, `${firstInferenceMs} ms`);
});

Deno.test("runLatencyTest() leaves the model loaded when it is interrupted in a cycle", async () => {
  const server = new ColdServer();
  const controller = new AbortController();
  const result = await simulateTest(runLatencyTest, { signal: controller.signal }, {
    fate: server.fate,
    capabilities: (clock) => {
      clock.after(1500, () => controller.abort(new Error("stop")));
      const sound = server.capabilities(clock);
      return {
        ...sound,
        load: async (model, options) => {
          options?.signal?.throwIfAborted();
          await sound.load!(model);
        },
      };
    },
  });
  assertEquals(result.partial, "interrupted");
  assert(server.loaded);
  assertEquals(result.warm, null);
  assertEquals(result.absences["warm.latencyMs"], "the test ended before its warm requests");
});

Deno.test("runLatencyTest() keeps the first cold cycle apart: it is another population", async () => {
  const server = new ColdServer();
  const result = await simulateTest(runLatencyTest, { coldStarts: 4 }, {
    fate: (arrival) => {
      const fated = server.fate(arrival);
      const isFirst = server.loads === 1 && server.sinceLoad === 1;
      return isFirst && fated.failure === undefined ? { serviceMs: fated.serviceMs + 400 } : fated;
    },
    capabilities: server.capabilities,
    jitter: 0.01,
  });
  const { firstCycle, cold, warmUpCurveMs } = result;
  assertAlmostEquals(firstCycle!.totalMs, 1200, 10);
  assertEquals([cold!.samples.length, cold!.totalMs.n, firstCycle!.sinceStart], [4, 4, false]);
  assertAlmostEquals(cold!.totalMs.mean.value, 800, 4);
  assert(cold!.totalMs.max < 810);
  assertAlmostEquals(warmUpCurveMs![0]!, 300, 4);
  assert(firstCycle!.expectedMs!.high < firstCycle!.totalMs, "the others show that it is another");
  assert(firstCycle!.expectedMs!.low < 800 && firstCycle!.expectedMs!.high > 800);
});

Deno.test("runLatencyTest() has a first cycle and no mean where a later load fails", async () => {
  const server = new ColdServer();
  const result = await simulateTest(runLatencyTest, { coldStarts: 5 }, {
    fate: server.fate,
    capabilities: (clock) => {
      const sound = server.capabilities(clock);
      let loads = 0;
      const load = () => ++loads === 2 ? Promise.reject(new TargetError("out of memory")) : sound.load!("m");
      return { ...sound, load };
    },
  });
  assertEquals([result.cold, result.absences["cold"]], [null, "out of memory"]);
  assertAlmostEquals(result.firstCycle!.totalMs, 800, 20);
  assertEquals(result.firstCycle!.expectedMs, null);
});

Deno.test("runLatencyTest() begins no more cold cycles after 10 s where it is quick and was not told how many", async () => {
  const slow = async (options: LatencyOptions) => {
    const server = new ColdServer(6000);
    const { cold, absences } = await simulateTest(runLatencyTest, options, server);
    assert(server.loaded);
    return [server.loads, cold?.samples.length, absences["cold.samples"]];
  };
  assertEquals(await slow({ quick: true }), [2, 1, "1 of 3: a quick test begins no more after 10 s"]);
  assertEquals(await slow({ quick: true, coldStarts: 3 }), [4, 3, undefined]);
  assertEquals(await slow({}), [6, 5, undefined]);
});
