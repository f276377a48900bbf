import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertExists,
  assertGreater,
  assertGreaterOrEqual,
  assertLessOrEqual,
  assertRejects,
  assertStringIncludes,
  equal,
} from "@std/assert";
import { TargetError } from "../../src/core/errors.ts";
import type { InputSpec } from "../../src/core/model_input.ts";
import type { FailureReason } from "../../src/core/outcome.ts";
import type { Target } from "../../src/core/target.ts";
import { MEMORY_PHASES } from "../../src/results/result.ts";
import { isAbsent } from "../../src/observe/absent.ts";
import { openMemorySampler } from "../../src/observe/memory_sampler.ts";
import { bestMemoryKind, findListeningPids, processMemory } from "../../src/observe/process_tree.ts";
import { connect, type ConnectOptions } from "../../src/protocols/connect.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { runLatencyTest } from "../../src/test_types/latency/latency.ts";
import { runMemoryTest } from "../../src/test_types/memory/memory.ts";
import { runScalabilityTest } from "../../src/test_types/scalability.ts";
import { runThroughputTest } from "../../src/test_types/throughput.ts";
import { durationMs, readJournal } from "./journal.ts";
import { type Launcher, liveTest } from "./live_case.ts";
import { psTree } from "./process_table.ts";
import type { LiveServer } from "./servers/live_server.ts";

/** What is true of a kind of server. */
export interface Expectations {
  /** Name of the protocol that it speaks, which must be found out by asking it. */
  readonly protocol: string;
  /** The model. */
  readonly model: string;
  /** Items, where the server does not say what the model takes. */
  readonly inputs?: InputSpec;
  /** What else connecting needs. */
  readonly connectOptions?: (server: LiveServer) => ConnectOptions;
  /** Size of its weights, bytes: what a load costs at least. */
  readonly weightsBytes: number;
  /** Batch sizes of the throughput test. */
  readonly batchSizes: readonly number[];
  /** Whether the items of a batch go into one request, or the server makes batches of requests. */
  readonly batching: "request" | "server";
  /** Whether each answer says how long the server worked on it. */
  readonly serverTimeInAnswer: boolean;
  /** How a prediction for a model that is not there fails. */
  readonly wrongModel: FailureReason;
}

/** Networks of `python/networks.py`. */
export const LIVE_MODELS = [
  { model: "resnet18", weightsBytes: 46.8e6 },
  { model: "bert", weightsBytes: 5.4e6 },
] as const;

/** A bound that no clock of two processes violates by more than the rounding of what they print, ms. */
const ROUNDING_MS = 1;
/** Resident memory moves a little between two looks, even at rest. */
const AT_REST = 0.02;
/** Part of the latency by which the server's mean may differ, as it counts some requests at the window's ends. */
const AT_THE_EDGES = 0.25;
/** Part of the weights that a load must show at least: some memory that an unload freed may be used again. */
const LEAST_SHARE_OF_WEIGHTS = 0.5;
const QUICK = { quick: true, requests: 20, warmUpRequests: 5 } as const;

/**
 * All test types against one kind of server, each checked against what the server and the system say of it.
 *
 * @param name Name of the server, for people.
 * @param launcher How it is started.
 * @param expected What is true of it.
 */
export async function liveSuite(name: string, launcher: Launcher, expected: Expectations): Promise<void> {
  await liveTest(`live ${name}`, launcher, [expected.protocol], async (server, t) => {
    const { model } = expected;
    const options: ConnectOptions = {
      ...expected.inputs === undefined ? {} : { inputs: expected.inputs },
      ...expected.connectOptions?.(server),
    };
    await using target = await connect(server.url, { ...options, model });
    const check = { server, target, expected };
    await t.step("connect() finds the protocol and the model", () => checkConnection(check));
    await t.step("runBasicTest() agrees with the server's own times", () => checkBasic(check));
    await t.step("runThroughputTest() sends real batches", () => checkThroughput(check));
    await t.step("runScalabilityTest() fulfils Little's law", () => checkScalability(check));
    await t.step("runLatencyTest() measures cold starts that the server's log shows", () => checkColdStarts(check));
    await t.step("processes and their memory are those of ps", () => checkProcesses(check));
    await t.step("runMemoryTest() sees the model come and go", () => checkMemory(check));
    await t.step(
      "connect() names the models that there are where the model is wrong",
      () => checkWrongName(check, options),
    );
    await t.step("a prediction for a model that is not there is a failure", () => checkWrongModel(check));
    await t.step("runBasicTest() keeps what it measured when the server is killed", () => checkKill(check));
  });
}

