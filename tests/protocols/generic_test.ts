import { assertEquals, assertFalse, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { TargetError, UsageError } from "../../src/core/errors.ts";
import type { ModelInput } from "../../src/core/model_input.ts";
import type { WireBody } from "../../src/core/transport.ts";
import { wholeBody } from "../../src/core/wire_body.ts";
import { askTarget } from "../../src/measure/loss/ask_target.ts";
import { connect } from "../../src/protocols/connect.ts";
import { genericProtocol } from "../../src/protocols/generic.ts";
import { atPointer, pointerFlaw } from "../../src/protocols/generic/json_pointer.ts";
import { parseGenericSpec } from "../../src/protocols/generic/spec.ts";
import { FAKE_GENERIC, fakeGeneric } from "./fake_generic.ts";
import { json, startFakeServer } from "./fake_server.ts";
import { startRoutesServer } from "./routes_server.ts";

const noFile = () => Promise.reject(new Error("no file is read"));
const parse = (value: unknown, readTemplate: (path: string) => Promise<string> = noFile) =>
  parseGenericSpec(value, "server.json", readTemplate);
const noCall = () => Promise.reject(new Error("nothing is asked"));
const protocolOf = async (value: unknown, readTemplate?: (path: string) => Promise<string>) =>
  await genericProtocol(await parse(value, readTemplate)).bind(noCall);
const text = (body: WireBody | null) => new TextDecoder().decode(wholeBody(body));
const item = (value: number): ModelInput => ({ kind: "json", value });

Deno.test("generic encodes a batch by a JSON template: whole strings become values", async () => {
  const { encode } = await protocolOf(FAKE_GENERIC);
  const request = encode('a "b"', [item(1), item(2)]);
  assertEquals(request.path, "/models/a%20%22b%22:predict");
  assertEquals(JSON.parse(text(request.body)), { model: 'a "b"', items: [1, 2], count: 2 });
  assertEquals(request.headers, ["content-type", "application/json"]);
});

Deno.test("generic encodes by a text template from a file, with headers of its own", async () => {
  const read: string[] = [];
  const { encode } = await protocolOf(
    {
      predict: {
        method: "PUT",
        path: "/p",
        headers: { "Content-Type": "text/xml" },
        bodyTemplateFile: "body.xml",
      },
    },
    (path) => {
      read.push(path);
      return Promise.resolve("<in n='{{ batch }}'>{{input}}</in>");
    },
  );
  const request = encode("m", [{ kind: "text", text: "é" }]);
  assertEquals([read, request.method, text(request.body)], [["body.xml"], "PUT", `<in n='1'>"é"</in>`]);
  assertThrows(() => encode("m", [item(1), item(2)]), UsageError, "{{inputs}}");
});

Deno.test("generic sends the item itself where there is no template, and bytes as base64 where there is one", async () => {
  const image: ModelInput = { kind: "bytes", bytes: Uint8Array.of(1, 2, 255), contentType: "image/png" };
  const plain = await protocolOf({ predict: { path: "/p" } });
  const request = plain.encode("m", [image]);
  assertEquals([...wholeBody(request.body), ...request.headers], [1, 2, 255, "content-type", "image/png"]);
  assertEquals(text(plain.encode("m", [{ kind: "text", text: "a" }]).body), "a");
  const templated = await protocolOf({ predict: { path: "/p", bodyTemplate: { b64: "{{input}}" } } });
  assertEquals(text(templated.encode("m", [image]).body), '{"b64":"AQL/"}');
});

Deno.test("generic says what a template or a description lacks", async () => {
  const path = "/p";
  const flaws: readonly [unknown, ...string[]][] = [
    [[], "it must be a JSON object"],
    [{}, "predict must be there", "server.json"],
    [{ predict: { path: "p" } }, "predict.path must begin with /"],
    [{ predict: { path, metod: "GET" } }, "predict.metod is no field"],
    [{ predict: { path, method: "PATCH" } }, "predict.method", "PATCH"],
    [{ predict: { path, bodyTemplate: "{}", bodyTemplateFile: "f" } }, "one body"],
    [{ predict: { path, bodyTemplate: '{"a": {{imputs}}}' } }, "{{imputs}}", "{{inputs}}", "predict"],
    [{ predict: { path, bodyTemplate: '{"a": {{inputs}' } }, "must be closed"],
    [{ predict: { path, bodyTemplate: '{"a": {{inputs}}' } }, "must be JSON once it is filled in"],
    [{ predict: { path, bodyTemplate: '{"a": {{model}}}' } }, "must be JSON once it is filled in"],
    [{ predict: { path: "/{{input}}" } }, "path may hold only"],
    [{ predict: { path }, predictions: "a" }, "predictions", 'begin with "/"'],
    [{ predict: { path }, error: "/~2" }, "error", "~0"],
    [{ predict: { path }, load: { path, bodyTemplate: "{{input}}" } }, "load", "found an input"],
    [{ predict: { path, headers: { "content-length": "1" } } }, "content-length"],
  ];
  for (const [value, ...words] of flaws) {
    const error = await assertRejects(() => parse(value), UsageError, undefined, JSON.stringify(value));
    for (const word of words) assertStringIncludes(error.message, word, JSON.stringify(value));
  }
});

Deno.test("generic judges by the pointers, and by the status alone where there are none", async () => {
  const { judge } = await protocolOf(FAKE_GENERIC);
  const answer = (value: unknown, status = 200) => ({
    status,
    headers: {},
    body: new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value)),
  });
  const verdict = (value: unknown, predictions = 1, status = 200) => {
    const judged = judge(answer(value, status), { model: "m", predictions, allowNullResults: false });
    return judged.kind === "success" ? "success" : `${judged.reason}: ${judged.message}`;
  };
  assertEquals(verdict({ data: { scores: [0.1, 0.9] } }), "success");
  assertEquals(verdict({ data: { scores: { cat: 1 } } }), "success");
  assertEquals(verdict({ data: { scores: [1, 2] }, problem: { text: "" } }, 2), "success");
  const oom = { error: "CUDA out of memory" };
  assertEquals(verdict({ data: { scores: [{}, oom] } }, 2), "rejected: item 2: CUDA out of memory (1 of 2 failed)");
  assertEquals(verdict({ data: { scores: [oom] } }, 2), "rejected: item 1: CUDA out of memory (1 of 1 failed)");
  for (const name of ["message", "detail"]) {
    assertEquals(verdict({ data: { scores: { error: { code: 7, [name]: "busy" } } } }), "rejected: busy");
  }
  for (const error of [null, "", false, true, 0.5, "0.05", [0.02, 0.05], { mae: 0.1 }]) {
    assertEquals(verdict({ data: { scores: [{ error }] } }), "success");
  }
  assertEquals(verdict({ data: { scores: [1] } }, 2), "malformed: 1 predictions for 2 inputs");
  assertEquals(verdict({ data: {} }), 'malformed: the answer has nothing at "/data/scores"');
  assertEquals(verdict("<html>"), "malformed: the answer is not JSON: an HTML page");
  assertEquals(verdict({ problem: { text: "shape [1] is wrong" } }, 1, 422), "status: status 422: shape [1] is wrong");
  assertEquals(verdict({ problem: { text: { code: 7 } } }), 'rejected: {"code":7}');
  assertEquals(verdict({ data: { scores: [] } }), "malformed: no prediction for 1 input");
  const { judge: lax } = await protocolOf({ predict: { path: "/p" } });
  assertEquals(lax(answer("PNG"), { model: "m", predictions: 1, allowNullResults: false }).kind, "success");
});

