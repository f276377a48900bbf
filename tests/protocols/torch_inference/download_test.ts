import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { TargetError } from "../../../src/core/errors.ts";
import { connect } from "../../../src/protocols/connect.ts";
import { torchInference } from "../../../src/protocols/torch_inference.ts";
import { callOver } from "../../../src/wire/call.ts";
import { openTransport } from "../../../src/wire/open_transport.ts";
import { json } from "../fake_server.ts";
import { startRoutesServer } from "../routes_server.ts";

type Routes = Parameters<typeof startRoutesServer>[0];

/** A server that has been told to fetch `m` and lists it from the given look on. */
function fetching(listedFrom: number, routes: Routes = {}): Routes {
  let looks = 0;
  return {
    "GET /models": () => json({ models: ++looks < listedFrom ? [] : ["m"], model_info: {} }),
    "GET /models/available": json({ available_models: { m: { model_id: "owner/m" } } }),
    "POST /models/download": json({ success: true, status: "downloading", download_id: "a b" }),
    ...routes,
  };
}

/** Answers one after the other, the last again and again. */
const inTurn = (...answers: Record<string, unknown>[]) => {
  let asked = 0;
  return () => json(answers[Math.min(asked++, answers.length - 1)]!);
};

Deno.test("download() falls back to query parameters, waits for the list and tells what failed", async () => {
  let lists = 0;
  const available = json({ available_models: { m: { source: "torchvision", model_id: "mm", task: "t", size_mb: 2 } } });
  await using server = await startRoutesServer({
    "GET /models": () => json({ models: ++lists < 3 ? [] : ["m"], model_info: {} }),
    "GET /models/available": available,
    "POST /models/download": (request) =>
      request.path.includes("?")
        ? json({ success: true, status: "downloading" })
        : json({ detail: [{ loc: ["query", "source"], msg: "field required" }] }, 422),
  });
  const protocol = await torchInference.bind(server.call);
  assertEquals(await protocol.listDownloadable?.(), [
    { name: "m", source: "torchvision", task: "t", sizeBytes: 2e6 },
  ]);
  await protocol.download?.("m");
  assertEquals(server.requests.filter(({ method }) => method === "POST").map(({ path, body }) => path + body), [
    '/models/download{"source":"torchvision","model_id":"mm","name":"m","task":"t"}',
    "/models/download?source=torchvision&model_id=mm&name=m&task=t",
  ]);
  assertEquals(lists, 3);
  await using failing = await startRoutesServer({
    "GET /models/available": available,
    "POST /models/download": json({ success: false, status: "failed", error: "disk full" }),
  });
  await using unreachable = await startRoutesServer({
    "GET /models/available": available,
    "POST /models/download": (request) => request.path.includes("?") ? json({ detail: "no net" }, 500) : json({}, 422),
  });
  await assertRejects(async () => (await torchInference.bind(unreachable.call)).download!("m"), TargetError, "no net");
  const other = await torchInference.bind(failing.call);
  await assertRejects(() => other.download!("m"), TargetError, "disk full");
  await assertRejects(() => other.download!("nobody"), TargetError, "it offers m");
});

Deno.test("download() gives up after its deadline", async () => {
  await using server = await startRoutesServer({
    "GET /models": json({ models: [], model_info: {} }),
    "GET /models/available": json({ available_models: { m: {} } }),
    "POST /models/download": json({ success: true, status: "downloading" }),
  });
  const protocol = await torchInference.bind(server.call);
  const told: string[] = [];
  const onProgress = (text: string) => void told.push(text);
  await assertRejects(() => protocol.download!("m", { loadTimeoutMs: 120, onProgress }), TargetError, "within 0.12 s");
  assertEquals(told, ["downloading m, given up after 0.12 s without progress"]);
});

Deno.test("download() ends at once when the server says that it failed", async () => {
  const rows: [Record<string, unknown>, string][] = [
    [{ status: "failed", message: "disk full" }, "disk full"],
    [{ status: "cancelled", error: "by hand" }, "by hand"],
  ];
  for (const [last, words] of rows) {
    const status = inTurn({ status: "pending", progress: 0 }, { status: "downloading", progress: 40 }, last);
    await using server = await startRoutesServer(fetching(1000, { "GET /models/download/status/a%20b": status }));
    const protocol = await torchInference.bind(server.call);
    const told: string[] = [];
    const onProgress = (text: string) => void told.push(text);
    await assertRejects(() => protocol.download!("m", { onProgress }), TargetError, words);
    assertEquals(told.length, 2, told.join("; "));
    assert(told[1]!.startsWith("downloading m: 40%, "), told[1]);
  }
});

