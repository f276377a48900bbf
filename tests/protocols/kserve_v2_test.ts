import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { TargetError } from "../../src/core/errors.ts";
import type { InputSpec } from "../../src/core/model_input.ts";
import { kserveV2 } from "../../src/protocols/kserve_v2.ts";
import { UnknownInputError } from "../../src/protocols/shared/unknown_input_error.ts";
import { json } from "./fake_server.ts";
import { startRoutesServer } from "./routes_server.ts";

function server(extensions: readonly string[]) {
  return { "GET /v2": json({ name: "triton", version: "2.50.0", extensions }) };
}

const tensor = (name: string, datatype: string, shape: readonly (number | string)[]) => ({ name, datatype, shape });

Deno.test("detect() names the server, or falls back to its liveness", async () => {
  await using triton = await startRoutesServer(server([]));
  assertEquals(await kserveV2.detect(triton.call), "GET /v2 names the server triton 2.50.0");
  await using wrapper = await startRoutesServer({ "GET /v2/health/live": json({ live: true }) });
  assertEquals(await kserveV2.detect(wrapper.call), "GET /v2/health/live says that it lives");
  await using page = await startRoutesServer({ "GET /v2/health/live": { body: "" } });
  assertEquals(await kserveV2.detect(page.call), null);
});

Deno.test("describeModel() finds the batch dimension that all inputs and outputs have in common", async () => {
  const image: InputSpec = { kind: "tensors", tensors: [{ name: "x", datatype: "FP32", shape: [3, 8, 8] }] };
  const spec = (shape: number[], ownBatch?: true): InputSpec => ({
    kind: "tensors",
    tensors: [{ name: "x", datatype: "FP32", shape, ...ownBatch && { ownBatch } }],
  });
  const text: InputSpec = { kind: "text", words: 32 };
  const rows: [string, unknown[], unknown[], number | undefined, InputSpec, number | null][] = [
    ["batched", [tensor("x", "FP32", [-1, 3, 8, 8])], [tensor("y", "FP32", [-1, 5])], undefined, image, null],
    ["limited", [tensor("x", "FP32", [-1, 3, 8, 8])], [tensor("y", "FP32", [-1, 5])], 16, image, 16],
    [
      "not limited by Triton",
      [tensor("x", "FP32", ["-1", 3, 8, 8])],
      [tensor("y", "FP32", [-1])],
      0,
      spec([-1, 3, 8, 8], true),
      1,
    ],
    ["fixed", [tensor("x", "FP32", [3, 8, 8])], [tensor("y", "FP32", [5])], undefined, image, 1],
    ["texts", [tensor("t", "BYTES", [-1, 1])], [tensor("y", "FP32", [-1, 5])], undefined, text, null],
    ["one text", [tensor("t", "BYTES", [1])], [tensor("y", "FP32", [5])], undefined, text, 1],
    ["output without a batch", [tensor("x", "INT64", [-1])], [tensor("y", "FP32", [5])], undefined, {
      kind: "tensors",
      tensors: [{ name: "x", datatype: "INT64", shape: [-1] }],
    }, 1],
    ...[[1000], [100, 6], []].map((shape): typeof rows[number] => [
      `output of ${shape}`,
      [tensor("x", "FP32", [-1, 3, 8, 8])],
      [tensor("y", "FP32", [-1, 5]), tensor("z", "FP32", shape)],
      undefined,
      spec([-1, 3, 8, 8], true),
      1,
    ]),
    ["of any length", [tensor("x", "FP32", [-1])], [tensor("y", "FP32", [-1])], 0, spec([-1]), 1],
  ];
  for (const [what, inputs, outputs, limit, input, maxBatchSize] of rows) {
    await using triton = await startRoutesServer({
      ...server(["model_configuration"]),
      "GET /v2/models/m": json({ name: "m", platform: "p", inputs, outputs }),
      ...limit !== undefined && { "GET /v2/models/m/config": json({ max_batch_size: limit }) },
    });
    const protocol = await kserveV2.bind(triton.call);
    const found = await protocol.describeModel("m");
    assertEquals([found.input, found.maxBatchSize], [input, maxBatchSize], what);
  }
});

Deno.test("describeModel() holds to what the user says of the batch", async () => {
  const rows: [boolean, number[], number | undefined, number[], number | null][] = [
    [false, [-1, 3], undefined, [-1, 3], 1],
    [false, [-1, 3], 8, [-1, 3], 1],
    [true, [-1, 3], 0, [3], null],
    [true, [1, 3], undefined, [3], null],
    [true, [3], undefined, [3], null],
  ];
  for (const [batched, given, limit, shape, maxBatchSize] of rows) {
    await using triton = await startRoutesServer({
      ...server(["model_configuration"]),
      "GET /v2/models/m": json({ inputs: [tensor("x", "FP32", given)], outputs: [tensor("y", "FP32", [5])] }),
      ...limit !== undefined && { "GET /v2/models/m/config": json({ max_batch_size: limit }) },
    });
    const protocol = await kserveV2.bind(triton.call, { batched });
    const found = await protocol.describeModel("m");
    const spec = { name: "x", datatype: "FP32" as const, shape, ...!batched && { ownBatch: true as const } };
    assertEquals([found.input, found.maxBatchSize], [{ kind: "tensors", tensors: [spec] }, maxBatchSize]);
  }
});

