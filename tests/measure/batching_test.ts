import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { BasicOptions, ThroughputOptions } from "../../src/measure/settings/options.ts";
import { TargetError, UsageError } from "../../src/core/errors.ts";
import type { Protocol, ServerBatch } from "../../src/core/protocol.ts";
import { takenSizes } from "../../src/measure/batching.ts";
import type { Target } from "../../src/core/target.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { measureOperatingPoints } from "../../src/test_types/operating_points.ts";
import { runScalabilityTest } from "../../src/test_types/scalability.ts";
import { runThroughputTest } from "../../src/test_types/throughput.ts";
import { simulateTest } from "./simulation.ts";

/** A server whose requests hold one item, and what it was told about batches; `registered` is how many it joins so far. */
function oneItemAtATime(capabilities: Partial<Protocol> = {}, registered = 1) {
  const told: string[] = [];
  const batching: Partial<Protocol> = {
    serverBatch: () => Promise.resolve({ batchSize: registered, maxDelayMs: 100 }),
    setServerBatch: (_model, { batchSize, maxDelayMs }: ServerBatch) => {
      told.push(`${batchSize} within ${maxDelayMs}`);
      return Promise.resolve();
    },
    restore: () => {
      told.push("restored");
      return Promise.resolve();
    },
    ...capabilities,
  };
  const simulation = { fate: () => ({ serviceMs: 10 }), capabilities: () => batching };
  const asOne = (target: Target): Target => ({ ...target, description: { ...target.description, maxBatchSize: 1 } });
  return { told, simulation, asOne };
}

Deno.test("runThroughputTest() has a server make the batches of a model that takes one item, and sends as many at once", async () => {
  const { told, simulation, asOne } = oneItemAtATime();
  const test = (target: Target, options?: ThroughputOptions) => runThroughputTest(asOne(target), options);
  const result = await simulateTest(test, { batchSizes: [1, 4], maxBatchDelayMs: 20, concurrency: 2 }, simulation);
  assertEquals(result.batching, "server");
  assertEquals(result.levels.map(({ batchSize }) => batchSize), [1, 4]);
  for (const { batchSize, predictionsPerSecond } of result.levels) {
    assertAlmostEquals(predictionsPerSecond!.value / (2 * batchSize * 100), 1, 0.1);
  }
  assertEquals(told.toSorted(), ["1 within 20", "1 within 20", "4 within 20", "4 within 20", "restored"]);
  assertEquals(told.at(-1), "restored");
});

Deno.test("runThroughputTest() keeps to the delay that the model has unless told otherwise", async () => {
  const { told, simulation, asOne } = oneItemAtATime();
  const test = (target: Target, options?: ThroughputOptions) => runThroughputTest(asOne(target), options);
  await simulateTest(test, { batchSizes: [2] }, simulation);
  assertEquals(told, ["2 within 100", "2 within 100", "restored"]);
});

Deno.test("no test sends more items in a request than the model is said to take: its largest batch stands for all above", async () => {
  const upTo4 = (target: Target): Target => ({ ...target, description: { ...target.description, maxBatchSize: 4 } });
  const simulation = { fate: () => ({ serviceMs: 10 }) };
  const test = (target: Target, options?: ThroughputOptions) => runThroughputTest(upTo4(target), options);
  const result = await simulateTest(test, { batchSizes: [1, 4, 16, 32] }, simulation);
  assertEquals(result.levels.map(({ batchSize }) => batchSize), [1, 4]);
  assertEquals(result.absences["levels"], "batches of 16, 32: the model takes at most 4 items in a request");
  assertEquals(takenSizes({ maxBatchSize: 6 }, [1, 4, 16]), [1, 4, 6]);
  assertEquals(takenSizes({ maxBatchSize: null }, [1, 4, 16]), [1, 4, 16]);
});

Deno.test("runThroughputTest() leaves out a batch size that the server refuses, says why and restores", async () => {
  const { told, simulation, asOne } = oneItemAtATime({
    setServerBatch: (_model, { batchSize }) =>
      batchSize > 1 ? Promise.reject(new TargetError("no workers")) : Promise.resolve(),
  });
  const test = (target: Target, options?: ThroughputOptions) => runThroughputTest(asOne(target), options);
  const result = await simulateTest(test, { batchSizes: [1, 4] }, simulation);
  assertEquals(result.levels.map(({ batchSize }) => batchSize), [1]);
  assertStringIncludes(result.absences["levels"]!, "batch 4: no workers");
  assertEquals(told, ["restored"]);
});

Deno.test("runThroughputTest() measures batch 1 alone where nobody can make batches, and says why", async () => {
  const capabilities = { setServerBatch: undefined, lacks: { setServerBatch: "the model API is off" } };
  const { simulation, asOne } = oneItemAtATime(capabilities as unknown as Partial<Protocol>);
  const test = (target: Target, options?: ThroughputOptions) => runThroughputTest(asOne(target), options);
  const result = await simulateTest(test, { batchSizes: [1, 4] }, simulation);
  assertEquals(result.levels.map(({ batchSize }) => batchSize), [1]);
  assertEquals(result.batching, undefined);
  assertStringIncludes(result.absences["levels"]!, "the model API is off");
});

