/** What this transport promises beyond the conformance suite. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Lane, LaneObserver, Transport, WireRequest } from "../../../src/core/transport.ts";
import { openTransport } from "../../../src/wire/open_transport.ts";
import { exchange, GET, POST, text } from "../exchange.ts";
import { answering, httpAnswer, startRawServer } from "../raw_server.ts";

const open = (url: string, maxBodyBytes = 2 ** 28): Transport =>
  openTransport(url, {}, { transport: "http1", maxResponse: { bytes: maxBodyBytes } });

/** Sends each request as soon as the one before has ended, and counts failures. */
function failuresInLoop(lane: Lane, requests: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  let left = requests, failed = 0;
  const next = () => left-- > 0 ? lane.send(POST, 10_000, observer) : resolve(failed);
  const observer: LaneObserver = {
    onFirstByte() {},
    onResponse: next,
    onFailure() {
      failed++;
      next();
    },
    onCancelled() {},
  };
  next();
  return promise;
}

/** Sends a request and tells the order of what came. */
function order(lane: Lane, request: WireRequest): Promise<string[]> {
  return new Promise((resolve) => {
    const told: string[] = [];
    const end = (what: string) => {
      told.push(what);
      resolve(told);
    };
    const observer: LaneObserver = {
      onSending: () => told.push("sending"),
      onSent: () => told.push("sent"),
      onRead: () => told.push("read"),
      onFirstByte: () => told.push("first byte"),
      onResponse: ({ status }) => end(String(status)),
      onFailure: (reason) => end(reason),
      onCancelled: () => end("cancelled"),
    };
    lane.send(request, 10_000, observer);
    told.push("send returned");
  });
}

const partsOf = (count: number, bytes: number) => Array.from({ length: count }, () => new Uint8Array(bytes));

Deno.test("send() tells when a request begins and ends to go out, and when it reads, each once and in order", async () => {
  await using server = await startRawServer(answering(() => httpAnswer("ok")));
  await using transport = open(server.url);
  for (const body of [null, new Uint8Array(9), partsOf(3, 9), partsOf(3, 30_000), partsOf(2, 700_000)]) {
    const lane = transport.openLane(), rest = ["send returned", "sent", "read", "first byte", "200"];
    // A connection has to be opened first, and its time counts.
    assertEquals(await order(lane, { ...POST, body }), rest);
    assertEquals(await order(lane, { ...POST, body }), ["sending", ...rest]);
  }
});

Deno.test("the first byte is that of the final answer, not of interim ones before it", async () => {
  const final = Promise.withResolvers<void>();
  await using server = await startRawServer(async (connection) => {
    await connection.read();
    await connection.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n");
    await final.promise;
    await connection.write(httpAnswer("ok"));
  });
  await using transport = open(server.url);
  const told: string[] = [];
  await new Promise<void>((resolve) => {
    transport.openLane().send(GET, 10_000, {
      onFirstByte: () => told.push("first byte"),
      onResponse: ({ status }) => resolve(void told.push(String(status))),
      onFailure: (reason) => resolve(void told.push(reason)),
      onCancelled: () => resolve(),
    });
    setTimeout(() => {
      told.push("interim ones came");
      final.resolve();
    }, 50);
  });
  assertEquals(told, ["interim ones came", "first byte", "200"]);
});

Deno.test("send() takes an answer that comes before the request is written, and reads no other behind it", async () => {
  await using server = await startRawServer(async (connection) => {
    // It reads the socket, as every node:net server does; what matters is that the answer comes early.
    await connection.write(httpAnswer("too large", 413));
    await connection.read();
  });
  await using transport = open(server.url);
  const told = await order(transport.openLane(), { ...POST, body: partsOf(40, 1_000_000) });
  assertEquals(told.filter((what) => what !== "sent"), ["send returned", "read", "first byte", "413"]);
  assert(told.indexOf("sent") < told.indexOf("413"));
});