Deno.test("judge() counts no rows of a model that takes no batches by its configuration, whatever the user says", async () => {
  await using triton = await startRoutesServer({
    ...server(["model_configuration"]),
    "GET /v2/models/m": json({ inputs: [tensor("x", "FP32", [-1, 3])], outputs: [tensor("y", "FP32", [-1, 6])] }),
    "GET /v2/models/m/config": json({ max_batch_size: 0 }),
  });
  const protocol = await kserveV2.bind(triton.call, { batched: true });
  await protocol.describeModel("m");
  const detections = { name: "y", datatype: "FP32", shape: [2, 6], data: Array(12).fill(0.5) };
  const body = new TextEncoder().encode(JSON.stringify({ model_name: "m", outputs: [detections] }));
  const asked = { model: "m", predictions: 1, allowNullResults: false };
  assertEquals(protocol.judge({ status: 200, headers: {}, body }, asked).kind, "success");
});

Deno.test("describeModel() says which input is not described, and does without outputs", async () => {
  const rows: [unknown, string][] = [
    [[], "lists no inputs"],
    ["none", "lists no inputs"],
    [[{ name: "x" }], "unknown datatype"],
    [[{ name: "x", datatype: "FP32" }], '"x" has no shape'],
    [[tensor("x", "FP31", [-1, 2])], '"x" is of an unknown datatype, "FP31"'],
  ];
  for (const [inputs, why] of rows) {
    await using triton = await startRoutesServer({ "GET /v2/models/m": json({ inputs, outputs: [] }) });
    const protocol = await kserveV2.bind(triton.call);
    const error = await assertRejects(() => protocol.describeModel("m"), UnknownInputError, why);
    assertEquals(error.known, { name: "m", maxBatchSize: null, device: null });
  }
  const inputs = [tensor("x", "FP31", [-1, 2]), tensor("y", "FP32", [-1, 3])];
  await using partly = await startRoutesServer({ "GET /v2/models/m": json({ inputs }) });
  const { told } = await assertRejects(
    async () => (await kserveV2.bind(partly.call)).describeModel("m"),
    UnknownInputError,
    "FP31",
  );
  assertEquals(told, [{ name: "x", datatype: null, shape: [2] }, { name: "y", datatype: "FP32", shape: [3] }]);
  await using unlisted = await startRoutesServer({ "GET /v2/models/m/ready": json({ ready: true }) });
  const bare = await kserveV2.bind(unlisted.call);
  await assertRejects(() => bare.describeModel("m"), UnknownInputError, "GET /v2/models/m answers status 404");
  for (const outputs of [undefined, null, [tensor("y", "COMPLEX", [-1])], [{ name: "y" }]]) {
    await using triton = await startRoutesServer({
      "GET /v2/models/m": json({ inputs: [tensor("x", "FP32", [-1, 2])], outputs }),
    });
    const protocol = await kserveV2.bind(triton.call);
    assertEquals((await protocol.describeModel("m")).input, {
      kind: "tensors",
      tensors: [{ name: "x", datatype: "FP32", shape: [2] }],
    });
  }
});

Deno.test("describeModel() asks a gateway that describes nothing whether it has a route for predictions", async () => {
  for (const action of ["infer", "generate_stream"]) {
    await using gateway = await startRoutesServer({
      [`POST /v2/models/m/${action}`]: json({ error: "no input" }, 400),
    });
    const protocol = await kserveV2.bind(gateway.call);
    await assertRejects(() => protocol.describeModel("m"), UnknownInputError, "GET /v2/models/m answers status 404");
    const error = await assertRejects(() => protocol.describeModel("n"), TargetError, "it does not know it");
    assertEquals(error instanceof UnknownInputError, false);
  }
});

Deno.test("listModels() takes models without a state for not loaded where Triton loads models, and for unknown elsewhere", async () => {
  for (const [name, loaded] of [["triton", false], ["other", null]] as const) {
    await using repository = await startRoutesServer({
      "GET /v2": json({ name, version: "1", extensions: [] }),
      "POST /v2/repository/index": json([{ name: "m" }]),
      "POST /v2/repository/models/torchgauge-no-such-model/unload": json({}),
    });
    const protocol = await kserveV2.bind(repository.call);
    assertEquals(await protocol.listModels!(), [{ name: "m", loaded, description: null }]);
  }
});

