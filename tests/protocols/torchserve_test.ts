import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { TargetError, UsageError } from "../../src/core/errors.ts";
import type { BindOptions } from "../../src/core/protocol.ts";
import type { WireBody } from "../../src/core/transport.ts";
import { wholeBody } from "../../src/core/wire_body.ts";
import { connect } from "../../src/protocols/connect.ts";
import { torchserve } from "../../src/protocols/torchserve.ts";
import story from "../live/recorded/torchserve.json" with { type: "json" };
import tokenStory from "../live/recorded/torchserve_tokens.json" with { type: "json" };
import { startModelServer } from "./torchserve/model_server.ts";

type ModelServer = Awaited<ReturnType<typeof startModelServer>>;

const bind = ({ inference, management, metrics }: ModelServer, options: BindOptions = {}) =>
  torchserve.bind(inference.call, {
    ...options,
    callTo: (address) => address === "management" ? management.call : metrics.call,
  });
const changesOf = (server: ModelServer) => server.changes().map((change) => change.replace("&synchronous=true", ""));

Deno.test("torchserve unloads by stopping the workers, and loads and restores as many as there were", async () => {
  await using server = await startModelServer({}, { maxWorkers: 4 });
  const protocol = await bind(server);
  await protocol.unload!("resnet18");
  assertEquals((await protocol.verifyAbsent!("resnet18")).absent, true);
  await protocol.load!("resnet18");
  await protocol.restore!("resnet18");
  await protocol.restore!("resnet18");
  assertEquals(changesOf(server), [
    "PUT /models/resnet18?min_worker=0&max_worker=0",
    "PUT /models/resnet18?min_worker=2&max_worker=4",
  ]);
  const { minWorkers, maxWorkers, workers } = server.models.get("resnet18")!;
  assertEquals([minWorkers, maxWorkers, workers.length], [2, 4, 2]);
});

Deno.test("torchserve reloads by registration where that is wanted, with everything that it was registered with", async () => {
  await using server = await startModelServer({}, { batchSize: 4, maxBatchDelay: 50, responseTimeout: 7 });
  const protocol = await bind(server, { reregister: true });
  await protocol.unload!("resnet18");
  const gone = await protocol.verifyAbsent!("resnet18");
  assertEquals(gone, { absent: true, evidence: "GET /models/resnet18 does not know it" });
  await protocol.load!("resnet18");
  await protocol.restore!("resnet18");
  const [removed, registered, ...more] = changesOf(server);
  assertEquals(removed, "DELETE /models/resnet18");
  for (
    const part of ["url=resnet18.mar", "initial_workers=2", "batch_size=4", "max_batch_delay=50", "response_timeout=7"]
  ) {
    assertStringIncludes(registered!, part);
  }
  assertEquals(more, []);
  const { minWorkers, workers, batchSize, maxBatchDelay, responseTimeout } = server.models.get("resnet18")!;
  assertEquals([minWorkers, workers.length, batchSize, maxBatchDelay, responseTimeout], [2, 2, 4, 50, 7]);
});

Deno.test("torchserve tells how long the workers of a cold start took, those of earlier ones left out", async () => {
  await using server = await startModelServer();
  const protocol = await bind(server);
  assertEquals(await protocol.coldWorkers!("resnet18"), { count: 2, startMs: 2750, handlerMs: 67.91 });
  await using silent = await startModelServer({ counts: false });
  assertEquals(await (await bind(silent)).coldWorkers!("resnet18"), { count: 2, startMs: null, handlerMs: null });
});