Deno.test("send() refuses an answer with bytes behind its end, and goes on over a new connection", async () => {
  await using server = await startRawServer(async (connection) => {
    while (await connection.read() !== null) {
      await connection.write(httpAnswer("ok") + (connection.index === 0 ? httpAnswer("poison") : ""));
    }
  });
  await using transport = open(server.url);
  const lane = transport.openLane();
  const refused = await exchange(lane);
  assertEquals(refused.reason, "malformed");
  assertStringIncludes(refused.message, "bytes come behind its end");
  assertEquals([text(await exchange(lane)), server.accepted()], ["ok", 2]);
});

Deno.test("send() takes no bytes for its answer that came while nothing was outstanding", async () => {
  const { promise: poisoned, resolve: poison } = Promise.withResolvers<void>();
  await using server = await startRawServer(async (connection) => {
    while (await connection.read() !== null) {
      await connection.write(httpAnswer(`from ${connection.index}`));
      if (connection.index > 0) continue;
      await new Promise((resolve) => setTimeout(resolve, 20));
      await connection.write(httpAnswer("poison"));
      await connection.read();
      poison();
    }
  });
  await using transport = open(server.url);
  const lane = transport.openLane();
  assertEquals(text(await exchange(lane)), "from 0");
  // The server sees that the client dropped the connection.
  await poisoned;
  assertEquals(text(await exchange(lane)), "from 1");
});

Deno.test("a transport counts the requests that it sent once more", async () => {
  await using server = await startRawServer(async (connection) => {
    await connection.read();
    await connection.write(httpAnswer("ok"));
    await connection.read();
  });
  await using transport = open(server.url);
  const lane = transport.openLane();
  assertEquals([text(await exchange(lane)), transport.resentRequests], ["ok", 0]);
  await new Promise((resolve) => setTimeout(resolve, 600));
  assertEquals([text(await exchange(lane, POST)), transport.resentRequests, server.accepted()], ["ok", 1, 2]);
});

Deno.test("send() sends again what came to a connection that was closed behind its answer, and not what was read", async () => {
  for (const readsOn of [false, true]) {
    await using server = await startRawServer(async (connection) => {
      await connection.read();
      await connection.write(httpAnswer("ok"));
      if (readsOn) await connection.read();
      connection.destroy();
    });
    await using transport = open(server.url);
    const failed = await failuresInLoop(transport.openLane(), 10);
    assertEquals([failed, transport.resentRequests], readsOn ? [5, 0] : [0, server.accepted() - 1]);
  }
});

Deno.test("send() sends what a buffer holds when it is sent, though it was sent before", async () => {
  await using server = await startRawServer(answering(({ body }) => httpAnswer(body)));
  await using transport = open(server.url);
  const lane = transport.openLane();
  const shared = new TextEncoder().encode("shared"), own = new TextEncoder().encode("0");
  const request: WireRequest = { ...POST, body: [own, shared] };
  for (let i = 0; i < 10; i++) {
    own[0] = 48 + i;
    assertEquals(text(await exchange(lane, request)), `${i}shared`);
  }
});

Deno.test("send() takes large bodies, whatever their framing, without losing a byte", async () => {
  const body = new Uint8Array(5_000_011).map((_, i) => i * 31 % 251);
  const pieces = [body.subarray(0, 3), body.subarray(3, 700_000), body.subarray(700_000)];
  const head = "HTTP/1.1 200 OK\r\n";
  await using server = await startRawServer(async (connection) => {
    for (let request = await connection.read(); request !== null; request = await connection.read()) {
      const chunked = request.path === "/chunked", closing = request.path === "/close";
      const framing = chunked ? "transfer-encoding: chunked" : closing ? "x: y" : `content-length: ${body.length}`;
      await connection.write(`${head}${framing}\r\n\r\n`);
      for (const piece of pieces) {
        if (chunked) await connection.write(`${piece.length.toString(16)}\r\n`);
        await connection.write(piece);
        if (chunked) await connection.write("\r\n");
      }
      if (chunked) await connection.write("0\r\n\r\n");
      if (closing) return;
    }
  });
  await using transport = open(server.url);
  const lane = transport.openLane();
  for (const path of ["/length", "/chunked", "/length", "/close", "/length"]) {
    const { response, message } = await exchange(lane, { ...GET, path });
    assertEquals([response?.body.length, message], [body.length, ""], path);
    assert(response!.body.every((byte, i) => byte === body[i]), path);
  }
});

