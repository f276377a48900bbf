import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Lane, WireRequest } from "../../../src/core/transport.ts";
import { exchange, GET, POST, text } from "../exchange.ts";
import { startHttpServer } from "../http_server.ts";
import { answering, httpAnswer, type RawConnection, startRawServer } from "../raw_server.ts";
import type { Subject } from "./subject.ts";

/** Reads a request and never answers it. */
const silent = async (connection: RawConnection): Promise<void> => {
  while (await connection.read() !== null);
};

/** One lane through many requests: reuse, failure, cancelling, closing. */
export function laneCases({ open, test }: Subject): void {
  test("send() opens a connection for each request where it is told to, and else keeps it", async () => {
    const ports: (number | undefined)[] = [], wished: (string | undefined)[] = [];
    await using server = await startHttpServer({
      handler: ({ socket, headers }, response) => {
        ports.push(socket.remotePort);
        wished.push(headers.connection);
        response.end("{}");
      },
    });
    for (const connectionPerRequest of [true, false]) {
      await using transport = open(server.url, {}, { connectionPerRequest });
      const lane = transport.openLane();
      for (let i = 0; i < 5; i++) assertEquals((await exchange(lane)).response?.status, 200);
    }
    assertEquals([new Set(ports.slice(0, 5)).size, new Set(ports.slice(5)).size], [5, 1]);
    assertEquals([...new Set(wished)], ["close", "keep-alive"]);
  });

  test("send() uses a lane's connection again", async () => {
    await using server = await startRawServer(answering((request) => httpAnswer(request.path)));
    await using transport = open(server.url);
    const lanes = [transport.openLane(), transport.openLane()];
    assertEquals(server.accepted(), 0);
    for (let i = 0; i < 25; i++) {
      const answers = await Promise.all(lanes.map((lane) => exchange(lane, { ...GET, path: `/${i}` })));
      assertEquals(answers.map(text), [`/${i}`, `/${i}`]);
    }
    assertEquals(server.accepted(), 2);
  });

  test("send() goes over a new connection after a failure, a timeout and an announced end", async () => {
    await using server = await startRawServer(async (connection) => {
      await connection.read();
      if (connection.index === 0) return connection.reset();
      if (connection.index === 1) return await silent(connection);
      if (connection.index === 2) return await connection.write(httpAnswer("last", 200, ["connection: close"]));
      await connection.write(httpAnswer("new"));
      await silent(connection);
    });
    await using transport = open(server.url);
    const lane = transport.openLane();
    assertEquals((await exchange(lane, POST)).reason, "reset");
    assertEquals((await exchange(lane, POST, 30)).reason, "timeout");
    assertEquals(text(await exchange(lane, POST)), "last");
    assertEquals(text(await exchange(lane, POST)), "new");
    assertEquals(server.accepted(), 4);
  });

  test("send() may be called from inside every observer method that ends a request", async () => {
    await using server = await startRawServer(async (connection) => {
      await connection.read();
      if (connection.index === 0) return;
      await connection.write(httpAnswer("x"));
      await connection.read();
      if (connection.index === 1) await silent(connection);
    });
    await using transport = open(server.url);
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

  test("send() stands many refusals in a row, each sent from inside the one before", async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    listener.close();
    await using transport = open(`http://127.0.0.1:${port}`);
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

  test("send() throws when a request is outstanding, the request is not HTTP or the lane is closed", async () => {
    await using server = await startRawServer(answering(() => httpAnswer("ok")));
    const transport = open(server.url);
    const lane = transport.openLane();
    const observer = { onFirstByte() {}, onResponse() {}, onFailure() {}, onCancelled() {} };
    const outstanding = exchange(lane);
    assertThrows(() => lane.send(GET, 1000, observer), TypeError, "a request is outstanding");
    assertEquals(text(await outstanding), "ok");
    const bad: WireRequest = { ...GET, path: "/a b" };
    assertThrows(() => lane.send(bad, 1000, observer), TypeError, "must be valid HTTP");
    assertEquals(text(await exchange(lane)), "ok");
    await transport.close();
    assertThrows(() => lane.send(GET, 1000, observer), TypeError, "closed");
    assertThrows(() => transport.openLane(), TypeError, "closed");
  });

  test("send() does not let an observer's own fault vanish, and goes on", async () => {
    await using server = await startRawServer(answering(() => httpAnswer("ok")));
    await using transport = open(server.url);
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

  test("cancel() ends the request and frees the lane, on a new connection", async () => {
    let sent = () => {};
    await using server = await startRawServer(async (connection) => {
      for (let request = await connection.read(); request !== null; request = await connection.read()) {
        if (request.method === "GET") await connection.write(httpAnswer("answered"));
        else sent();
      }
    });
    await using transport = open(server.url);
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

  test("close() cancels what is outstanding", async () => {
    await using server = await startRawServer(silent);
    const transport = open(server.url);
    const outstanding = [exchange(transport.openLane()), exchange(transport.openLane(), POST)];
    await transport.close();
    assertEquals((await Promise.all(outstanding)).map(({ told }) => told), [["cancelled"], ["cancelled"]]);
  });

  test("close() of one lane cancels what is outstanding on it and frees its connection, and only that", async () => {
    const gone = Promise.withResolvers<number>();
    await using server = await startRawServer(async (connection) => {
      for (let request = await connection.read(); request !== null; request = await connection.read()) {
        if (request.method === "GET") await connection.write(httpAnswer("answered"));
      }
      gone.resolve(connection.index);
    });
    await using transport = open(server.url);
    const closed = transport.openLane();
    await exchange(closed);
    const other = transport.openLane();
    await exchange(other);
    const outstanding = exchange(closed, POST);
    await closed.close();
    assertEquals((await outstanding).told, ["cancelled"]);
    assertEquals(await gone.promise, 0);
    await closed.close();
    assertEquals(text(await exchange(other)), "answered");
    assertEquals(server.accepted(), 2);
    const observer = { onFirstByte() {}, onResponse() {}, onFailure() {}, onCancelled() {} };
    assertThrows(() => closed.send(GET, 1000, observer), TypeError, "closed");
  });

  test("send() leaves no timer and no listener behind after 10000 requests", async () => {
    await using server = await startRawServer(answering(() => httpAnswer("{}")));
    await using transport = open(server.url);
    const warnings: string[] = [];
    const { default: process } = await import("node:process");
    const onWarning = (warning: Error) => warnings.push(warning.message);
    process.on("warning", onWarning);
    await Promise.all(Array.from({ length: 4 }, () => repeat(transport.openLane(), 2500)));
    process.off("warning", onWarning);
    assertEquals(warnings, []);
    assertEquals(server.accepted(), 4);
  });
}

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
