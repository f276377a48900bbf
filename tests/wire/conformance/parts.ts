import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import type { WireRequest } from "../../../src/core/transport.ts";
import { exchange, POST, text } from "../exchange.ts";
import { answering, httpAnswer, type RawRequest, startRawServer } from "../raw_server.ts";
import type { Subject } from "./subject.ts";

const SIZES = [[], [0], [3], [1, 0, 2], [10, 20, 30], [40_000, 5, 60_000], Array<number>(50).fill(10_000)];

/** Parts of the given sizes, each of a letter of its own. */
function partsOf(sizes: readonly number[]): Uint8Array[] {
  return sizes.map((size, i) => new Uint8Array(size).fill(97 + i % 26));
}

/** Bodies of several parts. */
export function partCases({ open, test }: Subject): void {
  test("send() sends a body's parts one behind the other, whatever their sizes, again and again", async () => {
    const requests: RawRequest[] = [];
    await using server = await startRawServer(answering((request) => {
      requests.push(request);
      return httpAnswer(String(request.body.length));
    }));
    await using transport = open(server.url);
    const lane = transport.openLane();
    for (const sizes of [...SIZES, ...SIZES]) {
      const body = partsOf(sizes);
      const expected = body.map((part) => new TextDecoder().decode(part)).join("");
      const ended = await exchange(lane, { ...POST, body });
      assertEquals(text(ended), String(expected.length), ended.message);
      const { body: received, headers } = requests.at(-1)!;
      assertEquals(received === expected, true, `parts of ${sizes}`);
      assertEquals([headers["content-length"], headers["transfer-encoding"]], [String(expected.length), undefined]);
    }
    assertEquals(server.accepted(), 1);
  });

  test("send() keeps the headers of whole and divided bodies apart", async () => {
    const lengths: (string | undefined)[] = [];
    await using server = await startRawServer(answering(({ headers }) => {
      lengths.push(headers["content-length"]);
      return httpAnswer("");
    }));
    await using transport = open(server.url, {}, { headers: { authorization: "a" } });
    const lane = transport.openLane();
    const divided: WireRequest = { ...POST, body: partsOf([20_000, 20_000]) };
    for (const request of [POST, divided, divided, POST, { ...POST, method: "GET", body: null } as const, divided]) {
      assertEquals((await exchange(lane, request)).reason, null);
    }
    assertEquals(lengths, ["14", "40000", "40000", "14", undefined, "40000"]);
  });

  test("send() sends all parts again where the connection had gone stale", async () => {
    const bodies: number[] = [];
    await using server = await startRawServer(async (connection) => {
      for (let left = connection.index === 0 ? 1 : 9; left > 0; left--) {
        bodies.push((await connection.read())?.body.length ?? -1);
        await connection.write(httpAnswer("ok"));
      }
    });
    await using transport = open(server.url);
    const lane = transport.openLane();
    const request: WireRequest = { ...POST, body: partsOf([9_000, 9_000]) };
    assertEquals(text(await exchange(lane, request)), "ok");
    await new Promise((resolve) => setTimeout(resolve, 600));
    const again = await exchange(lane, request);
    assertEquals([text(again), bodies], ["ok", [18_000, 18_000]], again.message);
  });

  test("send() tells that the server went away amid the parts, and the lane goes on", async () => {
    await using server = await startRawServer(async (connection) => {
      // Some of the parts are under way by then.
      if (connection.index === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      if (connection.index === 0) return connection.reset();
      await connection.read();
      await connection.write(httpAnswer("whole"));
    });
    await using transport = open(server.url);
    const lane = transport.openLane();
    const request: WireRequest = { ...POST, body: partsOf(Array<number>(40).fill(200_000)) };
    const broken = await exchange(lane, request);
    assertEquals(broken.told, ["failure"]);
    assertStringIncludes("reset closed", broken.reason!);
    assertEquals(text(await exchange(lane, request)), "whole");
  });

  test("cancel() ends a request amid its parts", async () => {
    await using server = await startRawServer(async (connection) => {
      await connection.read();
      await connection.write(httpAnswer("whole"));
    });
    await using transport = open(server.url);
    const lane = transport.openLane();
    const cancelled = exchange(lane, { ...POST, body: partsOf(Array<number>(40).fill(200_000)) });
    await new Promise((resolve) => setTimeout(resolve, 5));
    lane.cancel();
    assertStringIncludes("cancelled response", (await cancelled).told.at(-1)!);
    assertEquals(text(await exchange(lane, POST)), "whole");
  });

  test("cancel() leaves a request's memory alone: the server reads nothing that is written there afterwards", async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await using transport = open(`http://127.0.0.1:${listener.addr.port}`);
    for (const headRoom of [0, 2048]) {
      const memory = new Uint8Array(16 * 2 ** 20).fill(1), body = memory.subarray(2048);
      const lane = transport.openLane();
      const ended = exchange(lane, { ...POST, body, headRoom });
      using socket = await listener.accept();
      // By then the system takes no more of it.
      await new Promise((resolve) => setTimeout(resolve, 100));
      lane.cancel();
      memory.fill(2);
      assertEquals((await ended).told.at(-1), "cancelled");
      const sent: number[] = new Array(256).fill(0), bytes = new Uint8Array(2 ** 20);
      const read = () => socket.read(bytes).catch(() => null);
      for (let length = await read(); length !== null; length = await read()) {
        for (const byte of bytes.subarray(0, length)) sent[byte]!++;
      }
      assertGreater(sent[1]!, 2 ** 16);
      assertGreater(body.length, sent[1]!);
      assertEquals(sent[2], 0);
    }
  });
}
