/** Servers that are not ready when the command comes. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { run, start } from "./command.ts";
import { answer, PREDICTION, startServer, tensor } from "./open_inference_server.ts";

const MODEL = { name: "m", inputs: [tensor("x", [-1, 2])], outputs: [tensor("y", [-1, 1])] };
const ROUTES: Readonly<Record<string, unknown>> = {
  "GET /v2": { name: "server", version: "1", extensions: [] },
  "GET /v2/health/ready": {},
  "GET /v2/models/m": MODEL,
  "GET /v2/models/m/ready": {},
  "POST /v2/models/m/infer": PREDICTION,
};
const basic = (
  url: string,
  ...more: string[]
) => ["--url", url, "--test-type", "basic", "--model", "m", "--requests", "3", "--warmup", "0", ...more];

/** Refuses so many requests, and then serves. */
function refusing(requests: number, status: number) {
  let left = requests;
  const refusal = answer({ error: "no healthy upstream" }, status, "retry-after: 7");
  return startServer(Object.fromEntries(
    Object.entries({ ...ROUTES, "GET /health": null }).map(([route, value]) => [
      route,
      () => left-- > 0 ? refusal : value === null ? answer({ error: "not found" }, 404) : answer(value),
    ]),
  ));
}

Deno.test("the command says that a server is not ready yet, and with --wait waits for it", async () => {
  for (const status of [429, 502, 503, 504, 522]) {
    await using never = await refusing(Infinity, status);
    for (const more of [[], ["--protocol", "kserve-v2"]]) {
      const { code, stderr } = await run(basic(never.url, ...more));
      assertEquals(code, 3);
      assertStringIncludes(stderr, "not ready yet");
      assertStringIncludes(stderr, `status ${status}`);
      assertStringIncludes(stderr, "Retry-After: 7");
      assertStringIncludes(stderr, "--wait SECONDS");
    }
    await using later = await refusing(8, status);
    const { code, stdout, stderr } = await run(basic(later.url, "--wait", "60"));
    assertEquals(code, 0, stderr);
    assertMatch(stderr, /waiting for the server, \d s of up to 60 s/);
    assertStringIncludes(stdout, "(3 of 3)");
  }
});

Deno.test("the command says that a model is not ready yet where its server is", async () => {
  for (const route of ["GET /v2/models/m", "POST /v2/repository/index"]) {
    const ready = Object.entries(ROUTES).map(([route, value]) => [route, answer(value)]);
    let asked = 0;
    const list = answer([{ name: "m", state: "READY" }]);
    const refusal = answer({ error: "no healthy upstream" }, 503, "retry-after: 7");
    await using server = await startServer({
      ...Object.fromEntries(ready),
      // It is asked for first when it is found out what the server can do.
      "POST /v2/repository/index": () => route.startsWith("POST") && asked++ > 0 ? refusal : list,
      ...route.startsWith("GET") && { [route]: refusal },
    });
    const { code, stderr } = await run(basic(server.url));
    assertEquals(code, 3);
    assertStringIncludes(stderr, "status 503");
    assertStringIncludes(stderr, "--wait SECONDS");
    if (!route.startsWith("GET")) continue;
    assertStringIncludes(stderr, "not ready yet, GET /v2/models/m answers status 503");
    assertStringIncludes(stderr, "Retry-After: 7");
  }
});

