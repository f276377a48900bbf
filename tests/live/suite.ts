import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertExists,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertLessOrEqual,
  assertRejects,
  assertStringIncludes,
  equal,
} from "@std/assert";
import { TargetError } from "../../src/core/errors.ts";
import type { Target } from "../../src/core/target.ts";
import type { SampleLog } from "../../src/measure/sample_log.ts";
import { isAbsent } from "../../src/observe/absent.ts";
import { openMemorySampler } from "../../src/observe/memory_sampler.ts";
import { bestMemoryKind, findListeningPids, processMemory } from "../../src/observe/process_tree.ts";
import { connect, type ConnectOptions } from "../../src/protocols/connect.ts";
import { GENERIC } from "../../src/protocols/generic.ts";
import { parseGenericSpec } from "../../src/protocols/generic/spec.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { runLatencyTest } from "../../src/test_types/latency/latency.ts";
import { runMemoryTest } from "../../src/test_types/memory/memory.ts";
import { runScalabilityTest } from "../../src/test_types/scalability.ts";
import { runThroughputTest } from "../../src/test_types/throughput.ts";
import { assertColdStarts, assertMemory } from "./assert_model_cycle.ts";
import { checkComprehensive } from "./check_comprehensive.ts";
import { checkRates } from "./check_rates.ts";
import type { Expectations } from "./expectations.ts";
import { type JournalEntry, readJournal } from "./journal.ts";
import { type Launcher, liveTest } from "./live_case.ts";
import { psTree } from "./process_table.ts";
import type { LiveServer } from "./servers/live_server.ts";

/** Resident memory moves a little between two looks, even at rest. */
const AT_REST = 0.02;
/** Part of the latency by which the server's mean may differ, as it counts some requests at the window's ends. */
const AT_THE_EDGES = 0.25;
/** Where items are counted as requests of their own, those at a window's ends must be few of all: so many are sent. */
const MANY_REQUESTS = 80;
/** So often counters are read again at most. */
const MOST_READINGS = 4;
/** So many requests are answered before the server is killed: more than its warm-up. */
const ENOUGH_SEEN = 60;
const QUICK = { quick: true, requests: 20, warmUpRequests: 5 } as const;

/**
 * All test types against one kind of server, each checked against what the server and the system say of it.
 *
 * @param name Name of the server, for people.
 * @param launcher How it is started.
 * @param expected What is true of it.
 */
export async function liveSuite(name: string, launcher: Launcher, expected: Expectations): Promise<void> {
  const { protocol, model, comprehensive = false } = expected;
  await liveTest(`live ${name}`, launcher, protocol === GENERIC ? [] : [protocol], async (server, t, environment) => {
    const options: ConnectOptions = {
      ...expected.inputs === undefined ? {} : { inputs: expected.inputs },
      ...expected.description === undefined
        ? {}
        : { generic: await parseGenericSpec(expected.description, name, noFile) },
      ...expected.connectOptions?.(server),
    };
    await using target = await connect(server.url, { ...options, model });
    const check = { server, target, expected };
    await t.step("connect() finds the protocol and the model", () => checkConnection(check));
    await t.step("runBasicTest() agrees with the server's own times", () => checkBasic(check));
    await t.step("its rate is that of another client", () => checkRates(target, environment));
    await t.step("runThroughputTest() sends real batches", () => checkThroughput(check));
    await t.step("runScalabilityTest() fulfils Little's law", () => checkScalability(check));
    await t.step("processes and their memory are those of ps", () => checkProcesses(check));
    if (comprehensive) {
      await t.step("the command measures everything and leaves the model loaded", () => checkComprehensive(check));
    } else {
      await t.step("runMemoryTest() sees the model come and go", () => checkMemory(check));
    }
    if (!comprehensive || expected.batching === "server") {
      await t.step("runLatencyTest() measures cold starts that the server's log shows", () => checkLatency(check));
    }
    if (expected.wrongModel !== null) {
      await t.step(
        "connect() names the models that there are where the model is wrong",
        () => checkWrongName(check, options),
      );
      await t.step("a prediction for a model that is not there is a failure", () => checkWrongModel(check));
    }
    await t.step("runBasicTest() keeps what it measured when the server is killed", () => checkKill(check));
  });
}

/** Descriptions of servers stand whole in their tests. */
function noFile(path: string): never {
  throw new Error(`Cannot read ${path}: it is in no file`);
}

/** What a step looks at. */
interface Check {
  readonly server: LiveServer;
  readonly target: Target;
  readonly expected: Expectations;
}

async function checkConnection({ target, expected: { protocol, model, lists = true } }: Check): Promise<void> {
  assertEquals(target.protocol.name, protocol);
  assertEquals(target.model, model);
  assertEquals((await target.protocol.health()).healthy, true);
  if (!lists) return;
  const models = await target.protocol.listModels?.() ?? [];
  assert(models.some(({ name, loaded }) => name === model && loaded !== false), JSON.stringify(models));
}