Deno.test("generic takes an empty list for the prediction of one item where requests hold no lists of them", async () => {
  const { judge } = await protocolOf({ predict: { path: "/p", form: { file: "{{input}}" } }, predictions: "/found" });
  const body = new TextEncoder().encode('{"found":[]}');
  const asked = { model: "m", predictions: 1, allowNullResults: false };
  assertEquals(judge({ status: 200, headers: {}, body }, asked).kind, "success");
});

Deno.test("generic takes an answer that says so for a refusal to load or unload, whatever its status", async () => {
  for (const value of [{ success: false, message: "no memory" }, { problem: { text: "no memory" } }]) {
    const routes = { "POST /models/m:load": json(value), "DELETE /models/m": json(value) };
    await using server = await startRoutesServer(routes);
    const { load, unload } = await genericProtocol(await parse(FAKE_GENERIC)).bind(server.call);
    for (const change of [load!, unload!]) {
      await assertRejects(() => change("m"), TargetError, "must succeed: found status 200");
    }
  }
});

Deno.test("generic offers a cold start only by requests that are given, and says which are missing", async () => {
  const { load: _load, present: _present, ...less } = FAKE_GENERIC;
  const protocol = await protocolOf(less);
  assertEquals([protocol.load, protocol.verifyAbsent], [undefined, undefined]);
  assertStringIncludes(protocol.lacks?.unload ?? "", "load");
  assertStringIncludes(protocol.lacks?.verifyAbsent ?? "", "present");
  assertFalse("unload" in ((await protocolOf(FAKE_GENERIC)).lacks ?? {}));
});

Deno.test("generic sees by `present` that a model is gone, and not by a refusal that may pass", async () => {
  const rows = [[404, {}, true], [400, {}, true], [503, { detail: "not loaded" }, true], [200, {}, false]] as const;
  const passing = [401, 403, 408, 429, 500, 503].map((status) => [status, { detail: "no" }, false] as const);
  for (const [status, value, absent] of [...rows, ...passing]) {
    await using server = await startRoutesServer({ "GET /models/m": json(value, status) });
    const { verifyAbsent } = await genericProtocol(await parse(FAKE_GENERIC)).bind(server.call);
    assertEquals((await verifyAbsent!("m")).absent, absent, String(status));
  }
});

