import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { ExchangeError } from "../../src/core/errors.ts";
import { callOver } from "../../src/wire/call.ts";
import { openTransport } from "../../src/wire/open_transport.ts";
import { GET, POST } from "./exchange.ts";
import { answering, httpAnswer, startRawServer } from "./raw_server.ts";

Deno.test("callOver() opens as many connections as calls overlap and uses them again", async () => {
  let waiting = 0;
  let release = () => {};
  const both = new Promise<void>((resolve) => release = resolve);
  await using server = await startRawServer(async (connection) => {
    for (let request = await connection.read(); request !== null; request = await connection.read()) {
      if (++waiting === 2) release();
      await both;
      await connection.write(httpAnswer(request.path));
    }
  });
  await using transport = openTransport(server.url);
  const call = callOver(transport);
  const answers = await Promise.all([call(GET), call(POST)]);
  assertEquals(answers.map(({ body }) => new TextDecoder().decode(body)), ["/", "/m/predict"]);
  for (let i = 0; i < 10; i++) await call(GET);
  assertEquals(server.accepted(), 2);
});

Deno.test("callOver() answers with any status and rejects with the class of a failed exchange", async () => {
  await using server = await startRawServer(async (connection) => {
    await connection.read();
    if (connection.index === 0) await connection.write(httpAnswer("no", 500, ["connection: close"]));
    if (connection.index === 2) await connection.read();
  });
  await using transport = openTransport(server.url);
  const call = callOver(transport, "http://shown");
  assertEquals((await call(GET)).status, 500);
  const closed = await assertRejects(() => call(GET), ExchangeError, "GET http://shown/: connection closed");
  assertEquals(closed.reason, "closed");
  const late = await assertRejects(() => call(GET, { timeoutMs: 30 }), ExchangeError);
  assertEquals(late.reason, "timeout");
});

Deno.test("callOver() rejects with the signal's reason and stays usable", async () => {
  await using server = await startRawServer(answering(({ path }) => path === "/" ? httpAnswer("ok") : ""));
  await using transport = openTransport(server.url);
  const call = callOver(transport);
  const reason = new Error("enough");
  const before = AbortSignal.abort(reason);
  assertStrictEquals(await assertRejects(() => call(GET, { signal: before })), reason);
  const controller = new AbortController();
  const outstanding = assertRejects(() => call(POST, { signal: controller.signal }));
  controller.abort(reason);
  assertStrictEquals(await outstanding, reason);
  assertEquals((await call(GET, { signal: new AbortController().signal })).status, 200);
});

Deno.test("callOver() does not let the signal of a finished call end another one on its connection", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  await using server = await startRawServer(async (connection) => {
    await connection.read();
    await connection.write(httpAnswer("first"));
    await connection.read();
    arrive();
    await answered;
    await connection.write(httpAnswer("second"));
  });
  await using transport = openTransport(server.url);
  const call = callOver(transport);
  const controller = new AbortController();
  await call(GET, { signal: controller.signal });
  const second = call(POST);
  controller.abort();
  await arrived;
  answer();
  assertEquals(new TextDecoder().decode((await second).body), "second");
});

Deno.test("callOver() rejects when the transport is closed under a call", async () => {
  await using server = await startRawServer(async (connection) => void await connection.read());
  const transport = openTransport(server.url);
  const outstanding = assertRejects(() => callOver(transport)(GET), ExchangeError, "closed");
  await transport.close();
  await outstanding;
});