Deno.test("download() takes each way in which a server says that it began", async () => {
  const rows: [boolean, Record<string, unknown>][] = [
    [true, { status: "downloading", message: "Started" }],
    [true, { status: "already_exists", success: true }],
    [true, { status: "completed" }],
    [true, { success: true }],
    [false, { success: false, message: "no" }],
    [false, { success: true, status: "failed" }],
    [false, { status: "error" }],
    [false, { message: "hello" }],
  ];
  for (const [begins, answer] of rows) {
    await using server = await startRoutesServer(fetching(2, { "POST /models/download": json(answer) }));
    const protocol = await torchInference.bind(server.call);
    if (begins) await protocol.download!("m");
    else await assertRejects(() => protocol.download!("m"), TargetError, "must fetch it", JSON.stringify(answer));
  }
});

Deno.test("download() waits on where the status says of anything that it is completed", async () => {
  const status = json({ status: "completed", progress: 100 });
  await using server = await startRoutesServer(fetching(5, { "GET /models/download/status/a%20b": status }));
  await (await torchInference.bind(server.call)).download!("m");
});

Deno.test("download() ends when the server does, and with the signal's reason", async () => {
  const dying = await startRoutesServer(fetching(1000));
  await using transport = openTransport(dying.url);
  const protocol = await torchInference.bind(callOver(transport));
  const download = assertRejects(() => protocol.download!("m"), TargetError, "the server must stay");
  while (!dying.requests.some(({ method }) => method === "POST")) await new Promise((later) => setTimeout(later, 5));
  await dying[Symbol.asyncDispose]();
  await download;

  await using server = await startRoutesServer(fetching(1000));
  const stop = new AbortController(), reason = new Error("enough");
  const stopped = (await torchInference.bind(server.call)).download!("m", { signal: stop.signal });
  setTimeout(() => stop.abort(reason), 20);
  assertStrictEquals(await assertRejects(() => stopped), reason);
});

Deno.test("connect() has a missing model fetched by the name that it is known by, and no other", async () => {
  const rows: [asked: string, offered: string | null, order: string | null][] = [
    ["m", "m", "owner/m"],
    ["owner/m", "m", "owner/m"],
    ["resnet", "m", "resnet50"],
    ["mobilenet_v3_small", "m", "mobilenet_v3_small"],
    ["bert", "bert-base-uncased", "owner/bert-base-uncased"],
    ["resnet-of-mine", "m", null],
  ];
  for (const [asked, offered, order] of rows) {
    const models = new Set<string>();
    await using server = await startRoutesServer({
      "GET /health": json({ healthy: true }),
      "GET /models": () =>
        json({
          models: [...models],
          model_info: Object.fromEntries([...models].map((name) => [name, { input_type: "text" }])),
        }),
      "GET /models/available": json({ available_models: { [offered!]: { model_id: `owner/${offered}` } } }),
      "POST /models/download": (request) => {
        models.add(JSON.parse(request.body).name);
        return json({ success: true, status: "completed" });
      },
    });
    if (order === null) {
      await assertRejects(() => connect(server.url, { model: asked }), TargetError, `could download ${offered}`);
    } else {
      await using target = await connect(server.url, { model: asked });
      assertEquals([target.model], [...models]);
    }
    const orders = server.requests.filter(({ method, path }) => method === "POST" && path === "/models/download");
    assertEquals(orders.map(({ body }) => JSON.parse(body).model_id), order === null ? [] : [order], asked);
  }
  await using plain = await startRoutesServer({
    "GET /health": json({ healthy: true }),
    "GET /models": json({ models: ["m"], model_info: {} }),
  });
  await assertRejects(() => connect(plain.url, { model: "resnet50" }), TargetError, "it has m");
  assertEquals(plain.requests.filter(({ method }) => method !== "GET"), []);
});