Deno.test("bind() offers what the server's extensions and answers show", async () => {
  await using bare = await startRoutesServer(server([]));
  const protocol = await kserveV2.bind(bare.call);
  const absent = [protocol.listModels, protocol.load, protocol.unload, protocol.serverTimings, protocol.serverMemory];
  assertEquals(absent, [undefined, undefined, undefined, undefined, undefined]);
  assertStringIncludes(protocol.lacks?.unload ?? "", "POST /v2/repository/models/torchgauge-no-such-model/unload");
  const request = protocol.encode("m", [{ kind: "text", text: "a" }]);
  assertEquals(request.headers, ["content-type", "application/json"]);
  await using binary = await startRoutesServer(server(["binary_tensor_data"]));
  const other = await kserveV2.bind(binary.call);
  assertEquals(other.encode("m", [{ kind: "text", text: "a" }]).headers[1], "application/octet-stream");
});

Deno.test("serverTimings() sums the counters of all versions, in ms", async () => {
  const duration = (count: number, ns: number) => ({ count, ns });
  const stats = (executions: number) => ({
    inference_count: 8,
    execution_count: executions,
    inference_stats: {
      success: duration(4, 9e6),
      queue: duration(4, 2e6),
      compute_input: duration(4, 5e5),
      compute_infer: duration(4, 3e6),
      compute_output: duration(4, 5e5),
    },
  });
  await using triton = await startRoutesServer({
    ...server(["statistics"]),
    "GET /v2/models/m/stats": json({ model_stats: [stats(2), stats(3)] }),
    "GET /v2/models/n/stats": json({ model_stats: [] }),
  });
  const protocol = await kserveV2.bind(triton.call);
  assertEquals(await protocol.serverTimings?.("m"), {
    requests: 8,
    executions: 5,
    predictions: 16,
    queueMs: 4,
    computeMs: 6,
    inputMs: 1,
    outputMs: 1,
  });
  await assertRejects(() => protocol.serverTimings!("n"), TargetError, "it holds none");
});

Deno.test("verifyAbsent() waits for an unload that is still going on, and does without an index", async () => {
  const rows: [boolean, string, Parameters<typeof startRoutesServer>[0]][] = [
    [false, "UNLOADING", { "POST /v2/repository/index": json([{ name: "m", state: "UNLOADING" }]) }],
    [true, "UNAVAILABLE", { "POST /v2/repository/index": json([{ name: "m", state: "UNAVAILABLE" }]) }],
    [true, "says no state", {
      "GET /v2/models/m/ready": json({ error: "Request for unknown model: 'm' is not found" }, 400),
      "POST /v2/repository/index": json([{ name: "m" }]),
    }],
    [false, "says no state", { "POST /v2/repository/index": json([{ name: "m" }]) }],
    [true, "does not list it", { "POST /v2/repository/index": json([{ name: "n", state: "READY" }]) }],
    [false, "answers status 404", {}],
    [false, "status 401", { "GET /v2/models/m/ready": json({ detail: "no token for the model" }, 401) }],
    [false, "status 429", { "GET /v2/models/m/ready": json({ detail: "too many requests" }, 429) }],
    [false, "status 503", { "GET /v2/models/m/ready": json({ detail: "no healthy upstream" }, 503) }],
    [false, "status 503", { "GET /v2/models/m/ready": json({ detail: "the model is overloaded" }, 503) }],
    [false, "models/m/ready", { "GET /v2/models/m/ready": json({ detail: "no route /v2/models/m/ready" }, 404) }],
    [true, "status 503", { "GET /v2/models/m/ready": json({ error: "Model with name m is not ready." }, 503) }],
    [true, "status 404", { "GET /v2/models/m/ready": json({ error: "Model m not found" }, 404) }],
    [true, "status 400", { "GET /v2/models/m/ready": json({}, 400) }],
    [false, "is ready", { "GET /v2/models/m/ready": { body: "" } }],
    [true, "status 200", { "GET /v2/models/m/ready": json({ ready: false }) }],
  ];
  for (const [absent, evidence, routes] of rows) {
    await using triton = await startRoutesServer({ ...server([]), ...routes });
    const protocol = await kserveV2.bind(triton.call);
    const found = await protocol.verifyAbsent!("m");
    assertEquals(found.absent, absent, found.evidence);
    assertStringIncludes(found.evidence, evidence);
  }
});

Deno.test("verifyAbsent() takes a missing route for a model that is gone only where the route was there before", async () => {
  for (const hasRoute of [true, false]) {
    let isThere = true;
    await using gateway = await startRoutesServer({
      "GET /v2/health/ready": json({}),
      "GET /v2/models/m": json({ inputs: [tensor("x", "FP32", [-1, 2])] }),
      "GET /v2/models/m/ready": () => hasRoute && isThere ? json({}) : json({ detail: "Not Found" }, 404),
    });
    const protocol = await kserveV2.bind(gateway.call);
    await protocol.health();
    await protocol.describeModel("m");
    isThere = false;
    assertEquals((await protocol.verifyAbsent!("m")).absent, hasRoute);
  }
});
