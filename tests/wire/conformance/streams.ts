import { assertEquals, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import type { Lane, LaneObserver, WireResponse } from "../../../src/core/transport.ts";
import { exchange, GET, POST, text } from "../exchange.ts";
import { answering, httpAnswer, type RawConnection, startRawServer } from "../raw_server.ts";
import type { Subject } from "./subject.ts";

const HEAD = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n";

function frame(piece: string): string {
  return `${piece.length.toString(16)}\r\n${piece}\r\n`;
}

/** What an observer of a stream was told, in order. */
interface Streamed {
  readonly told: readonly string[];
  readonly chunks: readonly Uint8Array[];
  readonly response: WireResponse | null;
  readonly message: string;
}

/** Sends `GET /` and takes the answer piece by piece; `onChunk` is told each. */
function stream(
  lane: Lane,
  options: { collectsBody?: boolean; onChunk?: (text: string) => void } = {},
): Promise<Streamed> {
  const { onChunk = () => {}, ...rest } = options;
  return new Promise((resolve) => {
    const told: string[] = [];
    const chunks: Uint8Array[] = [];
    const end = (what: string, response: WireResponse | null = null, message = "") => {
      told.push(what);
      resolve({ told, chunks, response, message });
    };
    const observer: LaneObserver = {
      ...rest,
      onFirstByte: () => told.push("first byte"),
      onChunk(bytes) {
        const piece = new TextDecoder().decode(bytes);
        chunks.push(bytes);
        told.push(piece);
        onChunk(piece);
      },
      onResponse: (response) => end("response", response),
      onFailure: (reason, message) => end(reason, null, message),
      onCancelled: () => end("cancelled"),
    };
    lane.send(GET, 10_000, observer);
  });
}

/** A script that sends the next piece only when the last one was taken; `take` says so. */
function oneByOne(pieces: readonly string[], trailers = "") {
  const waiting = new Set<() => void>();
  const script = async (connection: RawConnection) => {
    while (await connection.read() !== null) {
      await connection.write(`${HEAD}\r\n`);
      for (const piece of pieces) {
        const taken = new Promise<void>((resolve) => waiting.add(resolve));
        await connection.write(frame(piece));
        await taken;
      }
      await connection.write(`0\r\n${trailers}\r\n`);
    }
  };
  const take = () => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  return { script, take };
}

/** Answers that are taken as they come. */
export function streamCases({ open, test }: Subject): void {
  test("send() tells each piece of a streamed answer when it comes, behind the first byte, and then the whole", async () => {
    const { script, take } = oneByOne(["one", "two", "three"]);
    await using server = await startRawServer(script);
    await using transport = open(server.url);
    // The server waits for each piece to be taken: that all are taken proves that none waits for the end.
    const { told, chunks, response } = await stream(transport.openLane(), { onChunk: take });
    assertEquals(told, ["first byte", "one", "two", "three", "response"]);
    assertEquals(new TextDecoder().decode(response?.body), "onetwothree");
    assertEquals(chunks.map((bytes) => bytes.length), [3, 3, 5]);
  });

  test("send() keeps no body for an observer that wants none, and all of it for the next", async () => {
    await using server = await startRawServer(answering(() => `${HEAD}\r\n${frame("ab")}${frame("cd")}0\r\n\r\n`));
    await using transport = open(server.url);
    const lane = transport.openLane();
    const { chunks, response } = await stream(lane, { collectsBody: false });
    assertEquals(chunks.map((bytes) => new TextDecoder().decode(bytes)).join(""), "abcd");
    assertEquals([response?.status, response?.body.length], [200, 0]);
    assertEquals(text(await exchange(lane)), "abcd");
    const collected = await stream(lane);
    assertEquals(new TextDecoder().decode(collected.response?.body), "abcd");
  });

  test("send() tells an answer's trailers, and none where none came", async () => {
    const trailers = "Grpc-Status: 0\r\nx: 1\r\nx: 2\r\n";
    await using server = await startRawServer(
      answering(({ path }) => path === "/" ? `${HEAD}\r\n${frame("a")}0\r\n${trailers}\r\n` : httpAnswer("plain")),
    );
    await using transport = open(server.url);
    const lane = transport.openLane();
    assertEquals({ ...(await exchange(lane, GET)).response?.trailers }, { "grpc-status": "0", x: "1, 2" });
    const plain = (await exchange(lane, POST)).response!;
    assertEquals(["trailers" in plain, { ...plain.headers }], [false, { "content-length": "5" }]);
  });

  test("send() tells a body that is larger than it takes as a failure, whether it is kept or not", async () => {
    await using server = await startRawServer(async (connection) => {
      await connection.read();
      await connection.write(`${HEAD}\r\n${frame("a".repeat(600))}`);
      await connection.write(`${frame("b".repeat(600))}0\r\n\r\n`);
    });
    await using transport = open(server.url, {}, { maxResponse: { bytes: 1000 } });
    for (const collectsBody of [true, false]) {
      const { told, chunks, response } = await stream(transport.openLane(), { collectsBody });
      assertEquals([told[0], told.at(-1), response], ["first byte", "too-large", null]);
      assertEquals(chunks.reduce((sum, { length }) => sum + length, 0) <= 1000, true);
    }
  });

  test("send() gives pieces as they were sent, and decodes the whole", async () => {
    const coded = gzipSync("unpacked");
    await using server = await startRawServer(async (connection) => {
      await connection.read();
      const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${coded.length}\r\n\r\n`;
      await connection.write(new Uint8Array([...new TextEncoder().encode(head), ...coded]));
      await connection.read();
    });
    await using transport = open(server.url);
    const { chunks, response } = await stream(transport.openLane());
    assertEquals(chunks.flatMap((bytes) => [...bytes]), [...coded]);
    assertEquals(new TextDecoder().decode(response?.body), "unpacked");
  });

  test("send() gives pieces that stay as they are while more come", async () => {
    const pieces = Array.from({ length: 50 }, (_, i) => String.fromCharCode(97 + i % 26).repeat(1000 + i));
    const { script, take } = oneByOne(pieces);
    await using server = await startRawServer(script);
    await using transport = open(server.url);
    const { told, chunks } = await stream(transport.openLane(), { onChunk: take });
    assertEquals(chunks.map((bytes) => new TextDecoder().decode(bytes)), told.slice(1, -1));
  });

  test("cancel() ends a request amid its stream, also from inside a piece, and the lane goes on", async () => {
    const { script, take } = oneByOne(["one", "two"]);
    await using server = await startRawServer(script);
    await using transport = open(server.url);
    const lane = transport.openLane();
    const within = await stream(lane, { onChunk: () => lane.cancel() });
    assertEquals(within.told, ["first byte", "one", "cancelled"]);
    let arrived = () => {};
    const first = new Promise<void>((resolve) => arrived = resolve);
    const outside = stream(lane, { onChunk: () => arrived() });
    await first;
    lane.cancel();
    assertEquals((await outside).told, ["first byte", "one", "cancelled"]);
    const { told } = await stream(lane, { onChunk: take });
    assertEquals(told, ["first byte", "one", "two", "response"]);
  });

  test("send() tells the pieces that came before a connection broke", async () => {
    await using server = await startRawServer(async (connection) => {
      await connection.read();
      await connection.write(`${HEAD}\r\n${frame("one")}`);
    });
    await using transport = open(server.url);
    const { told } = await stream(transport.openLane());
    assertEquals(told, ["first byte", "one", "closed"]);
  });

  test("send() does not let a fault in the taking of a piece vanish or end the request", async () => {
    await using server = await startRawServer(answering(() => `${HEAD}\r\n${frame("one")}0\r\n\r\n`));
    await using transport = open(server.url);
    const fault = new Promise<string>((resolve) => {
      const onError = (event: ErrorEvent) => {
        event.preventDefault();
        globalThis.removeEventListener("error", onError);
        resolve(event.message);
      };
      globalThis.addEventListener("error", onError);
    });
    const { told } = await stream(transport.openLane(), {
      onChunk() {
        throw new Error("observer's fault");
      },
    });
    assertEquals(told, ["first byte", "one", "response"]);
    assertStringIncludes(await fault, "observer's fault");
  });
}
