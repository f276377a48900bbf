import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { SampleTable } from "../../../src/core/sample.ts";
import { visitFrom, type VisitRecord } from "../../../src/measure/window/visit_record.ts";
import type { Absent } from "../../../src/observe/absent.ts";
import type { ServerGpus } from "../../../src/observe/gpu/server_gpus.ts";
import type { AllOptions } from "../../../src/test_types/comprehensive.ts";
import { runTests } from "../../../src/test_types/comprehensive.ts";
import { runAbTest } from "../../../src/test_types/ab.ts";
import { runThroughputTest } from "../../../src/test_types/throughput.ts";
import { windowsOf } from "../../../src/results/windows.ts";
import { simulatedProtocol, SimulatedServer, simulatedTarget } from "../../load/simulated_server.ts";
import { VirtualClock } from "../../load/virtual_clock.ts";
import { FakeGpuSource } from "../../observe/gpu/fake_gpu_source.ts";

const REST_WATTS = 100, JOULES_AN_ITEM = 0.05, LAGGING_WATTS = 150;

/**
 * A server on a made-up GPU that takes 100 W at rest and 0.05 J more for each item; a batch takes 10 ms. Its readings of power lag,
 * as real ones do: they still tell of a load before.
 */
function gpuServer() {
  const clock = new VirtualClock(true);
  let items = 0;
  const server = new SimulatedServer(clock, ({ batchSize }) => {
    items += batchSize;
    return { serviceMs: 10 };
  });
  const target = simulatedTarget(server, simulatedProtocol);
  const source = new FakeGpuSource({
    clock,
    at: (
      nowMs,
    ) => [{ joules: REST_WATTS * nowMs / 1000 + JOULES_AN_ITEM * items, powerWatts: LAGGING_WATTS, throttledBy: [] }],
  });
  let opened = 0;
  const openGpus = () => {
    opened++;
    return Promise.resolve({ source, positions: [0], pids: null });
  };
  return { clock, target, source, openGpus, opened: () => opened };
}

Deno.test("a test on a GPU knows the energy of a prediction at every level, the device's rest among it", async () => {
  const { clock, target, source, openGpus } = gpuServer();
  const options = { clock, openGpus, batchSizes: [1, 4], quick: true };
  const { levels, absences } = await clock.run(runThroughputTest(target, options));
  for (const { batchSize, gpu, predictionsPerSecond } of levels) {
    const joules = JOULES_AN_ITEM + REST_WATTS / predictionsPerSecond!.value;
    assertAlmostEquals(gpu!.energyPerPrediction!.value, joules, 0.02 * joules, `batch ${batchSize}`);
    assertEquals([gpu!.source, gpu!.throttledShare], ["nvml", 0]);
    // A page tells of one power by its watts and by its joules.
    const watts = REST_WATTS + JOULES_AN_ITEM * predictionsPerSecond!.value;
    assertAlmostEquals(gpu!.powerWatts!, watts, 0.02 * watts, `batch ${batchSize}`);
  }
  assertEquals(absences["gpu"], undefined);
  assert(source.closed);
});

Deno.test("the tests of a run look at the GPU once, from its beginning to its end", async () => {
  const { clock, target, source, openGpus, opened } = gpuServer();
  const options: AllOptions = { clock, openGpus, quick: true, batchSizes: [1, 2], levels: [1, 2] };
  const { tests } = await clock.run(runTests(target, ["basic", "throughput", "scalability"], options));
  const windows = windowsOf(tests);
  assert(windows.length > 5);
  assert(windows.every(({ window }) => window.gpu !== null && window.gpu !== undefined));
  assertEquals([opened(), source.closed], [1, true]);
});

Deno.test("power at rest is that before the first load: of either server of an A/B test, and of workers that start anew", async () => {
  const LOADED_WATTS = 300, EMPTY_WATTS = 40;
  const clock = new VirtualClock(true);
  let isLoaded = false, isEmpty = false;
  const server = () => new SimulatedServer(clock, () => (isLoaded = true, { serviceMs: 10 }));
  const at = () => [{ joules: null, powerWatts: isLoaded ? LOADED_WATTS : isEmpty ? EMPTY_WATTS : REST_WATTS }];
  const openGpus = () => {
    const source = new FakeGpuSource({ clock, at });
    return Promise.resolve({ source, positions: [0], pids: null });
  };
  const [targetA, targetB] = [server(), server()].map((one) => simulatedTarget(one, simulatedProtocol));
  const { a, b } = await clock.run(runAbTest(targetA!, targetB!, { clock, openGpus, quick: true, blocks: 2 }));
  for (const { gpu } of [a, b]) assertEquals(gpu!.idlePowerWatts ?? REST_WATTS, REST_WATTS);
  isLoaded = false;
  const target = simulatedTarget(server(), {
    ...simulatedProtocol,
    serverBatch: () => Promise.resolve({ batchSize: 1, maxDelayMs: 100 }),
    setServerBatch: () => (isEmpty = true, clock.sleep(1000)),
  });
  const oneItem = { ...target, description: { ...target.description, maxBatchSize: 1 } };
  const test = runThroughputTest(oneItem, { clock, openGpus, quick: true, batchSizes: [1, 4] });
  for (const { gpu } of (await clock.run(test)).levels) assertEquals(gpu!.idlePowerWatts ?? REST_WATTS, REST_WATTS);
});

Deno.test("a window says why the GPU was not seen, and nothing where nobody looked", async () => {
  const { clock, target } = gpuServer();
  const openGpus = () => Promise.resolve({ absent: "no driver" });
  const absent = await clock.run(runThroughputTest(target, { clock, openGpus, batchSizes: [1], quick: true }));
  assertEquals([absent.levels[0]!.gpu, absent.absences["gpu"]], [null, "no driver"]);
  const simulated = await clock.run(runThroughputTest(target, { clock, batchSizes: [1], quick: true }));
  assert(!("gpu" in simulated.levels[0]!));
  assertEquals(simulated.absences["gpu"], undefined);
});

Deno.test("a file of samples keeps what the GPU did, so that it says the same again", async () => {
  const { clock, target, openGpus } = gpuServer();
  const kept: VisitRecord[] = [];
  const sampleLog = { begin: () => () => {}, ended: (visit: object) => void kept.push(visit as VisitRecord) };
  await clock.run(runThroughputTest(target, { clock, openGpus, sampleLog, batchSizes: [1], quick: true }));
  const [first] = kept;
  assert(first !== undefined && typeof first.gpu === "object");
  const read = JSON.parse(JSON.stringify(first)) as VisitRecord;
  assertEquals(read.gpu, first.gpu);
  assertEquals(
    visitFrom({ ...read, run: { ...read.run, windowFrom: 0, windowTo: 0 } }, new SampleTable()).gpu,
    first.gpu,
  );
});

Deno.test("a run warns where it reads a GPU and sees nothing of it, and not where there is none", async () => {
  const { clock, target } = gpuServer();
  const source = new FakeGpuSource({ clock, at: () => ({ absent: "the driver hangs" }) });
  const warningsOf = async (gpus: ServerGpus | Absent) => {
    const openGpus = () => Promise.resolve(gpus);
    const { warnings } = await clock.run(runTests(target, ["basic"], { clock, openGpus, quick: true }));
    return warnings.filter((warning) => warning.includes("GPU"));
  };
  const unread = await warningsOf({ source, positions: [0], pids: null });
  assertEquals(unread, ["The GPU was not measured: the driver hangs."]);
  assertEquals(await warningsOf({ absent: "no driver" }), []);
});