interface Check {
  readonly server: LiveServer;
  readonly target: Target;
  readonly expected: Expectations;
}

async function checkConnection({ target, expected: { protocol, model } }: Check): Promise<void> {
  assertEquals(target.protocol.name, protocol);
  assertEquals(target.model, model);
  assertEquals((await target.protocol.health()).healthy, true);
  const models = await target.protocol.listModels?.() ?? [];
  assert(models.some(({ name, loaded }) => name === model && loaded !== false), JSON.stringify(models));
}

async function checkBasic({ server, target, expected }: Check): Promise<void> {
  const journal = await readJournal(server, expected.model);
  const result = await runBasicTest(target, { ...QUICK, concurrency: 2 });

  assertEquals(result.failuresByReason, {});
  assertGreaterOrEqual(result.succeeded, QUICK.requests);
  assertExists(result.latencyMs);
  if (expected.serverTimeInAnswer) {
    assertExists(result.serverMs);
    assertLessOrEqual(result.serverMs.mean.value, result.latencyMs.mean.value);
  }
  assertExists(result.server, result.absences["server"]);
  assertGreater(result.server.requests, 0);
  assertExists(result.server.computeMs);
  assertGreater(result.server.computeMs, 0);
  const { queueMs, computeMs, inputMs = 0, outputMs = 0 } = result.server;
  const inServerMs = (queueMs ?? 0) + computeMs + inputMs + outputMs;
  assertLessOrEqual(inServerMs, (1 + AT_THE_EDGES) * result.latencyMs.mean.value);
  assertEquals(changesIn(await readJournal(server, expected.model)), changesIn(journal), "a warm test loads nothing");
}

/** Loads and unloads; the first inference is one of the warm test's own. */
function changesIn(entries: readonly { readonly event: string }[]): readonly string[] {
  return entries.map(({ event }) => event).filter((event) => event !== "first_inference");
}

async function checkThroughput({ target, expected: { batchSizes, batching } }: Check): Promise<void> {
  const result = await runThroughputTest(withSettledTimings(target), { ...QUICK, batchSizes });

  assertEquals(result.levels.map(({ batchSize }) => batchSize), batchSizes, result.absences["levels"]);
  assertEquals(result.batching ?? "request", batching);
  assert(batchSizes.includes(result.optimalBatchSize ?? 0), `optimum ${result.optimalBatchSize}`);
  for (const { batchSize, failuresByReason, server } of result.levels) {
    assertEquals(failuresByReason, {}, `batch ${batchSize}`);
    assertExists(server, result.absences["server"]);
    if (server.meanBatch !== null) assertAlmostEquals(server.meanBatch, batchSize, 0.01, `batch ${batchSize}`);
  }
}

/** Reads the counters until two readings in a row agree, also at the begin of a window, where the program reads once. */
function withSettledTimings({ protocol, ...target }: Target): Target {
  const { serverTimings } = protocol;
  if (serverTimings === undefined) return { protocol, ...target };
  const settled: typeof serverTimings = async (...asked) => {
    let last = await serverTimings(...asked);
    for (let next = await serverTimings(...asked); !equal(last, next); next = await serverTimings(...asked)) {
      last = next;
    }
    return last;
  };
  return { ...target, protocol: { ...protocol, serverTimings: settled } };
}

async function checkScalability({ target }: Check): Promise<void> {
  const result = await runScalabilityTest(target, { ...QUICK, levels: [1, 4] });
  for (const { concurrency, failuresByReason, littlesLawRatio } of result.levels) {
    assertEquals(failuresByReason, {}, `concurrency ${concurrency}`);
    assertExists(littlesLawRatio);
    // Short windows on shared cores: this only catches a rate or a latency that is of something else.
    assert(littlesLawRatio > 0.7 && littlesLawRatio < 1.4, `concurrency ${concurrency}: ${littlesLawRatio}`);
  }
}

