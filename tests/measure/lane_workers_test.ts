import { assertEquals } from "@std/assert";
import { TargetError } from "../../src/core/errors.ts";
import { runLoad } from "../../src/load/run_load.ts";
import type { LaneWorkers } from "../../src/measure/lane_workers.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { runTests } from "../../src/test_types/comprehensive.ts";
import { runScalabilityTest } from "../../src/test_types/scalability.ts";
import { simulatedProtocol, SimulatedServer, simulatedTarget } from "../load/simulated_server.ts";
import { VirtualClock } from "../load/virtual_clock.ts";

/** Threads that are four once they are widened; each test counts what they ran. */
function fakeWorkers(): LaneWorkers & { runs: number; asked: number } {
  const workers = {
    count: 1,
    runs: 0,
    asked: 0,
    most: 4,
    widen() {
      workers.asked++;
      const widened = workers.count === 1;
      workers.count = 4;
      return Promise.resolve(widened);
    },
    async run({ issue }: Parameters<LaneWorkers["run"]>[0], plan: Parameters<LaneWorkers["run"]>[1]) {
      workers.runs++;
      return { run: await runLoad(issue, plan), clients: [], resentRequests: 2, notes: ["seen by a thread"] };
    },
  };
  return workers;
}

/** A server of 10 ms, and a client whose one thread judges for 2 ms where more than two requests are outstanding. */
function setUp() {
  const clock = new VirtualClock();
  const workers = fakeWorkers();
  let outstanding = 0;
  const server = new SimulatedServer(clock, (arrival) => {
    outstanding = arrival.outstanding;
    return { serviceMs: 9 + arrival.index % 3 };
  });
  const judge: typeof simulatedProtocol.judge = (...answer) => {
    if (outstanding > 2 && workers.count === 1) clock.work(2);
    return simulatedProtocol.judge(...answer);
  };
  return { clock, target: simulatedTarget(server, { ...simulatedProtocol, judge }), workers };
}

Deno.test("a load that one thread is too busy for is measured again by several", async () => {
  const { clock, target, workers } = setUp();
  const { clientLimited, visits, resentRequests } = await clock.run(
    runBasicTest(target, { concurrency: 4, workers, clock }),
  );
  assertEquals([workers.asked, workers.runs, clientLimited, visits!.length], [1, 1, false, 1]);
  assertEquals(resentRequests, 2);
});

Deno.test("a run tells what stood out to the threads, once", async () => {
  const { clock, target, workers } = setUp();
  const { warnings } = await clock.run(runTests(target, ["basic"], { concurrency: 4, workers, clock }));
  assertEquals(warnings.filter((warning) => warning === "seen by a thread").length, 1);
});

Deno.test("what one thread can send is sent by one, and by several from the first load on that it cannot", async () => {
  const { clock, target, workers } = setUp();
  const sweep = runScalabilityTest(target, { levels: [1, 2, 4], warmUpRequests: 8, workers, clock });
  const { levels } = await clock.run(sweep);
  assertEquals(levels.map(({ clientLimited }) => clientLimited), [false, false, false]);
  assertEquals(workers.asked, 1);
});

Deno.test("what one thread measured stands where no more can be begun, or less is measured with them", async () => {
  const { clock, target, workers } = setUp();
  workers.widen = () => Promise.reject(new TargetError("Cannot connect"));
  const refused = await clock.run(runTests(target, ["basic"], { concurrency: 4, requests: 200, workers, clock }));
  assertEquals([refused.partial, refused.tests.basic?.requests, refused.tests.basic?.clientLimited], [null, 200, true]);
  const note = "One thread alone sent, as others could not: Cannot connect.";
  assertEquals(refused.warnings.filter((warning) => warning === note).length, 1);
  const again = setUp(), stop = new AbortController(), { widen } = again.workers;
  again.workers.widen = () => {
    stop.abort();
    return widen();
  };
  const options = { concurrency: 4, requests: 200, workers: again.workers, clock: again.clock, signal: stop.signal };
  const cut = await again.clock.run(runTests(again.target, ["basic"], options));
  assertEquals([cut.partial, cut.tests.basic?.requests], ["interrupted", 200]);
});
