import { assertEquals, assertRejects, assertStrictEquals, assertStringIncludes } from "@std/assert";
import { TargetError, UsageError } from "../../src/core/errors.ts";
import type { Generation } from "../../src/core/request/generation.ts";
import { connect } from "../../src/protocols/connect.ts";
import { UnknownInputError } from "../../src/protocols/shared/unknown_input_error.ts";
import { exchange } from "../wire/exchange.ts";
import { json, startFakeServer } from "./fake_server.ts";
import { fakeOllama } from "./ollama/fake_ollama.ts";
import { fakeTorchInference } from "./fake_torch_inference.ts";
import { startRoutesServer } from "./routes_server.ts";

Deno.test("connect() gives the named model, described, with transports to its server", async () => {
  await using server = await startFakeServer(fakeTorchInference);
  await using target = await connect(`${server.url}/`, { model: "alpha" });
  assertEquals([target.url, target.model, target.embedded], [server.url, "alpha", false]);
  assertEquals(target.description.input, { kind: "text", words: 32 });
  assertStringIncludes(target.protocolEvidence, "GET /models");
  await using transport = target.openTransport();
  const ended = await exchange(transport.openLane(), target.protocol.encode("alpha", [{ kind: "text", text: "a" }]));
  assertEquals(ended.response?.status, 200);
});

Deno.test("connect() takes the first loaded model when none is named", async () => {
  await using server = await startFakeServer(fakeTorchInference, {
    models: new Map([["a", "unloaded"], ["b", "loaded"], ["c", "loaded"]]),
  });
  await using target = await connect(server.url);
  assertEquals(target.model, "b");
  await using empty = await startFakeServer(fakeTorchInference, { models: new Map([["a", "unloaded"]]) });
  const error = await assertRejects(() => connect(empty.url), TargetError, "has loaded none of a");
  assertEquals(error.hint, "Name one with model; see listModels and listDownloadable.");
  await using bare = await startFakeServer(fakeTorchInference, { models: new Map() });
  await assertRejects(() => connect(bare.url), TargetError, "it lists no model");
});

Deno.test("connect() has a missing model downloaded and loaded, and tells what it does", async () => {
  const models = () => new Map([["gamma", "downloadable" as const]]);
  await using server = await startFakeServer(fakeTorchInference, { models: models() });
  const told: string[] = [];
  await using target = await connect(server.url, { model: "gamma", onProgress: (text) => told.push(text) });
  assertEquals(target.model, "gamma");
  assertEquals([...server.state.models], [["gamma", "loaded"]]);
  assertEquals(told, [
    `connecting to ${server.url}`,
    "downloading gamma, given up after 600 s without progress",
    "loading gamma, at most 120 s",
  ]);
  await using other = await startFakeServer(fakeTorchInference, { models: models() });
  await assertRejects(() => connect(other.url, { model: "gamma", download: false }), TargetError, '"gamma"');
  assertEquals([...other.state.models], [["gamma", "downloadable"]]);
});

Deno.test("connect() leaves an unloaded model alone when it may not load", async () => {
  await using server = await startFakeServer(fakeTorchInference);
  await using target = await connect(server.url, { model: "beta", load: false });
  assertEquals([target.model, server.state.models.get("beta")], ["beta", "unloaded"]);
});

Deno.test("connect() takes the name as it is before it takes it for an alias", async () => {
  await using both = await startFakeServer(fakeTorchInference, {
    models: new Map([["bert-base-uncased", "loaded"], ["bert", "loaded"]]),
  });
  await using named = await connect(both.url, { model: "bert" });
  assertEquals(named.model, "bert");
  await using one = await startFakeServer(fakeTorchInference, { models: new Map([["resnet50", "downloadable"]]) });
  await using aliased = await connect(one.url, { model: "resnet" });
  assertEquals(aliased.model, "resnet50");
});

Deno.test("connect() lists what there is when the server lacks the model", async () => {
  await using server = await startFakeServer(fakeTorchInference, {
    models: new Map([["alpha", "loaded"], ["gamma", "downloadable"]]),
  });
  const error = await assertRejects(() => connect(server.url, { model: "nobody" }), TargetError);
  assertEquals(
    error.message,
    'Cannot use the model "nobody" as the server must have it: it has alpha and could download gamma',
  );
});