async function checkBasic({ server, target, expected }: Check): Promise<void> {
  const journal = await readJournal(server, expected.model);
  let sent = 0;
  const sampleLog: SampleLog = { begin: () => () => sent++, ended: () => {} };
  const concurrency = 2;
  const result = await runBasicTest(target, { ...QUICK, concurrency, sampleLog });
  const done = (await readJournal(server, expected.model)).slice(journal.length);

  assertEquals(result.failuresByReason, {});
  assertGreaterOrEqual(result.succeeded, QUICK.requests);
  assertExists(result.latencyMs);
  if (expected.serverTimeInAnswer) {
    assertExists(result.serverMs);
    assertLessOrEqual(result.serverMs.mean.value, result.latencyMs.mean.value);
  }
  assertEquals(changesIn(done), [], "a warm test loads nothing");
  if (expected.logsExecutions) {
    // The model ran once for each request; those under way at the end are cancelled and not counted.
    assertGreaterOrEqual(executionsIn(done), sent);
    assertLess(executionsIn(done), sent + concurrency);
  }
  if (expected.counts === false) return;
  assertExists(result.server, result.absences["server"]);
  assertGreater(result.server.requests, 0);
  assertExists(result.server.computeMs);
  assertGreater(result.server.computeMs, 0);
  const { queueMs, computeMs, inputMs = 0, outputMs = 0 } = result.server;
  const inServerMs = (queueMs ?? 0) + computeMs + inputMs + outputMs;
  assertLessOrEqual(inServerMs, (1 + AT_THE_EDGES) * result.latencyMs.mean.value);
}

/** Loads and unloads. */
function changesIn(entries: readonly JournalEntry[]): readonly string[] {
  return entries.map(({ event }) => event).filter((event) => event === "load" || event === "unload");
}

function executionsIn(entries: readonly JournalEntry[]): number {
  return entries.filter(({ event }) => event === "execution").length;
}

async function checkThroughput({ target, expected: { batchSizes, batching, counts = true } }: Check): Promise<void> {
  const requests = batching === "server" ? MANY_REQUESTS : QUICK.requests;
  const result = await runThroughputTest(withSettledTimings(target), { ...QUICK, requests, batchSizes });

  assertEquals(result.levels.map(({ batchSize }) => batchSize), batchSizes, result.absences["levels"]);
  assertEquals(result.batching ?? "request", batching);
  assert(batchSizes.includes(result.optimalBatchSize ?? 0), `optimum ${result.optimalBatchSize}`);
  for (const { batchSize, failuresByReason, server } of result.levels) {
    assertEquals(failuresByReason, {}, `batch ${batchSize}`);
    if (!counts) continue;
    assertExists(server, result.absences["server"]);
    if (server.meanBatch !== null) assertAlmostEquals(server.meanBatch, batchSize, 0.01, `batch ${batchSize}`);
  }
}

/**
 * Reads the counters until two readings in a row agree, also at the begin of a window, where the program reads once; only
 * where executions are counted, whose mean batch is held to the wanted one. A server that answers while it predicts nothing
 * has counted one more at every reading, so there is an end to it.
 */
function withSettledTimings({ protocol, ...target }: Target): Target {
  const { serverTimings } = protocol;
  if (serverTimings === undefined) return { protocol, ...target };
  const settled: typeof serverTimings = async (...asked) => {
    let last = await serverTimings(...asked);
    for (let again = 0; again < MOST_READINGS && last.executions !== null; again++) {
      const next = await serverTimings(...asked);
      if (equal(last, next)) break;
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

async function checkLatency({ server, target, expected }: Check): Promise<void> {
  const known = (await readJournal(server, expected.model)).length;
  const coldStarts = 2;
  const result = await runLatencyTest(target, { ...QUICK, coldStarts, followUps: 1 });
  const journal = (await readJournal(server, expected.model)).slice(known);
  assertColdStarts(result, journal, coldStarts, expected);
  if (expected.whyNoUnload !== undefined) return;
  const loads = journal.filter(({ event }) => event === "load").length;
  assertEquals(loads, (coldStarts + 1) * (expected.workers ?? 1), "nothing else loads");
}

async function checkProcesses({ server }: Check): Promise<void> {
  const port = Number(new URL(server.url).port);
  const [root] = await findListeningPids(port);
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

async function checkMemory({ server, target, expected }: Check): Promise<void> {
  const batchSizes = [1];
  const result = await runMemoryTest(target, { quick: true, soakMs: 1500, concurrency: 2, batchSizes });
  await assertMemory(result, server, expected);
  assert(!result.scope!.pids.includes(Deno.pid), "the client does not count itself");
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
  // Where the server says that it has no such model, the run ends as one that has lost it.
  if (result.lost !== undefined) assertStringIncludes(result.lost.reason, "no-such-model");
  else {assertEquals<string[]>(
      Object.keys(result.failuresByReason),
      [wrongModel!],
      JSON.stringify(result.failureExamples),
    );}
}

async function checkKill({ server, target }: Check): Promise<void> {
  let killed: Promise<void> | null = null;
  let seen = 0;
  const sampleLog: SampleLog = {
    // A while into the measured window, not at its first request.
    begin: () => () => {
      if (++seen === ENOUGH_SEEN) killed = server.kill();
    },
    ended: () => {},
  };
  const result = await runBasicTest(target, { requests: 1e6, durationMs: 60_000, warmUpRequests: 2, sampleLog });
  await killed;
  assertEquals(result.partial, "target-lost");
  assertGreater(result.succeeded, 0);
  assertEquals((await psTree(server.pid)).residentBytes, 0, "nothing of the server is left");
}