Deno.test("torchserve sets batches by registering anew and restores them, even after a registration that failed", async () => {
  for (const registrationFails of [false, true]) {
    await using server = await startModelServer({ registrationFails });
    const protocol = await bind(server);
    assertEquals(await protocol.serverBatch!("resnet18"), { batchSize: 1, maxDelayMs: 100 });
    const set = protocol.setServerBatch!("resnet18", { batchSize: 8, maxDelayMs: 20 });
    if (registrationFails) {
      await assertRejects(() => set, TargetError, "Failed to start workers");
      assertEquals(server.models.size, 0);
    } else {
      await set;
      assertEquals(await protocol.serverBatch!("resnet18"), { batchSize: 8, maxDelayMs: 20 });
      assertEquals(server.models.get("resnet18")!.workers.length, 2);
    }
    await protocol.restore!("resnet18");
    const { batchSize, maxBatchDelay, workers } = server.models.get("resnet18")!;
    assertEquals([batchSize, maxBatchDelay, workers.length], [1, 100, 2]);
  }
});

Deno.test("torchserve does not take a batch size for set that config.properties overrules", async () => {
  await using server = await startModelServer({ forcedBatchSize: 2 });
  const protocol = await bind(server);
  const set = () => protocol.setServerBatch!("resnet18", { batchSize: 8, maxDelayMs: 20 });
  const error = await assertRejects(set, TargetError, "with 2");
  assertStringIncludes(error.hint ?? "", "config.properties");
});

Deno.test("torchserve leaves out what this server does not allow and says why", async () => {
  await using server = await startModelServer({ modelApi: false, counts: false });
  const protocol = await bind(server);
  assertEquals([protocol.setServerBatch, protocol.serverTimings], [undefined, undefined]);
  assert(protocol.unload !== undefined);
  assertStringIncludes(protocol.lacks?.setServerBatch ?? "", "--enable-model-api");
  assertStringIncludes(protocol.lacks?.serverTimings ?? "", "metrics_mode=prometheus");
  await assertRejects(() => bind(server, { reregister: true }), TargetError, "--enable-model-api");
  assertEquals(server.changes(), []);
});

Deno.test("torchserve works without its management API, whose absence it explains", async () => {
  await using server = await startModelServer();
  const urls = { managementUrl: "http://127.0.0.1:1", metricsUrl: server.metrics.url };
  await using target = await connect(server.inference.url, { ...urls, model: "resnet18" });
  const { protocol } = target;
  assertEquals([protocol.listModels, protocol.unload], [undefined, undefined]);
  assertEquals((await protocol.serverMemory!()).workers, undefined);
  assertStringIncludes(protocol.lacks?.unload ?? "", "is its URL another?");
  assertEquals((await protocol.describeModel("resnet18")).device, null);
});

Deno.test("torchserve tells a model whose worker still starts from one without workers", async () => {
  const worker = { id: "9000", status: "UNLOADING", pid: -1, memoryUsage: 0, gpu: false };
  for (const [workers, loaded, words] of [[[worker], null, "unloading"], [[], false, "none"]] as const) {
    await using server = await startModelServer({}, { workers });
    const [model] = await (await bind(server)).listModels!();
    assertEquals(model, { name: "resnet18", loaded, description: `version 1.0, workers: ${words}` });
  }
});

Deno.test("torchserve has loaded a model only when a worker serves, also where its number is set already", async () => {
  let looks = 0;
  const starting = {
    id: "9000",
    get status() {
      return ++looks < 4 ? "UNLOADING" : "READY";
    },
    pid: 100,
    memoryUsage: 0,
    gpu: false,
  };
  await using server = await startModelServer({}, { workers: [starting], minWorkers: 1, maxWorkers: 1 });
  const protocol = await bind(server);
  await protocol.load!("resnet18");
  assertEquals(looks, 4);
  assertEquals(changesOf(server), ["PUT /models/resnet18?min_worker=1&max_worker=1"]);
});

Deno.test("torchserve sums its counters over versions and splits queue from work", async () => {
  await using server = await startModelServer();
  const protocol = await bind(server);
  assertEquals(await protocol.serverTimings!("resnet18"), {
    requests: 4,
    countedAt: "arrival",
    executions: null,
    predictions: 4,
    source: "TorchServe's ts_inference_latency_microseconds and ts_queue_latency_microseconds",
    queueMs: 20,
    computeMs: 100,
  });
});

