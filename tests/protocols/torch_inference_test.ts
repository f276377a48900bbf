import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { TargetError } from "../../src/core/errors.ts";
import type { InputSpec, JsonValue, ModelInput } from "../../src/core/model_input.ts";
import { wholeBody } from "../../src/core/wire_body.ts";
import { generateInputs } from "../../src/items/generate_inputs.ts";
import { connect, type FitInputs } from "../../src/protocols/connect.ts";
import { torchInference } from "../../src/protocols/torch_inference.ts";
import { UnknownInputError } from "../../src/protocols/shared/unknown_input_error.ts";
import type { RawRequest } from "../wire/raw_server.ts";
import { json } from "./fake_server.ts";
import { startRoutesServer } from "./routes_server.ts";

const HEALTHY = { "GET /health": json({ healthy: true, checks: { a: 1 } }) };

function listing(info: Record<string, unknown>) {
  return { ...HEALTHY, "GET /models": json({ models: Object.keys(info), model_info: info, total_models: 1 }) };
}

const image = (side: number) => ({
  kind: "tensors" as const,
  tensors: [{ name: "input", datatype: "FP32" as const, shape: [3, side, side] }],
});
const guessed = (side: number) => ({ ...image(side), guessed: true as const });

Deno.test("describeModel() takes the input from the server, else from the model's name", async () => {
  const rows: [string, Record<string, unknown>, InputSpec][] = [
    ["m", { input_type: "tensor", input_shape: [3, 64, 64], datatype: "FP32" }, image(64)],
    ["m", { input_type: "image", input_shape: [1, 3, 32, 32] }, image(32)],
    ["m", { input_shape: [null, 3, 32, 32] }, image(32)],
    ["m", { input_type: "image" }, guessed(224)],
    ["m", { input_type: "text" }, { kind: "text", words: 32 }],
    ["m", { input_type: "text", max_tokens: 8 }, { kind: "text", words: 8 }],
    ["m", { input_shape: [16], datatype: "INT64" }, {
      kind: "tensors",
      tensors: [{ name: "input", datatype: "INT64", shape: [16] }],
    }],
    ["resnet152", {}, guessed(224)],
    ["inception_v3", { input_shape: "?" }, guessed(299)],
    ["roberta-large", {}, { kind: "text", words: 32 }],
  ];
  for (const [name, info, input] of rows) {
    await using server = await startRoutesServer(listing({ [name]: { loaded: false, ...info } }));
    const protocol = await torchInference.bind(server.call);
    assertEquals((await protocol.describeModel(name)).input, input, JSON.stringify([name, info]));
  }
});

Deno.test("describeModel() says what to do when nobody knows the input, and what else is known", async () => {
  await using server = await startRoutesServer(listing({ mystery: { max_batch_size: 4, device: "cuda:0" } }));
  const protocol = await torchInference.bind(server.call);
  const error = await assertRejects(() => protocol.describeModel("mystery"), UnknownInputError, '"mystery"');
  assertEquals(error.hint, "Give sample inputs with inputs, or their shapes with inputs.tensors.");
  assertEquals(error.known, { name: "mystery", maxBatchSize: 4, device: "cuda:0" });
});

/** Counts inputs as the contract's letter says: a list longer than 1 is a batch. */
function literalPredict(request: RawRequest) {
  const { inputs } = JSON.parse(request.body);
  const count = Array.isArray(inputs) && inputs.length > 1 ? inputs.length : 1;
  const results = Array.from({ length: count }, () => ({ class: 1, score: 0.5 }));
  return json({ success: true, result: count > 1 ? results : results[0], model_info: { model: "m" } });
}

/** Knows that an image has three levels of lists. */
function knowingPredict(request: RawRequest) {
  const { inputs } = JSON.parse(request.body);
  const levels = (value: unknown): number => Array.isArray(value) ? 1 + levels(value[0]) : 0;
  const results = Array.from({ length: levels(inputs) === 4 ? inputs.length : 1 }, () => ({ class: 1, score: 0.5 }));
  return json({ success: true, result: levels(inputs) === 4 ? results : results[0], model_info: { model: "m" } });
}

