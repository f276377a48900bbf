import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { UsageError } from "../../../src/core/errors.ts";
import { callOver } from "../../../src/wire/call.ts";
import { exchange, GET, POST, text } from "../exchange.ts";
import { startHttpServer } from "../http_server.ts";
import { answering, httpAnswer, type RawConnection, type RawRequest, startRawServer } from "../raw_server.ts";
import type { Subject } from "./subject.ts";

const head = "HTTP/1.1 200 OK\r\n";

const says = (bytes: string) => async (connection: RawConnection) => {
  await connection.read();
  await connection.write(bytes);
};

/** What is sent and what is told of the answer. */
export function exchangeCases({ open, test }: Subject): void {
  test("openTransport() sends a query behind every path, encoded, and behind the path's own", async () => {
    await using server = await startHttpServer();
    const query = [["key", "a b&c"], ["ä", "="], ["key", ""]] as const;
    await using transport = open(`${server.url}/below`, {}, { query });
    const call = callOver(transport);
    for (const path of ["/v2", "/v2?x=1", "/v2"]) await call({ ...GET, path });
    const sent = "key=a%20b%26c&%C3%A4=%3D&key=";
    assertEquals(server.asked, [`GET /below/v2?${sent}`, `GET /below/v2?x=1&${sent}`, `GET /below/v2?${sent}`]);
    assertThrows(() => open(server.url, {}, { query: [["", "secret"]] }), UsageError, "must have a name");
  });

  test("openTransport() sends the request as it is and tells status, headers and body", async () => {
    const requests: RawRequest[] = [];
    await using server = await startRawServer(answering((request) => {
      requests.push(request);
      return httpAnswer("done", 201, ["X-Served-By: a", "Set-Cookie: b=1", "Set-Cookie: c=2"]);
    }));
    await using transport = open(server.url);
    const ended = await exchange(transport.openLane(), POST);
    assertEquals(transport.origin, server.url);
    assertEquals(ended.told, ["first byte", "response"]);
    assertEquals(ended.response?.status, 201);
    assertEquals({ ...ended.response?.headers }, {
      "content-length": "4",
      "x-served-by": "a",
      "set-cookie": "b=1, c=2",
    });
    assertEquals(text(ended), "done");
    assertEquals(requests.map(({ method, path, body }) => [method, path, body]), [
      ["POST", "/m/predict", '{"inputs":[1]}'],
    ]);
    // Compression is never asked for: its cost would be counted as the model's.
    const { "accept-encoding": coding, ...others } = requests[0]!.headers;
    assertEquals([undefined, "identity"].includes(coding), true);
    assertEquals(Object.keys(others).sort(), ["connection", "content-length", "content-type", "host"]);
  });

  test("openTransport() asks below the base path and with the given headers", async () => {
    const requests: RawRequest[] = [];
    await using server = await startRawServer(answering((request) => {
      requests.push(request);
      return httpAnswer("");
    }));
    const headers = { Authorization: "Bearer abc", "Content-Type": "application/x-mine" };
    await using transport = open(`${server.url}/prefix/`, {}, { headers });
    const lane = transport.openLane();
    await exchange(lane, POST);
    await exchange(lane, GET);
    assertEquals(requests.map(({ path }) => path), ["/prefix/m/predict", "/prefix/"]);
    assertEquals(requests.map(({ headers }) => headers["authorization"]), ["Bearer abc", "Bearer abc"]);
    assertEquals(requests.map(({ headers }) => headers["content-type"]), ["application/x-mine", "application/x-mine"]);
  });

  if (hasIpv6()) {
    test("openTransport() speaks to an IPv6 address", async () => {
      await using server = await startRawServer(answering(() => httpAnswer("six")), "::1");
      await using transport = open(server.url);
      assertMatch(server.url, /^http:\/\/\[::1\]:\d+$/);
      assertEquals(text(await exchange(transport.openLane())), "six");
    });
  }

  test("openTransport() takes an answer that ends with the connection, and interim ones before it", async () => {
    await using plain = await startRawServer(says("HTTP/1.0 200 OK\r\n\r\nabc"));
    await using early = await startRawServer(says("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + httpAnswer("late")));
    for (const [server, body] of [[plain, "abc"], [early, "late"]] as const) {
      await using transport = open(server.url);
      const ended = await exchange(transport.openLane());
      assertEquals([text(ended), ended.told], [body, ["first byte", "response"]]);
    }
  });

  test("openTransport() gives bodies that stay as they are while the lane goes on", async () => {
    let n = 0;
    await using server = await startRawServer(async (connection) => {
      while (await connection.read() !== null) {
        const body = String(n++).padStart(3000, ".");
        await connection.write(`${head}transfer-encoding: chunked\r\n\r\n`);
        for (const part of [body.slice(0, 1000), body.slice(1000)]) {
          await connection.write(`${part.length.toString(16)}\r\n${part}\r\n`);
        }
        await connection.write("0\r\n\r\n");
      }
    });
    await using transport = open(server.url);
    const lane = transport.openLane();
    const all = [];
    for (let i = 0; i < 50; i++) all.push(await exchange(lane, POST));
    assertEquals(all.map(text), Array.from({ length: 50 }, (_, i) => String(i).padStart(3000, ".")));
  });

  test("openTransport() decodes what a server compresses unasked, up to the size limit", async () => {
    const small = "small".repeat(10), large = "large".repeat(4000);
    const coded = {
      gzip: gzipSync(small),
      deflate: deflateSync(small),
      br: brotliCompressSync(small),
      "deflate, gzip": gzipSync(deflateSync(small)),
      bomb: gzipSync(large),
    };
    await using server = await startRawServer(async (connection) => {
      for (let request = await connection.read(); request !== null; request = await connection.read()) {
        const name = decodeURIComponent(request.path.slice(1)) as keyof typeof coded;
        const coding = name === "bomb" ? "gzip" : name;
        await connection.write(`${head}content-encoding: ${coding}\r\ncontent-length: ${coded[name].length}\r\n\r\n`);
        await connection.write(coded[name]);
      }
    });
    await using transport = open(server.url, {}, { maxResponse: { bytes: 10_000 } });
    const lane = transport.openLane();
    const get = (name: string) => exchange(lane, { ...GET, path: `/${encodeURIComponent(name)}` });
    for (const name of ["gzip", "deflate", "br", "deflate, gzip"]) assertEquals(text(await get(name)), small, name);
    assertEquals((await get("bomb")).reason, "malformed");
  });
}

/** Containers are often without. */
function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}
