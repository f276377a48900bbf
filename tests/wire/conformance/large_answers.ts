import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { setImmediate } from "node:timers";
import type { FailureReason } from "../../../src/core/outcome.ts";
import { bytesHeld } from "../../../src/wire/answer_budget.ts";
import { exchange, GET, text } from "../exchange.ts";
import { httpAnswer, type RawConnection, startRawServer } from "../raw_server.ts";
import type { Subject } from "./subject.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
const MOST = 256 * 2 ** 10;
const maxResponse = { bytes: MOST, name: "the-option" };

/** What goes on for ever: how it begins, what is said again and again, and what becomes of it. */
const ENDLESS: readonly [what: string, begin: string, again: string, reason: FailureReason][] = [
  ["a body of known length", `${OK}content-length: 1000000000\r\n\r\n`, "a".repeat(9999), "too-large"],
  ["a body until the end", `${OK}connection: close\r\n\r\n`, "a".repeat(9999), "too-large"],
  ["chunks", CHUNKED, `2000\r\n${"a".repeat(0x2000)}\r\n`, "too-large"],
  ["chunks of one byte", CHUNKED, "1\r\na\r\n".repeat(2000), "too-large"],
  ["header fields", OK, `a: ${"b".repeat(100)}\r\n`.repeat(50), "malformed"],
  ["one header field", `${OK}a: `, "b".repeat(9999), "malformed"],
  ["a status line", "HTTP/1.1 200 ", "b".repeat(9999), "malformed"],
  ["interim answers", "", "HTTP/1.1 102 Processing\r\n\r\n".repeat(300), "malformed"],
  ["trailers", `${CHUNKED}0\r\n`, `a: ${"b".repeat(100)}\r\n`.repeat(50), "malformed"],
  ["an extension of a chunk", `${CHUNKED}1;a=`, "b".repeat(9999), "malformed"],
  ["the length of a chunk", CHUNKED, "0".repeat(9999), "malformed"],
];

/** Says it until the client hangs up. */
const endlessly = (begin: string, again: string) => async (connection: RawConnection) => {
  await connection.read();
  let isClosed = false;
  connection.read().then(() => isClosed = true);
  await connection.write(begin);
  while (!isClosed) {
    await connection.write(again);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
};

/** Answers that are larger than is taken. */
export function largeAnswerCases({ open, test }: Subject): void {
  for (const [what, begin, again, reason] of ENDLESS) {
    test(`openTransport() hangs up on ${what} without an end`, async () => {
      await using server = await startRawServer(endlessly(begin, again));
      await using transport = open(server.url, {}, { maxResponse });
      const ended = await exchange(transport.openLane());
      assertEquals([ended.reason, ended.told.at(-1)], [reason, "failure"], ended.message);
      if (reason === "too-large") assertStringIncludes(ended.message, "larger than 256 KiB: the-option");
      assertEquals(bytesHeld(), 0);
    });
  }

  test("openTransport() takes the largest answer, a byte a chunk, and goes on over a new connection after a larger", async () => {
    await using server = await startRawServer(async (connection) => {
      for (let request = await connection.read(); request !== null; request = await connection.read()) {
        const size = Number(request.path.slice(1));
        await connection.write(size > MOST ? `${OK}content-length: ${size}\r\n\r\n` : CHUNKED);
        await connection.write("1\r\na\r\n".repeat(size) + "0\r\n\r\n");
      }
    });
    await using transport = open(server.url, {}, { maxResponse });
    const lane = transport.openLane();
    for (const size of [MOST, 5, MOST + 1, 70_000]) {
      const ended = await exchange(lane, { ...GET, path: `/${size}` });
      if (size > MOST) assertEquals(ended.reason, "too-large");
      else assertEquals(text(ended), "a".repeat(size));
    }
    assertEquals([server.accepted(), bytesHeld()], [2, 0]);
  });

  test("openTransport() fails who would take more than is left beside other lanes, and lets those go on", async () => {
    const size = 230_000, go = Promise.withResolvers<void>();
    await using server = await startRawServer(async (connection) => {
      await connection.read();
      const whole = httpAnswer("a".repeat(size));
      await connection.write(whole.slice(0, -1000));
      await go.promise;
      await connection.write(whole.slice(-1000));
    });
    await using transport = open(server.url, {}, { maxResponse });
    let failed = 0;
    const all = Array.from({ length: 6 }, async () => {
      const ended = await exchange(transport.openLane());
      if (ended.reason !== null && ++failed === 2) go.resolve();
      return ended;
    });
    const ended = await Promise.all(all);
    const [message] = ended.flatMap(({ reason, message }) => reason === "too-large" ? [message] : []);
    assertStringIncludes(message ?? "", "larger than 1 MiB together: the-option");
    assertEquals(ended.filter((each) => text(each).length === size).length, 4);
    assertEquals(bytesHeld(), 0);
  });

  test("openTransport() holds no memory of what was cut off, and shows none of it in another answer", async () => {
    const size = 3 * 2 ** 20;
    await using server = await startRawServer(async (connection) => {
      await connection.read();
      if (connection.index > 3) await connection.write(httpAnswer("b".repeat(size)));
      else {
        await connection.write(httpAnswer("a".repeat(size)).slice(0, -1));
        await connection.read();
      }
    });
    await using transport = open(server.url, {}, { maxResponse: { bytes: size } });
    const cutOff = await Promise.all(Array.from({ length: 4 }, () => exchange(transport.openLane(), GET, 300)));
    assertEquals(cutOff.map(({ reason }) => reason), Array(4).fill("timeout"));
    assertEquals(bytesHeld(), 0);
    for (let i = 0; i < 4; i++) {
      const whole = text(await exchange(transport.openLane()));
      assert(whole === "b".repeat(size));
    }
  });
}