Deno.test("encode() sends one image so that this server counts one input", async () => {
  const item: ModelInput = {
    kind: "tensors",
    tensors: [{ name: "input", datatype: "FP32", shape: [3, 2, 2], data: new Float64Array(12) }],
  };
  for (const [predict, levels] of [[literalPredict, 4], [knowingPredict, 3]] as const) {
    await using server = await startRoutesServer({
      ...listing({ m: { input_shape: [3, 2, 2] } }),
      "POST /m/predict": predict,
    });
    const protocol = await torchInference.bind(server.call);
    await protocol.settleForm!(await protocol.describeModel("m"));
    for (const batchSize of [1, 2, 3]) {
      const request = protocol.encode("m", Array(batchSize).fill(item));
      const verdict = protocol.judge(await server.call(request), {
        model: "m",
        predictions: batchSize,
        allowNullResults: false,
      });
      assertEquals(verdict, { kind: "success", serverMs: null }, `${predict.name}, batch of ${batchSize}`);
    }
    const body = new TextDecoder().decode(wholeBody(protocol.encode("m", [item]).body));
    assertEquals(body.match(/\[+/)?.[0].length, levels);
  }
});

Deno.test("encode() sends one image as it is to a server that could not be asked", async () => {
  await using server = await startRoutesServer(listing({ m: { input_shape: [3, 2, 2] } }));
  const protocol = await torchInference.bind(server.call);
  await protocol.settleForm!(await protocol.describeModel("m"));
  assertEquals(server.requests.filter(({ path }) => path === "/m/predict").length, 2);
});

/** The original's model: a list longer than 1 is a batch, and each item may be a number or a list of them. */
function examplePredict(request: RawRequest) {
  const { inputs } = JSON.parse(request.body);
  const input_count = Array.isArray(inputs) ? inputs.length : 1;
  const result = input_count > 1 ? inputs.map(() => 0.25) : 0.25;
  return json({ success: true, result, model_info: { model: "example", input_count } });
}

/** The same without saying how many inputs it counted. */
function silentPredict(request: RawRequest) {
  const { inputs } = JSON.parse(request.body);
  const result = Array.isArray(inputs) && inputs.length > 1 ? inputs.map(() => 0.25) : 0.25;
  return json({ success: true, result, model_info: { model: "example" } });
}

Deno.test("connect() sends the original's example a number, and a list of the user's as a list of one", async () => {
  const given = (value: JsonValue): InputSpec => ({ kind: "samples", samples: [{ kind: "json", value }] });
  const tensor: InputSpec = { kind: "tensors", tensors: [{ name: "x", datatype: "FP32", shape: [3] }] };
  const asked: FitInputs = (known) => Promise.resolve(known === null ? tensor : null);
  const rows: [string, InputSpec | FitInputs | undefined, RegExp][] = [
    ["a shape where nothing is known", asked, /^\{"inputs":\[\[[^\]]+\]\]\}$/],
    ["nothing given", undefined, /^\{"inputs":[\d.-]+\}$/],
    ["a number", given(5), /^\{"inputs":5\}$/],
    ["a list", given([1, 2, 3]), /^\{"inputs":\[\[1,2,3\]\]\}$/],
    ["a list of one", given([7]), /^\{"inputs":\[7\]\}$/],
    ["a word", given("a"), /^\{"inputs":"a"\}$/],
    ["a shape", tensor, /^\{"inputs":\[\[[^\]]+\]\]\}$/],
  ];
  for (const predict of [examplePredict, silentPredict]) {
    for (const [what, inputs, body] of rows) {
      await using server = await startRoutesServer({
        ...listing({ example: { loaded: true } }),
        "POST /example/predict": predict,
      });
      await using target = await connect(server.url, {
        model: "example",
        ...inputs === undefined ? {} : { inputs },
      });
      const { protocol, model, description } = target;
      const items = generateInputs({ spec: description.input, from: 0, to: 4, seed: 1, varies: false });
      const sent = new TextDecoder().decode(wholeBody(protocol.encode(model, items.slice(0, 1)).body));
      assertMatch(sent, body, `${predict.name}, ${what}`);
      for (const batchSize of description.input.kind === "tensors" ? [1, 2, 4] : [1]) {
        const response = await server.call(protocol.encode(model, items.slice(0, batchSize)));
        const verdict = protocol.judge(response, { model, predictions: batchSize, allowNullResults: false });
        assertEquals(verdict.kind, "success", `${predict.name}, ${what}, batch of ${batchSize}`);
      }
    }
  }
});

Deno.test("listModels() adds the models that are only described, as not loaded", async () => {
  await using server = await startRoutesServer({
    "GET /models": json({ models: ["a"], model_info: { a: {}, b: { description: "B" } } }),
  });
  const protocol = await torchInference.bind(server.call);
  assertEquals(await protocol.listModels?.(), [
    { name: "a", loaded: null, description: null },
    { name: "b", loaded: false, description: "B" },
  ]);
});

Deno.test("verifyAbsent() believes a refusal only if the list or the refusal says that the model is gone", async () => {
  const listed = listing({ m: {} });
  const rows: [boolean, string, Parameters<typeof startRoutesServer>[0]][] = [
    [true, "listed as unloaded and refused", { ...listing({ m: { loaded: false } }) }],
    [true, "not listed and refused", listing({})],
    [false, "not listed and yet it answers", {
      ...listing({}),
      "POST /m/predict": json({ success: true, result: 1, model_info: { model: "m" } }),
    }],
    [true, "not listed and another answers", {
      ...listing({}),
      "POST /m/predict": json({ success: true, result: 1, model_info: { model: "example" } }),
    }],
    [false, "listed as loaded, whatever it answers", listing({ m: { loaded: true } })],
    [true, "listed without a state and not found", listed],
    [false, "listed without a state and the input is refused", {
      ...listed,
      "POST /m/predict": json({ detail: "inputs must be an image" }, 400),
    }],
    [false, "listed without a state and there is no room", {
      ...listed,
      "POST /m/predict": json({ detail: "the queue is full" }, 503),
    }],
    [true, "listed without a state and refused as not loaded", {
      ...listed,
      "POST /m/predict": json({ success: false, error: "Model m is not loaded" }),
    }],
  ];
  for (const [absent, what, routes] of rows) {
    await using server = await startRoutesServer(routes);
    const protocol = await torchInference.bind(server.call);
    const found = await protocol.verifyAbsent!("m");
    assertEquals(found.absent, absent, `${what}: ${found.evidence}`);
  }
});

Deno.test("serverTimings() reads a model's counters where the server has them", async () => {
  const m = { requests: 3, executions: 2, predictions: 6, queue_time: 0.5, compute_time: 0.25 };
  await using server = await startRoutesServer({ "GET /stats": json({ models: { m, n: {} } }) });
  const protocol = await torchInference.bind(server.call);
  assertEquals(await protocol.serverTimings?.("m"), {
    requests: 3,
    executions: 2,
    predictions: 6,
    queueMs: 500,
    computeMs: 250,
  });
  await assertRejects(() => protocol.serverTimings!("n"), TargetError, '"n"');
  await using other = await startRoutesServer({ "GET /stats": json({ uptime: 1 }) });
  assertEquals((await torchInference.bind(other.call)).serverTimings, undefined);
});
