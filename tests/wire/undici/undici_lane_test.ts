import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Lane, WireRequest } from "../../../src/core/transport.ts";
import { openTransport } from "../../../src/wire/open_transport.ts";
import { exchange, GET, POST, text } from "../exchange.ts";
import { answering, httpAnswer, type RawConnection, startRawServer } from "../raw_server.ts";

/** Reads a request and never answers it. */
const silent = async (connection: RawConnection): Promise<void> => {
  while (await connection.read() !== null);
};

Deno.test("send() tells a timeout in the order of the deadlines, whatever was sent first", async () => {
  await using server = await startRawServer(silent);
  await using transport = openTransport(server.url);
  const order: number[] = [];
  await Promise.all([240, 40, 160, 80].map(async (timeoutMs) => {
    const ended = await exchange(transport.openLane(), POST, timeoutMs);
    assertEquals(ended.reason, "timeout");
    assertEquals(ended.message, `an answer did not come within ${timeoutMs} ms`);
    order.push(timeoutMs);
  }));
  assertEquals(order, [40, 80, 160, 240]);
});

Deno.test("send() keeps each request's own deadline when a lane's deadlines differ", async () => {
  await using server = await startRawServer(async (connection) => {
    for (let left = connection.index === 0 ? 2 : 0; left > 0; left--) {
      await connection.read();
      await connection.write(httpAnswer("in time"));
    }
    await silent(connection);
  });
  await using transport = openTransport(server.url);
  const lane = transport.openLane();
  // The timer of the first request is still set when the third needs a nearer one.
  await exchange(lane, GET, 60_000);
  await exchange(lane, GET, 10_000);
  const order: string[] = [];
  await Promise.all([
    exchange(lane, GET, 100).then(() => order.push("100 ms after longer deadlines")),
    exchange(transport.openLane(), GET, 400).then(() => order.push("400 ms")),
    exchange(transport.openLane(), GET, 30).then(() => order.push("30 ms")),
  ]);
  // The timer that the lane has now fires before the next deadline and must wait for it.
  order.push((await exchange(lane, GET, 50)).reason ?? "answered");
  assertEquals(order, ["30 ms", "100 ms after longer deadlines", "400 ms", "timeout"]);
});

Deno.test("send() does not end a request by the timer of one before it", async () => {
  await using server = await startRawServer(async (connection) => {
    await connection.read();
    await connection.write(httpAnswer("at once"));
    await connection.read();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await connection.write(httpAnswer("late"));
  });
  await using transport = openTransport(server.url);
  const lane = transport.openLane();
  assertEquals(text(await exchange(lane, GET, 150)), "at once");
  assertEquals(text(await exchange(lane, GET, 10_000)), "late");
});

Deno.test("send() counts connecting and the body into the deadline", async () => {
  await using mute = await startRawServer(silent);
  await using slow = await startRawServer(async (connection) => {
    await connection.read();
    await connection.write(httpAnswer("whole"));
    await connection.read();
    await connection.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc");
    await silent(connection);
  });
  // The server never answers the TLS handshake.
  await using connecting = openTransport(mute.url.replace("http:", "https:"));
  const unconnected = await exchange(connecting.openLane(), GET, 50);
  assertEquals(unconnected.told, ["failure"]);
  assertStringIncludes(unconnected.message, "a connection did not come");
  await using reading = openTransport(slow.url);
  const lane = reading.openLane();
  assertEquals(text(await exchange(lane)), "whole");
  const incomplete = await exchange(lane, GET, 300);
  assertEquals(incomplete.told, ["first byte", "failure"]);
  assertStringIncludes(incomplete.message, "the whole answer did not come");
});

Deno.test("send() uses a lane's connection again", async () => {
  await using server = await startRawServer(answering((request) => httpAnswer(request.path)));
  await using transport = openTransport(server.url);
  const lanes = [transport.openLane(), transport.openLane()];
  assertEquals(server.accepted(), 0);
  for (let i = 0; i < 25; i++) {
    const answers = await Promise.all(lanes.map((lane) => exchange(lane, { ...GET, path: `/${i}` })));
    assertEquals(answers.map(text), [`/${i}`, `/${i}`]);
  }
  assertEquals(server.accepted(), 2);
});

Deno.test("send() goes over a new connection after a failure, a timeout and an announced end", async () => {
  await using server = await startRawServer(async (connection) => {
    await connection.read();
    if (connection.index === 0) return connection.reset();
    if (connection.index === 1) return await silent(connection);
    if (connection.index === 2) return await connection.write(httpAnswer("last", 200, ["connection: close"]));
    await connection.write(httpAnswer("new"));
    await silent(connection);
  });
  await using transport = openTransport(server.url);
  const lane = transport.openLane();
  assertEquals((await exchange(lane, POST)).reason, "reset");
  assertEquals((await exchange(lane, POST, 30)).reason, "timeout");
  assertEquals(text(await exchange(lane, POST)), "last");
  assertEquals(text(await exchange(lane, POST)), "new");
  assertEquals(server.accepted(), 4);
});

