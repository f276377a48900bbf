import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { TargetError } from "../../../src/core/errors.ts";
import { connect } from "../../../src/protocols/connect.ts";
import { NotOfferedError } from "../../../src/protocols/shared/capability_probe.ts";
import type { Call, WireRequest } from "../../../src/core/transport.ts";
import { wholeBody } from "../../../src/core/wire_body.ts";
import { verifyAbsent } from "../../../src/protocols/torch_inference/autoscaler.ts";
import { torchInference } from "../../../src/protocols/torch_inference.ts";
import type { RawRequest } from "../../wire/raw_server.ts";
import { json } from "../fake_server.ts";
import { startRoutesServer } from "../routes_server.ts";

type Routes = Parameters<typeof startRoutesServer>[0];

const SERVER: Routes = {
  "GET /health": json({ healthy: true, checks: {} }),
  "GET /models": json({ models: ["m"], model_info: { m: { input_type: "text" } } }),
};

Deno.test("bind() asks nothing that changes a model to find the autoscaler", async () => {
  const rows: [boolean, string, Routes][] = [
    [true, "its figures", { "GET /autoscaler/stats": json({ total_instances: 1 }) }],
    [true, "no figures, perhaps no autoscaler", {}],
    [true, "a page for everything", { "GET /autoscaler/stats": { body: "<html>" } }],
    [false, "it is off", { "GET /autoscaler/stats": json({ detail: "Autoscaler not available" }, 503) }],
  ];
  for (const [has, what, routes] of rows) {
    await using server = await startRoutesServer({ ...SERVER, ...routes });
    const protocol = await torchInference.bind(server.call);
    assertEquals([protocol.load !== undefined, protocol.unload !== undefined], [has, has], what);
    assertEquals(protocol.lacks?.unload === undefined, has, what);
    assertEquals(server.requests.filter(({ method }) => method !== "GET"), [], what);
  }
});

Deno.test("whyUnloadIsFinal() finds out by the model's own load whether there is an autoscaler at all", async () => {
  const name = (request: RawRequest) => new URL(request.path, "http://x").searchParams.get("model_name")!;
  const rows: [string | null, Routes[string] | null][] = [
    ["POST /autoscaler/load answers status 404: Not Found", null],
    [
      "POST /autoscaler/load answers status 503: Autoscaler not available",
      json({ detail: "Autoscaler not available" }, 503),
    ],
    ["POST /autoscaler/load answers status 405: Method Not Allowed", json({ detail: "Method Not Allowed" }, 405)],
    ["refuses to load it", (request) => json({ detail: `Model '${name(request)}' is not there` }, 404)],
    ["refuses to load it", json({ detail: "'NoneType' object has no attribute 'load'" }, 500)],
    ["refuses to load it", { body: "<html>" }],
    [null, json({ success: true })],
    [null, json({ success: false, message: "it is loaded already" })],
  ];
  for (const [expected, load] of rows) {
    await using server = await startRoutesServer({
      ...SERVER,
      ...load !== null && { "POST /autoscaler/load": load },
    });
    const protocol = await torchInference.bind(server.call);
    const found = await protocol.whyUnloadIsFinal!("a");
    if (expected === null) assertEquals(found, null);
    else assertStringIncludes(found ?? "", expected);
    assertEquals(server.requests.filter(({ method }) => method === "DELETE"), []);
  }
});

Deno.test("connect() takes a model that is not loaded where the server loads none when it is told to", async () => {
  const models = json({ models: ["m"], model_info: { m: { input_type: "text", loaded: false } } });
  await using lazy = await startRoutesServer({ ...SERVER, "GET /models": models });
  await using target = await connect(lazy.url, { model: "m" });
  assert(target.protocol.load !== undefined);
  await assertRejects(() => target.protocol.load!("m"), NotOfferedError, "/autoscaler/load answers status 404");
  await using refusing = await startRoutesServer({
    ...SERVER,
    "GET /models": models,
    "POST /autoscaler/load": json({ success: false, message: "disk full" }),
  });
  await assertRejects(() => connect(refusing.url, { model: "m" }), TargetError, "disk full");
});

Deno.test("verifyAbsent() asks otherwise each time, so that no kept answer of a loaded model stands for a present one", async () => {
  const kept = new Map<string, string>();
  let isLoaded = true;
  const answer = ({ path, body }: WireRequest): { status: number; value: unknown } => {
    if (path === "/models") return { status: 200, value: { models: ["m"] } };
    const text = new TextDecoder().decode(wholeBody(body));
    const said = kept.get(text);
    if (said !== undefined) return { status: 200, value: JSON.parse(said) };
    if (!isLoaded) return { status: 503, value: { detail: "not loaded" } };
    const value = { success: true, result: [1], model_info: { model: "m" } };
    kept.set(text, JSON.stringify(value));
    return { status: 200, value };
  };
  const call: Call = (request) => {
    const { status, value } = answer(request);
    const body = new TextEncoder().encode(JSON.stringify(value));
    return Promise.resolve({ status, headers: { "content-type": "application/json" }, body });
  };
  assertEquals((await verifyAbsent(call, "m")).absent, false);
  isLoaded = false;
  assertEquals((await verifyAbsent(call, "m")).absent, true);
});