Deno.test("connect() takes a model that the server describes, though its list is not of all", async () => {
  const inputs = [{ name: "x", datatype: "FP32", shape: [-1, 2] }];
  await using server = await startRoutesServer({
    "GET /v2": json({ name: "s", version: "1", extensions: [] }),
    "GET /v2/health/ready": json({}),
    "GET /v2/models": json({ models: [] }),
    "GET /v2/models/m": json({ name: "m", platform: "p", inputs, outputs: [] }),
    "GET /v2/models/m/ready": json({}),
  });
  await using target = await connect(server.url, { model: "m" });
  assertEquals(target.model, "m");
  await assertRejects(() => connect(server.url, { model: "other" }), TargetError, "it has none");
});

Deno.test("connect() loads a model of which the index tells no state, where the server loads models", async () => {
  const unknown = (name: string) => json({ error: `Request for unknown model: '${name}' is not found` }, 400);
  const explicit = (loads: boolean) => {
    let isLoaded = false;
    const ofModel = (name: string, isThere: () => boolean) => ({
      [`GET /v2/models/${name}/ready`]: () => isThere() ? json({}) : unknown(name),
      [`GET /v2/models/${name}`]: () =>
        isThere() ? json({ name, inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2] }] }) : unknown(name),
    });
    return startRoutesServer({
      "GET /v2": json({ name: "triton", version: "2", extensions: [] }),
      "GET /v2/health/ready": json({}),
      "POST /v2/repository/index": () =>
        json([{ name: "densenet", ...isLoaded && { state: "READY" } }, {
          name: "other",
          ...loads && { state: "READY" },
        }]),
      ...ofModel("densenet", () => isLoaded || !loads),
      ...ofModel("other", () => true),
      ...loads && {
        "POST /v2/repository/models/densenet/load": () => {
          isLoaded = true;
          return json({});
        },
        "POST /v2/repository/models/torchgauge-no-such-model/unload": json({}),
      },
    });
  };
  await using triton = await explicit(true);
  await using first = await connect(triton.url);
  await using named = await connect(triton.url, { model: "densenet" });
  await using unstated = await explicit(false);
  await using listed = await connect(unstated.url);
  assertEquals([first.model, named.model, listed.model], ["other", "densenet", "densenet"]);
});

Deno.test("connect() refuses an unhealthy server with the server's words", async () => {
  await using server = await startRoutesServer({
    "GET /health": json({ healthy: false, checks: { cuda: "lost" } }, 503),
    "GET /models": json({ models: [] }),
  });
  await assertRejects(() => connect(server.url), TargetError, '{"cuda":"lost"}');
});

Deno.test("connect() takes given inputs where nobody knows what the model takes", async () => {
  await using server = await startRoutesServer({
    "GET /health": json({ healthy: true }),
    "GET /models": json({ models: ["mystery"], model_info: {} }),
  });
  await assertRejects(() => connect(server.url), UnknownInputError);
  const inputs = { kind: "samples", samples: [{ kind: "json", value: [1] }] } as const;
  await using target = await connect(server.url, { inputs });
  assertEquals(target.description, { name: "mystery", maxBatchSize: null, device: null, input: inputs });
});

Deno.test("connect() refuses what of an answer's length the protocol's servers cannot be told", async () => {
  await using server = await startFakeServer(fakeOllama);
  const refused = async (protocol: string, generation: Generation) => {
    const ask = connect(server.url, { protocol, model: "alpha", generation });
    return (await assertRejects(() => ask, UsageError)).message;
  };
  const words = "Cannot use generation.ignoreEos as the protocol must have it:";
  assertEquals(await refused("ollama", { ignoreEos: true }), `${words} ollama has nothing like it`);
  assertEquals(await refused("triton-generate", { ignoreEos: true }), `${words} triton-generate has nothing like it`);
  assertStringIncludes(await refused("ollama", { minTokens: 3 }), "Cannot use generation.minTokens as");
  await using target = await connect(server.url, { model: "alpha", generation: { ignoreEos: false, topK: 3 } });
  assertEquals(target.protocol.name, "ollama");
});

Deno.test("connect() finds a model that a header names, and masks the other headers' values as ever", async () => {
  const seen = (request: { readonly headers: Readonly<Record<string, string>> }) => request.headers["x-api-key"];
  await using server = await startRoutesServer({
    "GET /v1/models": (request) => json({ data: [{ id: "llama-3-8b", owned_by: `me, ${seen(request)}` }] }),
  });
  const headers = { "x-ai-eg-model": "llama-3-8b", "x-api-key": "abcdef123" };
  await using target = await connect(server.url, { protocol: "openai", headers });
  assertEquals(target.model, "llama-3-8b");
  assertEquals((await target.protocol.listModels!())[0]!.description, "owned by me, ***");
});