Deno.test("torchserve reports memory by worker, and a sum only when every worker was measured", async () => {
  const worker = { id: "9000", status: "READY", pid: 11, memoryUsage: 5e8, gpu: false };
  await using server = await startModelServer({}, { workers: [worker, { ...worker, id: "9001", pid: 12 }] });
  const protocol = await bind(server);
  const memory = await protocol.serverMemory!();
  assertEquals([memory.residentBytes, memory.refreshMs], [1e9, 60_000]);
  assertEquals(memory.workers, [
    { id: "9000", pid: 11, residentBytes: 5e8 },
    { id: "9001", pid: 12, residentBytes: 5e8 },
  ]);
  server.models.get("resnet18")!.workers[1]!.memoryUsage = 0;
  assertEquals((await protocol.serverMemory!()).residentBytes, null);
});

Deno.test("connect() finds TorchServe at its three addresses, each with its token, and shows no token", async () => {
  const tokens = { inference: "inference-secret", management: "management-secret" };
  await using server = await startModelServer({ tokens });
  const urls = { managementUrl: server.management.url, metricsUrl: server.metrics.url };
  const headers = { Authorization: `Bearer ${tokens.inference}` };
  const managementHeaders = { authorization: `Bearer ${tokens.management}` };
  await using target = await connect(server.inference.url, { ...urls, headers, managementHeaders });
  assertEquals([target.protocol.name, target.model], ["torchserve", "resnet18"]);
  assertEquals(target.protocolEvidence, "GET /ping says Healthy");
  assertEquals(
    server.management.requests.some(({ headers }) => headers["authorization"]?.includes("inference")),
    false,
  );

  const error = await assertRejects(() => connect(server.inference.url, urls), TargetError, "inference token");
  assertStringIncludes(error.hint ?? "", "Give headers");
  await using unmanaged = await connect(server.inference.url, { ...urls, headers, model: "resnet18" });
  assertEquals(unmanaged.protocol.unload, undefined);
  assertStringIncludes(unmanaged.protocol.lacks?.unload ?? "", "it wants the management token");
});

Deno.test("torchserve sends one item as what it is: JSON, plain text or bytes", async () => {
  await using server = await startModelServer();
  const { encode } = await bind(server);
  const text = (body: WireBody | null) => new TextDecoder().decode(wholeBody(body));
  const tensor = { name: "x", datatype: "FP32", shape: [2], data: [1, 2] } as const;
  const numbers = encode("a b", [{ kind: "tensors", tensors: [tensor] }]);
  assertEquals([numbers.path, text(numbers.body), numbers.headers[1]], [
    "/predictions/a%20b",
    "[1.0,2.0]",
    "application/json",
  ]);
  assertEquals(text(encode("m", [{ kind: "text", text: "é" }]).body), "é");
  const bytes = encode("m", [{ kind: "bytes", bytes: Uint8Array.of(137, 80), contentType: "image/png" }]);
  assertEquals([...wholeBody(bytes.body), bytes.headers[1]], [137, 80, "image/png"]);
  const item = { kind: "json", value: 1 } as const;
  assertThrows(() => encode("m", [item, item]), UsageError, "one item");
});

Deno.test("torchserve judges what TorchServe 0.12 was recorded to answer", async () => {
  await using server = await startModelServer();
  const { judge } = await bind(server);
  const asked = { model: "resnet18", predictions: 1, allowNullResults: false };
  for (const { note, request, status, body } of [...story, ...tokenStory]) {
    if (!request.startsWith("POST /predictions")) continue;
    const verdict = judge({ status, headers: {}, body: new TextEncoder().encode(body) }, asked);
    assertEquals(verdict.kind, status === 200 ? "success" : "failure", note);
    if (verdict.kind === "failure") assertStringIncludes(verdict.message, JSON.parse(body).message.slice(0, 40));
  }
});