Deno.test("runBasicTest() refuses a batch for a model that takes one item, and says who can make it", async () => {
  const { simulation, asOne } = oneItemAtATime();
  const run = () => simulateTest((target) => runBasicTest(asOne(target), { batchSize: 4 }), {}, simulation);
  const error = await assertRejects(run, UsageError, "asked for are 4");
  assertStringIncludes(error.hint ?? "", "throughput test");
});

Deno.test("measureOperatingPoints() has the server make the batches of its points and restores it", async () => {
  const { told, simulation, asOne } = oneItemAtATime();
  const measured = await simulateTest(
    async (target, options) => {
      const throughput = await runThroughputTest(asOne(target), { ...options, batchSizes: [1, 4] });
      const scalability = await runScalabilityTest(asOne(target), { ...options, levels: [1, 2] });
      told.length = 0;
      return await measureOperatingPoints(asOne(target), throughput, scalability, options ?? {});
    },
    { quick: true },
    simulation,
  );
  assert(measured!.result().points.some(({ batchSize, concurrency }) => batchSize === 4 && concurrency === 4));
  assert(told.some((what) => what.startsWith("4 within")));
  assertEquals(told.at(-1), "restored");
});

Deno.test("a batch size of 1 is registered for points and sweeps where the model is registered with another", async () => {
  for (const registered of [1, 8]) {
    const { told, simulation, asOne } = oneItemAtATime({}, registered);
    // What it joins waits for others, so that single requests do best alone.
    const fate = () => ({ serviceMs: told.at(-1)?.startsWith("1 within") ? 10 : registered === 1 ? 10 : 200 });
    const { points, alone } = await simulateTest(
      async (target, options) => {
        const alone = await runThroughputTest(asOne(target), { ...options, batchSizes: [1] });
        const throughput = { ...alone, batching: "server" } as const;
        const scalability = await runScalabilityTest(asOne(target), { ...options, levels: [1, 2] });
        told.length = 0;
        const measured = await measureOperatingPoints(asOne(target), throughput, scalability, options ?? {});
        return { alone, points: measured!.result().points };
      },
      { quick: true },
      { ...simulation, fate },
    );
    assertAlmostEquals(alone.levels[0]!.predictionsPerSecond!.value, 100, 10);
    assertEquals(alone.batching, registered === 1 ? undefined : "server");
    assert(points.every(({ latencyMs }) => Math.abs(latencyMs!.mean.value - 10) < 2), `registered with ${registered}`);
    assertEquals(told.length > 0, registered !== 1);
  }
});

Deno.test("measureOperatingPoints() leaves out the batches that the server does not tell how to make any more, and says why", async () => {
  const { simulation, asOne } = oneItemAtATime();
  let asked = 0;
  const capabilities = (): Partial<Protocol> => ({
    ...simulation.capabilities(),
    // The throughput test asks first.
    serverBatch: () =>
      ++asked > 1
        ? Promise.reject(new TargetError("the management API answered 500"))
        : Promise.resolve({ batchSize: 1, maxDelayMs: 100 }),
  });
  const measured = await simulateTest(
    async (target, options) => {
      const throughput = await runThroughputTest(asOne(target), { ...options, batchSizes: [1, 4] });
      const scalability = await runScalabilityTest(asOne(target), { ...options, levels: [1, 2] });
      return await measureOperatingPoints(asOne(target), throughput, scalability, options ?? {});
    },
    { quick: true },
    { ...simulation, capabilities },
  );
  const { points, partial, absences } = measured!.result();
  assertEquals([points.map(({ batchSize, succeeded }) => [batchSize, succeeded > 0]), partial], [[[1, true]], null]);
  assertEquals(absences["levels"], "the model takes one item in a request: the management API answered 500");
});

Deno.test("given items that cannot stand in one batch are sent alone: a sweep says why, a batch size is refused", async () => {
  const unlike = 'those given for "x" are of the shapes [1] and [2]';
  const samples = [{ kind: "text", text: "a" }, { kind: "text", text: "b" }] as const;
  const given = (target: Target): Target => ({
    ...target,
    description: { ...target.description, input: { kind: "samples", samples, unlike } },
  });
  const simulation = { fate: () => ({ serviceMs: 10 }) };
  const sweep = (target: Target, options?: ThroughputOptions) => runThroughputTest(given(target), options);
  const result = await simulateTest(sweep, { batchSizes: [1, 4] }, simulation);
  assertEquals(result.levels.map(({ batchSize }) => batchSize), [1]);
  assertStringIncludes(result.absences["levels"]!, unlike);
  const basic = (target: Target, options?: BasicOptions) => runBasicTest(given(target), options);
  await assertRejects(
    () => simulateTest(basic, { batchSize: 2 }, simulation),
    UsageError,
    unlike,
  );
});