Deno.test("send() tells each piece of a large body once, also where it is kept without a copy", async () => {
  const body = new Uint8Array(1_000_003).map((_, i) => i * 7 % 253);
  await using server = await startRawServer(async (connection) => {
    await connection.read();
    await connection.write(httpAnswer("", 200).replace("content-length: 0", `content-length: ${body.length}`));
    await connection.write(body);
    await connection.read();
  });
  await using transport = open(server.url);
  for (const collectsBody of [true, false]) {
    const pieces: Uint8Array[] = [];
    const kept = await new Promise<number>((resolve, reject) =>
      transport.openLane().send(GET, 10_000, {
        collectsBody,
        onFirstByte() {},
        onChunk: (bytes) => pieces.push(bytes),
        onResponse: (response) => resolve(response.body.length),
        onFailure: (_, message) => reject(new Error(message)),
        onCancelled() {},
      })
    );
    const told = new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
    assertEquals([kept, told.length], [collectsBody ? body.length : 0, body.length]);
    assert(told.every((byte, i) => byte === body[i]));
  }
});

Deno.test("send() tells of every read before what came by it", async () => {
  const read = Promise.withResolvers<void>();
  await using server = await startRawServer(async (connection) => {
    await connection.read();
    await connection.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n");
    await read.promise;
    await connection.write("1\r\nc\r\n1\r\nd\r\n0\r\n\r\n");
    await connection.read();
  });
  await using transport = open(server.url);
  const told: string[] = [];
  await new Promise<void>((resolve, reject) =>
    transport.openLane().send(GET, 10_000, {
      onRead: () => told.push("read"),
      onFirstByte() {},
      onChunk(bytes) {
        told.push(new TextDecoder().decode(bytes));
        if (told.length === 3) read.resolve();
      },
      onResponse: () => resolve(),
      onFailure: (_, message) => reject(new Error(message)),
      onCancelled() {},
    })
  );
  assertEquals(told, ["read", "a", "b", "read", "c", "d"]);
});

Deno.test("send() of a request that is no HTTP throws and leaves the lane as it was", async () => {
  await using server = await startRawServer(answering(() => httpAnswer("ok")));
  await using transport = open(server.url);
  const lane = transport.openLane();
  const bad: readonly WireRequest[] = [
    { ...GET, path: "no-slash" },
    { ...GET, path: "/a\r\nx: y" },
    { ...GET, headers: ["a b", "c"] },
    { ...GET, headers: ["a", "b\r\nc: d"] },
    { ...GET, headers: ["Content-Length", "3"] },
    { ...GET, headers: ["transfer-encoding", "chunked"] },
    { ...GET, method: "TRACE" as "GET" },
  ];
  for (const request of bad) {
    const error = await exchange(lane, request).catch((error: unknown) => error);
    assert(error instanceof TypeError, JSON.stringify(request));
    assertStringIncludes(error.message, "must be valid HTTP");
  }
  assertEquals(text(await exchange(lane)), "ok");
});

Deno.test("an idle lane does not keep the process alive", async () => {
  await using server = await startRawServer(answering(() => httpAnswer("ok")));
  const script = `
    import { openTransport } from "${new URL("../../../src/wire/open_transport.ts", import.meta.url)}";
    const lane = openTransport("${server.url}", {}, { transport: "http1" }).openLane();
    const go = (left) => lane.send({ method: "GET", path: "/", headers: [], body: null }, 60000, {
      onFirstByte() {}, onFailure: console.log, onCancelled() {},
      onResponse: () => left > 0 ? setTimeout(() => go(left - 1), 20) : console.log("answered"),
    });
    go(2);`;
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  const args = ["eval", "--no-check", "--config", config, script];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  assertEquals(new TextDecoder().decode(stdout), "answered\n", new TextDecoder().decode(stderr));
  assert(success);
});