Deno.test("atPointer() finds every value of a document by the pointer that leads to it", () => {
  const pointers = (value: unknown, path = ""): [string, unknown][] => [
    [path, value],
    ...(typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([name, inner]) =>
        pointers(inner, `${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`)
      )
      : []),
  ];
  fc.assert(fc.property(fc.jsonValue(), (document) => {
    for (const [pointer, value] of pointers(document)) {
      assertEquals(pointerFlaw(pointer), null);
      assertEquals(atPointer(document, pointer), value);
    }
  }));
  for (const pointer of ["/-", "/01", "/length", "/2"]) assertEquals(atPointer([1, 2], pointer), undefined);
  assertEquals(atPointer({}, "/constructor"), undefined);
});

Deno.test("connect() uses a described server, and asks for its description where there is none", async () => {
  await using server = await startFakeServer(fakeGeneric);
  const generic = await parse(FAKE_GENERIC);
  const inputs = { kind: "samples", samples: [item(1)] } as const;
  await using target = await connect(server.url, { generic, model: "alpha", inputs });
  assertEquals([target.protocol.name, target.protocolEvidence], ["generic", "described by the user"]);
  const nobody = connect(server.url, { generic, model: "nobody", inputs });
  await assertRejects(() => nobody, TargetError, 'Cannot load the model "nobody"');
  await assertRejects(() => connect(server.url, { generic, inputs }), TargetError, "gives no list");
  const nameless = await parse({ predict: { path: "/p" } });
  await using unnamed = await connect(server.url, { generic: nameless, inputs });
  await using named = await connect(server.url, { generic: nameless, inputs, model: "mine" });
  assertEquals([unnamed.model, named.model], ["model", "mine"]);
  const error = await assertRejects(() => connect(server.url, { protocol: "generic" }), UsageError);
  assertEquals(error.hint, "Give generic.");
});

Deno.test("connect() has a described server load the model that is not there, or tells what it says of it", async () => {
  const generic = await parse(FAKE_GENERIC);
  const inputs = { kind: "samples", samples: [item(1)] } as const;
  await using server = await startFakeServer(fakeGeneric);
  const unloaded = connect(server.url, { generic, model: "beta", inputs, load: false });
  await assertRejects(() => unloaded, TargetError, "must have it: GET /models/beta answers status 404");
  await using target = await connect(server.url, { generic, model: "beta", inputs });
  assertEquals([target.model, server.state.models.get("beta")], ["beta", "loaded"]);
  const rows = [
    [503, "no", "not ready yet, GET /models/m"],
    [503, "model not loaded", "must have it: GET /models/m answers status 503"],
    [401, "no", "found status 401"],
  ] as const;
  for (const [status, detail, words] of rows) {
    await using refusing = await startRoutesServer({
      "GET /alive": json({}),
      "GET /models/m": json({ detail }, status),
    });
    const asked = connect(refusing.url, { generic, model: "m", inputs, load: detail === "no" });
    await assertRejects(() => asked, TargetError, words);
    assertEquals(refusing.requests.filter(({ method }) => method === "POST").length, 0);
  }
});

Deno.test("generic says of a body without items that all requests are the same", async () => {
  const notesOf = async (predict: Record<string, unknown>) =>
    (await protocolOf({ predict: { path: "/p", ...predict } })).notes?.();
  for (const predict of [{ bodyTemplate: { a: 1 } }, { form: { a: "b", n: "{{batch}}" } }]) {
    assertStringIncludes((await notesOf(predict))?.join() ?? "", "holds no items");
  }
  for (const predict of [{}, { bodyTemplate: ["{{base64}}"] }, { form: { a: ["{{input}}"] } }]) {
    assertEquals(await notesOf(predict), []);
  }
});

Deno.test("generic without a request for its health is not ready while GET / says so", async () => {
  const generic = await parse({ predict: { path: "/p" }, examples: [1] });
  for (const status of [200, 302, 404, 429, 500, 502, 503]) {
    await using server = await startRoutesServer({ "GET /": json({ detail: "starting" }, status) });
    const connecting = connect(server.url, { generic, model: "m" });
    if ([429, 502, 503].includes(status)) {
      const error = await assertRejects(() => connecting, TargetError, `not ready yet, GET / answers status ${status}`);
      assertEquals(error.hint, "Wait for it with waitMs.");
    } else await (await connecting).close();
  }
});

Deno.test("generic without a request for its health is there while GET / turns it away for its load", async () => {
  const spec = await parse({ predict: { path: "/p" } });
  for (
    const [status, reason] of [[200, null], [429, null], [503, null], [
      502,
      "it is not healthy: GET / answers",
    ]] as const
  ) {
    const protocol = await genericProtocol(spec).bind(() =>
      Promise.resolve({ status, headers: {}, body: new Uint8Array() })
    );
    const gone = await askTarget({ protocol, model: "m" }, 1000)(10, new AbortController().signal);
    assertEquals(gone === null, reason === null, String(status));
    assertStringIncludes(gone?.reason ?? "", reason ?? "");
  }
});
