import { assert, assertEquals } from "@std/assert";
import type { InputSpec } from "../../src/core/model_input.ts";
import type { Target } from "../../src/core/target.ts";
import { wholeBody } from "../../src/core/wire_body.ts";
import type { Progress } from "../../src/results/progress.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { runTests } from "../../src/test_types/comprehensive.ts";
import { createEncoder } from "../../src/protocols/kserve_v2/encode.ts";
import { simulatedProtocol, SimulatedServer, simulatedTarget } from "../load/simulated_server.ts";
import { VirtualClock } from "../load/virtual_clock.ts";

/** A server that keeps every body that it is sent. */
function keeping(input: InputSpec) {
  const clock = new VirtualClock();
  let loaded = true;
  const bodies: string[] = [];
  const server = new SimulatedServer(clock, () => ({ serviceMs: 5 }));
  const { encode, form } = createEncoder("m", { batched: true }, true);
  const simulated = simulatedTarget(server, {
    ...simulatedProtocol,
    encode: (_model, items) => encode(items),
    itemForm: () => form,
    load: () => Promise.resolve(void (loaded = true)),
    unload: () => Promise.resolve(void (loaded = false)),
    verifyAbsent: () => Promise.resolve({ absent: !loaded, evidence: "" }),
  });
  const kept = () => {
    const transport = server.openTransport();
    return {
      ...transport,
      openLane: () => {
        const lane = transport.openLane();
        return {
          ...lane,
          send: (...[request, timeoutMs, observer]: Parameters<typeof lane.send>) => {
            bodies.push(wholeBody(request.body).toBase64());
            lane.send(request, timeoutMs, observer);
          },
        };
      },
    };
  };
  const target: Target = {
    ...simulated,
    description: { ...simulated.description, input },
    openTransport: kept,
    openTransportTo: kept,
  };
  return { clock, target, bodies };
}

const image = (side: number): InputSpec => ({
  kind: "tensors",
  tensors: [{ name: "x", datatype: "FP32", shape: [3, side, side] }],
});

Deno.test("a run sends no request twice, whatever tests, windows, cold starts and checks of the client it has", async () => {
  const { clock, target, bodies } = keeping(image(2));
  const options = { clock, quick: true, concurrency: 3, batchSizes: [1, 2], levels: [1, 4] };
  const { tests } = await clock.run(runTests(target, ["basic", "latency", "throughput", "scalability"], options));
  assert(bodies.length > 1000);
  const again = bodies.filter((body, i) => bodies.indexOf(body) !== i);
  assertEquals(new Set(again).size, 1, "but for the one that the check for a cache repeats");
  assertEquals(Object.values(tests).flatMap(({ absences }) => absences["inputs"] ?? []), []);
});

Deno.test("a run sends the same requests in the same order for the same seed, but for what tells each from all others", async () => {
  const runOf = async (seed: number, repeatInputs = false) => {
    const { clock, target, bodies } = keeping(image(2));
    const options = { clock, seed, repeatInputs, requests: 50, batchSizes: [1, 3] };
    await clock.run(runTests(target, ["throughput"], options));
    return bodies;
  };
  const [first, again, other] = [await runOf(1, true), await runOf(1, true), await runOf(2, true)];
  assertEquals(again, first);
  assert(first.every((body) => !other.includes(body)));
  const [before, after] = [await runOf(1), await runOf(1)];
  assertEquals(after.length, before.length);
  assert(after.every((body) => !before.includes(body)), "a server may keep the answers to the run before");
});

Deno.test("a run sends the same requests again and again where that is asked for, and says so", async () => {
  const { clock, target, bodies } = keeping(image(2));
  const options = { clock, requests: 200, repeatInputs: true };
  const { tests, warnings } = await clock.run(runTests(target, ["basic"], options));
  assertEquals(new Set(bodies).size, 32);
  assert(tests.basic?.absences["inputs"]?.includes("as was asked for"));
  assert(warnings.some((warning) => warning.startsWith("Requests differ less")));
});

Deno.test("a run tells that it makes inputs where that takes long, before anything is sent", async () => {
  const { clock, target, bodies } = keeping(image(128));
  const told: [string, number][] = [];
  const onProgress = ({ stage }: Progress) => told.push([stage, bodies.length]);
  await clock.run(runBasicTest(target, { clock, requests: 20, onProgress }));
  const making = told.filter(([stage]) => stage.startsWith("making inputs"));
  assert(making.length > 0 && making.every(([, sent]) => sent === 0), JSON.stringify(told.slice(0, 5)));
});

Deno.test("a run that is interrupted while it makes inputs ends, partial, and sends nothing", async () => {
  const { clock, target, bodies } = keeping(image(256));
  const interrupt = new AbortController();
  const onProgress = ({ stage }: Progress) => void (stage.startsWith("making inputs") && interrupt.abort());
  const options = { clock, quick: true, batchSizes: [1, 64], signal: interrupt.signal, onProgress };
  const { partial, tests } = await clock.run(runTests(target, ["basic", "latency", "throughput"], options));
  assertEquals([partial, Object.keys(tests), bodies], ["interrupted", ["basic"], []]);
});

Deno.test("runBasicTest() tells how many requests were sent once more, and nothing where none were", async () => {
  for (const resentRequests of [0, 3]) {
    const { clock, target } = keeping({ kind: "tensors", tensors: [{ name: "x", datatype: "FP32", shape: [2] }] });
    const openTransport = () => ({ ...target.openTransport(), resentRequests });
    const result = await clock.run(runBasicTest({ ...target, openTransport }, { requests: 20, clock }));
    assertEquals(result.resentRequests, resentRequests === 0 ? undefined : 3);
  }
});