Deno.test("the command says that a model is not ready yet that its server describes, and with --wait waits for it", async () => {
  const whole = Object.fromEntries(Object.entries(ROUTES).map(([route, value]) => [route, answer(value)]));
  const index = "POST /v2/repository/index", ready = "GET /v2/models/m/ready";
  const loads = answer({ error: "Model with name m is not ready." }, 503);
  const rows = [
    [ready, loads, {}],
    [ready, answer({ name: "m", ready: false }), {}],
    [ready, loads, { [index]: answer([{ name: "m", state: "READY" }]) }],
    [index, answer([{ name: "m", version: "1", state: "LOADING" }]), {}],
    [index, answer([{ name: "m", version: "1", state: "LOADING" }]), { [ready]: answer({}, 404) }],
  ] as const;
  for (const [route, unready, more] of rows) {
    const routes = { ...whole, [index]: answer({}, 404), ...more };
    await using never = await startServer({ ...routes, [route]: unready });
    const { code, stderr } = await run(basic(never.url));
    assertEquals(code, 3);
    assertStringIncludes(stderr, "not ready yet");
    assertStringIncludes(stderr, "--wait SECONDS");
    let left = 4;
    const isReady = route === index ? answer([{ name: "m", version: "1", state: "READY" }]) : answer({});
    await using later = await startServer({ ...routes, [route]: () => left-- > 0 ? unready : isReady });
    const waited = await run(basic(later.url, "--wait", "60"));
    assertEquals(waited.code, 0, waited.stderr);
    assertStringIncludes(waited.stderr, "waiting for the server");
  }
});

Deno.test("the command goes on where the route for a model's readiness refuses whoever asks", async () => {
  const whole = Object.fromEntries(Object.entries(ROUTES).map(([route, value]) => [route, answer(value)]));
  for (const status of [401, 403, 404, 500, 501]) {
    await using server = await startServer({ ...whole, "GET /v2/models/m/ready": answer("no", status) });
    const { code, stderr } = await run(basic(server.url));
    assertEquals(code, 0, stderr);
  }
});

Deno.test("the command says what it saw last where the wait is over", async () => {
  await using never = await refusing(Infinity, 503);
  const { code, stderr } = await run(["--url", never.url, "--list-models", "--wait", "0.5"]);
  assertEquals(code, 3);
  assertStringIncludes(stderr, "must be ready within 0.5 s; seen last: ");
  assertStringIncludes(stderr, "no healthy upstream");
});

Deno.test("the command waits for a port that is not open yet", async () => {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr;
  free.close();
  const command = start(basic(`http://127.0.0.1:${port}`, "--wait", "60"));
  await command.seen("ECONNREFUSED");
  await using _server = Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
    await request.body?.cancel();
    const value = ROUTES[`${request.method} ${new URL(request.url).pathname}`];
    return Response.json(value ?? {}, { status: value === undefined ? 404 : 200 });
  });
  const { code, stderr } = await command.finished;
  assertEquals(code, 0, stderr);
});

Deno.test("the command does not wait where a token is missing, and says how to give it", async () => {
  const ready = Object.entries(ROUTES).map(([route, value]) => [route, answer(value)]);
  const no = answer({ detail: "no" }, 403);
  const refusals: readonly [Readonly<Record<string, string>>, string][] = [
    [{ "GET /health": answer({ detail: "who are you" }, 401) }, "wants authentication"],
    [{ ...Object.fromEntries(ready), "GET /v2/models/m": no }, "GET /v2/models/m answers status 403"],
    [{ ...Object.fromEntries(ready), "GET /v2/models/m": no, "GET /v2/models/m/ready": no }, "wants authentication"],
    [{ "GET /ping": answer({ code: 400, type: "InvalidKeyException", message: "no token" }, 400) }, "key_file.json"],
  ];
  for (const [routes, hint] of refusals) {
    await using server = await startServer(routes);
    const { code, stderr } = await run(basic(server.url, "--wait", "60"));
    assertEquals(code, 3);
    assert(!stderr.includes("waiting"), stderr);
    assertStringIncludes(stderr, hint);
  }
});

Deno.test("the command gives up connecting after --timeout, and names it", async () => {
  // A server that accepts and never answers.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  const { finished } = start(basic(`http://127.0.0.1:${listener.addr.port}`, "--timeout", "0.2"));
  using _connection = await accepted;
  const { code, stderr } = await finished;
  assertEquals(code, 3);
  assertStringIncludes(stderr, "within 200 ms");
  assertStringIncludes(stderr, "--timeout SECONDS");
});