Deno.test("send() may be called from inside every observer method that ends a request", async () => {
  await using server = await startRawServer(async (connection) => {
    await connection.read();
    if (connection.index === 0) return;
    await connection.write(httpAnswer("x"));
    await connection.read();
    if (connection.index === 1) await silent(connection);
  });
  await using transport = openTransport(server.url);
  const lane = transport.openLane();
  const told: string[] = [];
  await new Promise<void>((resolve) => {
    const go = (what: string, timeoutMs: number) => {
      told.push(what);
      if (told.length === 5) return resolve();
      lane.send(POST, timeoutMs, {
        onFirstByte() {},
        onResponse: () => go("response", 30),
        onFailure: (reason) => go(reason, 5000),
        onCancelled: () => go("cancelled", 5000),
      });
    };
    go("start", 5000);
  });
  assertEquals(told, ["start", "closed", "response", "timeout", "response"]);
});

Deno.test("send() stands many refusals in a row, each sent from inside the one before", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  await using transport = openTransport(`http://127.0.0.1:${port}`);
  const lane = transport.openLane();
  const reasons = new Set<string>();
  await new Promise<void>((resolve) => {
    let left = 200;
    const go = () =>
      lane.send(GET, 5000, {
        onFirstByte() {},
        onResponse: () => reasons.add("response"),
        onFailure(reason) {
          reasons.add(reason);
          if (--left > 0) go();
          else resolve();
        },
        onCancelled: () => reasons.add("cancelled"),
      });
    go();
  });
  assertEquals([...reasons], ["refused"]);
});

Deno.test("send() throws when a request is outstanding, the request is not HTTP or the lane is closed", async () => {
  await using server = await startRawServer(answering(() => httpAnswer("ok")));
  const transport = openTransport(server.url);
  const lane = transport.openLane();
  const observer = { onFirstByte() {}, onResponse() {}, onFailure() {}, onCancelled() {} };
  const outstanding = exchange(lane);
  assertThrows(() => lane.send(GET, 1000, observer), TypeError, "a request is outstanding");
  assertEquals(text(await outstanding), "ok");
  const bad: WireRequest = { ...GET, path: "/a b" };
  assertThrows(() => lane.send(bad, 1000, observer), TypeError, "invalid request path");
  assertEquals(text(await exchange(lane)), "ok");
  await transport.close();
  assertThrows(() => lane.send(GET, 1000, observer), TypeError, "closed");
  assertThrows(() => transport.openLane(), TypeError, "closed");
});

Deno.test("send() does not let an observer's own fault vanish, and goes on", async () => {
  await using server = await startRawServer(answering(() => httpAnswer("ok")));
  await using transport = openTransport(server.url);
  const lane = transport.openLane();
  const fault = new Promise<string>((resolve) => {
    const onError = (event: ErrorEvent) => {
      event.preventDefault();
      globalThis.removeEventListener("error", onError);
      resolve(event.message);
    };
    globalThis.addEventListener("error", onError);
  });
  const onResponse = () => {
    throw new Error("observer's fault");
  };
  lane.send(GET, 10_000, { onFirstByte() {}, onResponse, onFailure() {}, onCancelled() {} });
  assertStringIncludes(await fault, "observer's fault");
  assertEquals(text(await exchange(lane)), "ok");
});

Deno.test("cancel() ends the request and frees the lane, on a new connection", async () => {
  let sent = () => {};
  await using server = await startRawServer(async (connection) => {
    for (let request = await connection.read(); request !== null; request = await connection.read()) {
      if (request.method === "GET") await connection.write(httpAnswer("answered"));
      else sent();
    }
  });
  await using transport = openTransport(server.url);
  const lane = transport.openLane();
  lane.cancel();
  const connecting = exchange(lane, POST);
  lane.cancel();
  assertEquals((await connecting).told, ["cancelled"]);
  assertEquals(text(await exchange(lane, GET)), "answered");
  const before = server.accepted();
  const arrived = new Promise<void>((resolve) => sent = resolve);
  const outstanding = exchange(lane, POST);
  await arrived;
  lane.cancel();
  assertEquals((await outstanding).told, ["cancelled"]);
  assertEquals(text(await exchange(lane, GET)), "answered");
  assertEquals(server.accepted(), before + 1);
});

Deno.test("close() cancels what is outstanding", async () => {
  await using server = await startRawServer(silent);
  const transport = openTransport(server.url);
  const outstanding = [exchange(transport.openLane()), exchange(transport.openLane(), POST)];
  await transport.close();
  assertEquals((await Promise.all(outstanding)).map(({ told }) => told), [["cancelled"], ["cancelled"]]);
});

Deno.test("send() leaves no timer and no listener behind after 10000 requests", async () => {
  await using server = await startRawServer(answering(() => httpAnswer("{}")));
  await using transport = openTransport(server.url);
  const warnings: string[] = [];
  const { default: process } = await import("node:process");
  const onWarning = (warning: Error) => warnings.push(warning.message);
  process.on("warning", onWarning);
  await Promise.all(Array.from({ length: 4 }, () => repeat(transport.openLane(), 2500)));
  process.off("warning", onWarning);
  assertEquals(warnings, []);
  assertEquals(server.accepted(), 4);
});

function repeat(lane: Lane, times: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = () =>
      lane.send(POST, 10_000, {
        onFirstByte() {},
        onResponse: () => --times > 0 ? go() : resolve(),
        onFailure: (_, message) => reject(new Error(message)),
        onCancelled: () => reject(new Error("cancelled")),
      });
    go();
  });
}