Deno.test("connect() sends the headers everywhere and never shows their values", async () => {
  const secret = "hunter2hunter2";
  const headers = { Authorization: `Bearer ${secret}` };
  await using refusing = await startRoutesServer({
    "GET /health": (request) => json({ detail: `bad token ${request.headers["authorization"]}` }, 401),
  });
  const error = await assertRejects(() => connect(refusing.url, { headers }), TargetError);
  assertEquals(`${error.message} ${error.hint}`.includes(secret), false);
  assertEquals(refusing.requests.every((request) => request.headers["authorization"] === `Bearer ${secret}`), true);

  await using server = await startRoutesServer({
    "GET /health": json({ healthy: true }),
    "GET /models": json({ models: ["bert"], model_info: {} }),
    "POST /bert/predict": (request) => json({ success: false, error: `not for ${request.headers["authorization"]}` }),
  });
  await using target = await connect(server.url, { headers });
  await using transport = target.openTransport();
  const { response } = await exchange(
    transport.openLane(),
    target.protocol.encode("bert", [{ kind: "text", text: "a" }]),
  );
  assertEquals(target.protocol.judge(response!, { model: "bert", predictions: 1, allowNullResults: false }), {
    kind: "failure",
    reason: "rejected",
    message: "not for ***",
  });
});

Deno.test("connect() rejects wrong usage before it asks, and with the signal's reason while it does", async () => {
  await using server = await startFakeServer(fakeTorchInference);
  await assertRejects(() => connect("localhost:1"), UsageError);
  await assertRejects(() => connect(server.url, { protocol: "grpc" }), UsageError, "torch-inference");
  await assertRejects(() => connect(server.url, { headers: { "a b": "c" } }), UsageError);
  assertEquals(server.requests.length, 0);
  const reason = new Error("enough");
  assertStrictEquals(await assertRejects(() => connect(server.url, { signal: AbortSignal.abort(reason) })), reason);
});

Deno.test("connect() goes on without a list of models where a gateway has the route of predictions, and says so", async () => {
  const rows = [
    ["openai", "m", "/v1/chat/completions"],
    ["ollama", "m", "/api/chat"],
    ["torch-inference", "resnet18", "/resnet18/predict"],
  ] as const;
  for (const [protocol, model, path] of rows) {
    for (const status of [404, 405, 501]) {
      const none = json({ detail: "none" }, status);
      const lists = { "GET /v1/models": none, "GET /api/tags": none, "GET /models": none, "GET /health": none };
      await using gateway = await startRoutesServer({ ...lists, [`POST ${path}`]: json({ detail: "no input" }, 400) });
      await using target = await connect(gateway.url, { protocol, model });
      assertEquals(target.model, model);
      assertStringIncludes(target.protocol.notes!().join(" "), `answers status ${status}`);
      await assertRejects(() => connect(gateway.url, { protocol }), TargetError, `answers status ${status}: none`);
      await using empty = await startRoutesServer(lists);
      await assertRejects(() => connect(empty.url, { protocol, model }), TargetError, "Cannot list the models");
    }
  }
});

Deno.test("connect() says what to do about a redirect of the model's own routes", async () => {
  const routes = { "GET /v2": json({ name: "s", version: "1", extensions: [] }), "GET /v2/health/ready": json({}) };
  const moved = { body: "", status: 307, headers: ["location: https://models.example.com/v2/models/m"] };
  const metrics = { body: "", status: 307, headers: ["location: /metrics/"] };
  await using server = await startRoutesServer({
    ...routes,
    "GET /metrics": metrics,
    "GET /v2/models/m": moved,
    "GET /v2/models/m/ready": moved,
  });
  const led = await assertRejects(() => connect(server.url, { model: "m" }), TargetError, "found status 307");
  assertEquals(led.hint, "Redirects are not followed: try url: https://models.example.com.");
  await using failing = await startRoutesServer({
    ...routes,
    "GET /metrics": metrics,
    "GET /v2/models/m": json({ error: "lost" }, 500),
  });
  const lost = await assertRejects(() => connect(failing.url, { model: "m" }), TargetError, "found status 500");
  assertEquals([lost.hint, lost.message.includes("redirect")], [undefined, false]);
});
