import { assertEquals, assertStringIncludes } from "@std/assert";
import { exchange, GET, POST, text } from "../exchange.ts";
import { httpAnswer, type RawConnection, startRawServer } from "../raw_server.ts";
import type { Subject } from "./subject.ts";

/** Reads a request and never answers it. */
const silent = async (connection: RawConnection): Promise<void> => {
  while (await connection.read() !== null);
};

/** Deadlines hold for the whole exchange, each request its own. */
export function deadlineCases({ open, test }: Subject): void {
  test("send() tells a timeout in the order of the deadlines, whatever was sent first", async () => {
    await using server = await startRawServer(silent);
    await using transport = open(server.url);
    const order: number[] = [];
    await Promise.all([240, 40, 160, 80].map(async (timeoutMs) => {
      const ended = await exchange(transport.openLane(), POST, timeoutMs);
      assertEquals(ended.reason, "timeout");
      assertEquals(ended.message, `an answer did not come within ${timeoutMs} ms`);
      order.push(timeoutMs);
    }));
    assertEquals(order, [40, 80, 160, 240]);
  });

  test("send() keeps each request's own deadline when a lane's deadlines differ", async () => {
    await using server = await startRawServer(async (connection) => {
      for (let left = connection.index === 0 ? 2 : 0; left > 0; left--) {
        await connection.read();
        await connection.write(httpAnswer("in time"));
      }
      await silent(connection);
    });
    await using transport = open(server.url);
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

  test("send() does not end a request by the timer of one before it", async () => {
    await using server = await startRawServer(async (connection) => {
      await connection.read();
      await connection.write(httpAnswer("at once"));
      await connection.read();
      await new Promise((resolve) => setTimeout(resolve, 300));
      await connection.write(httpAnswer("late"));
    });
    await using transport = open(server.url);
    const lane = transport.openLane();
    assertEquals(text(await exchange(lane, GET, 150)), "at once");
    assertEquals(text(await exchange(lane, GET, 10_000)), "late");
  });

  test("send() counts connecting into the deadline", async () => {
    await using mute = await startRawServer(silent);
    // The server never answers the TLS handshake.
    await using connecting = open(mute.url.replace("http:", "https:"));
    const unconnected = await exchange(connecting.openLane(), GET, 50);
    assertEquals(unconnected.told, ["failure"]);
    assertStringIncludes(unconnected.message, "a connection did not come");
  }, ["https"]);

  test("send() counts the body into the deadline", async () => {
    await using slow = await startRawServer(async (connection) => {
      await connection.read();
      await connection.write(httpAnswer("whole"));
      await connection.read();
      await connection.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc");
      await silent(connection);
    });
    await using reading = open(slow.url);
    const lane = reading.openLane();
    assertEquals(text(await exchange(lane)), "whole");
    const incomplete = await exchange(lane, GET, 300);
    assertEquals(incomplete.told, ["first byte", "failure"]);
    assertStringIncludes(incomplete.message, "the whole answer did not come");
  });
}