async function checkColdStarts({ server, target, expected }: Check): Promise<void> {
  const known = (await readJournal(server, expected.model)).length;
  const coldStarts = 2;
  const result = await runLatencyTest(target, { ...QUICK, coldStarts, followUps: 1 });
  const journal = (await readJournal(server, expected.model)).slice(known);

  const { cold, warm } = result;
  assertExists(cold, result.absences["cold"]);
  assertEquals([cold.samples.length, result.firstCycle?.sinceStart], [coldStarts, false]);
  // The first cycle stands apart.
  const samples = [result.firstCycle!, ...cold.samples];
  const loads = journal.filter(({ event }) => event === "load");
  const firsts = journal.filter(({ event }) => event === "first_inference");
  const unloads = journal.filter(({ event }) => event === "unload");
  assertEquals([loads.length, firsts.length], [samples.length, samples.length], JSON.stringify(journal));
  samples.forEach((sample, i) => {
    assertGreaterOrEqual(firsts[i]!.started_at, loads[i]!.ended_at);
    // What the client waited for holds what the server did.
    if (sample.loadMs !== null) assertGreaterOrEqual(sample.loadMs + ROUNDING_MS, durationMs(loads[i]!));
    assertGreaterOrEqual(sample.firstInferenceMs + ROUNDING_MS, durationMs(firsts[i]!));
    // And it lies between this unload and the next, where the server tells of them.
    const [unload, next] = [unloads[i], unloads[i + 1]];
    if (unload === undefined || next === undefined) return;
    assertLessOrEqual(sample.totalMs - ROUNDING_MS, 1000 * (next.started_at - unload.ended_at));
  });
  assertExists(warm?.latencyMs);
  assertGreater(cold.totalMs.mean.value, warm.latencyMs.mean.value);
}

async function checkProcesses({ server }: Check): Promise<void> {
  const port = Number(new URL(server.url).port);
  const [root = null] = await findListeningPids(port);
  assertExists(root);
  const started = await psTree(server.pid);
  assert(started.pids.includes(root), `process ${root} is none of ${started.pids}`);
  const opened = await openMemorySampler({ port });
  assert(!isAbsent(opened), JSON.stringify(opened));
  await using sampler = opened;
  const before = await psTree(root);
  const [residentBytes, { cpuBytes }] = [await processMemory(before.pids, "rss"), await sampler.sample()];
  const after = await psTree(root);
  assertEquals(sampler.scope.pids.toSorted((a, b) => a - b), before.pids);
  assertEquals(await bestMemoryKind(before.pids), "pss");
  assertExists(residentBytes);
  const lowest = Math.min(before.residentBytes, after.residentBytes) * (1 - AT_REST);
  const highest = Math.max(before.residentBytes, after.residentBytes) * (1 + AT_REST);
  assertGreaterOrEqual(residentBytes, lowest);
  assertLessOrEqual(residentBytes, highest);
  // Pages that processes share count once, so the proportional size is never the larger one.
  assertLessOrEqual(cpuBytes, highest);
  assertGreater(cpuBytes, highest / before.pids.length / 2);
}

async function checkMemory({ server, target, expected: { weightsBytes } }: Check): Promise<void> {
  const batchSizes = [1];
  const result = await runMemoryTest(target, { quick: true, soakMs: 1500, concurrency: 2, batchSizes });
  assertExists(result.scope, result.absences["scope"]);
  assertEquals(result.scope.source, "process-tree-pss");
  const [root = null] = await findListeningPids(Number(new URL(server.url).port));
  assert(root !== null && result.scope.pids.includes(root), `${result.scope.pids} must have ${root}`);
  assert(!result.scope.pids.includes(Deno.pid), "the client does not count itself");
  assertExists(result.modelFootprintBytes, JSON.stringify(result.absences));
  assertGreater(result.modelFootprintBytes, LEAST_SHARE_OF_WEIGHTS * weightsBytes);
  assertEquals(result.phases.map(({ name }) => name), [...MEMORY_PHASES]);
}

async function checkWrongName({ server, expected }: Check, options: ConnectOptions): Promise<void> {
  const error = await assertRejects(() => connect(server.url, { ...options, model: "no-such-model" }), TargetError);
  assertStringIncludes(error.message, "no-such-model");
  assertStringIncludes(error.message, expected.model);
}

async function checkWrongModel({ target, expected: { wrongModel } }: Check): Promise<void> {
  const wrong: Target = { ...target, model: "no-such-model" };
  const result = await runBasicTest(wrong, { requests: 5, warmUpRequests: 1, durationMs: 5000 });
  assertEquals(result.succeeded, 0);
  assertEquals(Object.keys(result.failuresByReason), [wrongModel], JSON.stringify(result.failureExamples));
}

async function checkKill({ server, target }: Check): Promise<void> {
  let killed: Promise<void> | null = null;
  const result = await runBasicTest(target, {
    requests: 1e6,
    durationMs: 60_000,
    warmUpRequests: 2,
    onProgress: () => {
      // A while into the measured window, not at its first request.
      killed ??= new Promise((resolve) => setTimeout(resolve, 1500)).then(() => server.kill());
    },
  });
  await killed;
  assertEquals(result.partial, "target-lost");
  assertGreater(result.succeeded, 0);
  assertEquals((await psTree(server.pid)).residentBytes, 0, "nothing of the server is left");
}
