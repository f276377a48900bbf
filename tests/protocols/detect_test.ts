import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { TargetError, UsageError } from "../../src/core/errors.ts";
import { detectProtocol, protocolNamed, PROTOCOLS } from "../../src/protocols/detect.ts";
import { type FakeAnswer, json } from "./fake_server.ts";
import { startRoutesServer } from "./routes_server.ts";

Deno.test("detectProtocol() chooses by what the server shows, or takes the name", async () => {
  await using server = await startRoutesServer({
    "GET /health": json({ healthy: true }),
    "GET /models": json({ models: ["a"] }),
  });
  const detected = await detectProtocol(server.call);
  assertEquals(detected.factory.name, "torch-inference");
  assertStringIncludes(detected.evidence, "GET /models lists 1 model");
  const before = server.requests.length;
  assertEquals((await detectProtocol(server.call, "torch-inference")).evidence, "asked for");
  assertEquals(server.requests.length, before);
});

Deno.test("detectProtocol() goes by the routes of the models where the server shows none of its own", async () => {
  const metadata = { name: "m", versions: ["1"], platform: "x", inputs: [], outputs: [] };
  const registered = { models: [{ modelName: "m", modelUrl: "m.mar" }] };
  const rows: [protocol: string | null, model: string | null, routes: Record<string, FakeAnswer>][] = [
    ["kserve-v2", "m", { "GET /v2/models/m": json(metadata) }],
    ["kserve-v2", "m", { "GET /v2/models/m": json({ ...metadata, name: "m-0" }) }],
    ["kserve-v2", "a b", { "GET /v2/models/a%20b": json({ name: "a b" }) }],
    ["kserve-v2", "m", { "GET /v2/models/m/ready": json({ ready: true }) }],
    ["kserve-v2", null, { "GET /v2/models": json({ models: ["m"] }) }],
    ["torch-inference", null, { "GET /models": json({ models: ["m"], model_info: { m: {} } }) }],
    ["torchserve", "m", { "GET /models": json(registered) }],
    [null, "other", { "GET /models": json(registered) }],
    [null, null, { "GET /v2/models/m": json(metadata) }],
    [null, "m", { "GET /v2/models/m": json({ detail: "x" }) }],
    [null, "m", { "GET /v2/models/m": { body: "<html>" }, "GET /v2/models/m/ready": { body: "<html>" } }],
    [null, "m", { "GET /models": json({ data: [{ id: "m" }] }), "GET /v2/models": json({ models: [] }) }],
  ];
  for (const [protocol, model, routes] of rows) {
    await using server = await startRoutesServer(routes);
    const what = JSON.stringify([model, routes]);
    if (protocol === null) {
      await assertRejects(() => detectProtocol(server.call, "auto", { model }), TargetError, "inference server", what);
    } else assertEquals((await detectProtocol(server.call, "auto", { model })).factory.name, protocol, what);
    assertEquals(server.requests.filter(({ method }) => method !== "GET"), [], what);
  }
});

Deno.test("detectProtocol() goes by the model where a server answers for language models beside others", async () => {
  const routes = (names: string[], language: string[]): Record<string, FakeAnswer> => ({
    "GET /health": json({ healthy: true }),
    "GET /models": json({ models: names, model_info: Object.fromEntries(names.map((name) => [name, {}])) }),
    "GET /v1/models": json({ object: "list", data: language.map((id) => ({ id })) }),
  });
  const rows: [protocol: string, model: string | null, writes: boolean, routes: Record<string, FakeAnswer>][] = [
    ["openai", null, false, routes([], ["l"])],
    ["openai", "l", false, routes([], ["l"])],
    ["openai", "l", false, routes(["m"], ["l"])],
    ["openai", "l", true, routes(["l"], ["l"])],
    ["openai", null, true, routes(["m"], ["l"])],
    ["torch-inference", null, false, routes(["m"], ["l"])],
    ["torch-inference", "m", false, routes(["m"], ["l"])],
    ["torch-inference", "m", true, routes(["m"], ["l"])],
    ["openai", "x", true, routes(["m"], ["l"])],
    ["torch-inference", "l", false, routes(["l"], ["l"])],
    ["torch-inference", null, false, routes([], [])],
    ["torch-inference", "x", false, routes(["m"], [])],
  ];
  for (const [protocol, model, writes, routes] of rows) {
    await using server = await startRoutesServer(routes);
    const { factory } = await detectProtocol(server.call, "auto", { model, writes });
    assertEquals(factory.name, protocol, JSON.stringify([model, writes, routes]));
  }
});

Deno.test("protocolNamed() refuses a name that is none and lists those that are", () => {
  for (const protocol of PROTOCOLS) assertEquals(protocolNamed(protocol.name), protocol);
  let message = "";
  try {
    protocolNamed("grpc");
  } catch (error) {
    if (error instanceof UsageError) message = error.message;
  }
  assertStringIncludes(message, `must be one of auto, ${PROTOCOLS.map(({ name }) => name).join(", ")}`);
  assertStringIncludes(message, '"grpc"');
});

Deno.test("detectProtocol() says what a server that is no inference server answered, and where", async () => {
  const rows: [FakeAnswer, string, string][] = [
    [
      { body: "<!doctype html><p>Welcome" },
      "/health is answered with status 200 and an HTML page",
      "Choose one with protocol, or describe the server with generic.",
    ],
    [json({ status: "UP" }), '/health is answered with status 200 and JSON "{"status":"UP"}"', "Known protocols"],
    [{ body: "no", status: 401 }, "/health is answered with status 401", "authentication: give headers"],
    [{ body: "no", status: 403 }, "/health is answered with status 403", "authentication: give headers"],
    [
      { body: "", status: 302, headers: ["location: https://elsewhere/"] },
      "a redirect (302) to https://elsewhere/",
      "",
    ],
    [{ body: "" }, "/health is answered with status 200 and nothing", "Known protocols"],
  ];
  for (const [answer, found, hint] of rows) {
    await using server = await startRoutesServer({ "GET /health": answer });
    const error = await assertRejects(() => detectProtocol(server.call), TargetError, "must be an inference server");
    assertStringIncludes(error.message, found);
    assertStringIncludes(error.hint ?? "", hint);
  }
});

Deno.test("detectProtocol() takes llama.cpp's server, which lists its models as Ollama does as well, for OpenAI's", async () => {
  const data = [{ id: "m", object: "model" }], models = [{ name: "m", model: "m" }];
  const routes = { "GET /health": json({ status: "ok" }), "GET /v1/models": json({ object: "list", data, models }) };
  const rows = [["openai", { models, object: "list", data }], ["ollama", { models }]] as const;
  for (const [protocol, tags] of rows) {
    await using server = await startRoutesServer({ ...routes, "GET /api/tags": json(tags) });
    assertEquals((await detectProtocol(server.call)).factory.name, protocol);
  }
});
