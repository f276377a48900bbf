import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { genericProtocol } from "../../../src/protocols/generic.ts";
import type { Call } from "../../../src/core/transport.ts";
import { parseGenericSpec } from "../../../src/protocols/generic/spec.ts";
import { kserveV2 } from "../../../src/protocols/kserve_v2.ts";
import { FAKE_GENERIC } from "../fake_generic.ts";
import { type FakeAnswer, json } from "../fake_server.ts";
import { startRoutesServer } from "../routes_server.ts";

const NONE = "torchgauge-no-such-model";
const control = (model: string, action: string) => `POST /v2/repository/models/${model}/${action}`;

/** A server that keeps what it is told to, and refuses what it does not know. */
function repository(name: string, more: Record<string, FakeAnswer> = {}) {
  return startRoutesServer({
    "GET /v2": json({ name, version: "1", extensions: [] }),
    [control(NONE, "unload")]: json({ error: `${NONE} not found` }, 404),
    [control(NONE, "load")]: json({ error: `${NONE} not found` }, 404),
    [control("m", "load")]: json({}),
    "GET /v2/models/m/ready": json({ ready: true }),
    ...more,
  });
}

const rows: readonly [what: string, name: string, more: Record<string, FakeAnswer>, expected: string | null][] = [
  ["a repository that loads it", "s", { "POST /v2/repository/index": json([{ name: "m", state: "READY" }]) }, null],
  ["no index", "s", {}, null],
  ["KServe's SDK", "kserve", {}, "names the server kserve"],
  ["an index without it", "s", { "POST /v2/repository/index": json([{ name: "other" }]) }, "does not list it"],
  ["no load", "s", { [control(NONE, "load")]: json({ error: "not ready" }, 503) }, "answers status 503"],
  [
    "a load that is refused",
    "s",
    { [control("m", "load")]: json({ error: "no such file" }, 400) },
    "refuses to load it",
  ],
  ["one that is loaded already", "s", { [control("m", "load")]: json({ error: "already loaded" }, 409) }, null],
];

for (const [what, name, more, expected] of rows) {
  Deno.test(`kserve-v2 finds out beforehand whether an unload is final: ${what}`, async () => {
    await using server = await repository(name, more);
    const protocol = await kserveV2.bind(server.call);
    assert(protocol.unload !== undefined);
    const found = await protocol.whyUnloadIsFinal!("m");
    if (expected === null) assertEquals(found, null);
    else assertStringIncludes(found ?? "", expected);
  });
}

Deno.test("generic finds out beforehand that the path of its load is wrong", async () => {
  await using server = await startRoutesServer({ "POST /load": json({}) });
  const described = async (load: { method: string; path: string }) => {
    const spec = await parseGenericSpec({ ...FAKE_GENERIC, load }, "server.json", () => Promise.reject(new Error()));
    return await genericProtocol(spec).bind(server.call);
  };
  const wrong = await described({ method: "POST", path: "/laod" });
  assertStringIncludes(await wrong.whyUnloadIsFinal!("m") ?? "", "refuses to load it");
  const right = await described({ method: "POST", path: "/load" });
  assertEquals(await right.whyUnloadIsFinal!("m"), null);
});

Deno.test("kserve-v2 waits for every load that it tries as for a load, which is what progress says", async () => {
  await using server = await repository("s");
  const waited = new Map<string, number | undefined>();
  const call: Call = (request, options) => {
    waited.set(`${request.method} ${request.path}`, options?.timeoutMs);
    return server.call(request, options);
  };
  const protocol = await kserveV2.bind(call);
  await protocol.whyUnloadIsFinal!("m", { timeoutMs: 1000, loadTimeoutMs: 70_000 });
  assertEquals([waited.get(control(NONE, "load")), waited.get(control("m", "load"))], [70_000, 70_000]);
});
