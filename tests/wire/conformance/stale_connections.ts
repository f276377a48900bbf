import { assertEquals } from "@std/assert";
import { createAuthority } from "../certificates.ts";
import { exchange, POST, text } from "../exchange.ts";
import { httpAnswer, type RawConnection, startRawServer } from "../raw_server.ts";
import type { Subject } from "./subject.ts";

/** Closes every connection instead of answering its second request. */
const closesOnSecond = async (connection: RawConnection): Promise<void> => {
  await connection.read();
  await connection.write(httpAnswer(`from ${connection.index}`));
  await connection.read();
};

/** A connection that the server closed while it was idle is no failure of the server. */
export function staleConnectionCases({ open, test }: Subject): void {
  test("send() sends again what met a connection that went stale while it was idle", async () => {
    await using server = await startRawServer(closesOnSecond);
    await using transport = open(server.url);
    const lane = transport.openLane();
    assertEquals(text(await exchange(lane, POST)), "from 0");
    await new Promise((resolve) => setTimeout(resolve, 600));
    const again = await exchange(lane, POST);
    assertEquals([text(again), again.told, server.accepted()], ["from 1", ["first byte", "response"], 2]);
  });

  test("send() does not hide that a busy connection was closed, nor that a fresh one is", async () => {
    await using server = await startRawServer(closesOnSecond);
    await using transport = open(server.url);
    const lane = transport.openLane();
    assertEquals(text(await exchange(lane, POST)), "from 0");
    assertEquals((await exchange(lane, POST)).reason, "closed");
    await using dropping = await startRawServer(async (connection) => void await connection.read());
    await using other = open(dropping.url);
    assertEquals((await exchange(other.openLane(), POST)).reason, "closed");
    assertEquals(dropping.accepted(), 1);
  });

  test("send() sends again what met a connection that was reset right behind an error, once", async () => {
    await using server = await startRawServer(async (connection) => {
      await connection.read();
      if (connection.index < 3) {
        await connection.write(httpAnswer("boom", 500));
        await connection.read();
      }
      // It looks as if that request had not been read.
      connection.reset();
    });
    await using transport = open(server.url);
    const lane = transport.openLane();
    for (let i = 0; i < 3; i++) assertEquals((await exchange(lane, POST)).response?.status, 500);
    assertEquals((await exchange(lane, POST)).reason, "reset");
    assertEquals([transport.resentRequests, server.accepted()], [3, 4]);
  });

  test("send() sends again what met a connection of TLS that was closed right behind a failure, once", async () => {
    const { ca, issue } = await createAuthority(), identity = await issue("server");
    for (const status of [500, 200]) {
      await using server = await startRawServer(
        async (connection) => {
          await connection.read();
          if (connection.index > 0) return;
          await connection.write(httpAnswer("boom", status));
          await connection.read();
        },
        "127.0.0.1",
        identity,
      );
      await using transport = open(server.url, { ca });
      const lane = transport.openLane();
      assertEquals((await exchange(lane, POST)).response?.status, status);
      assertEquals((await exchange(lane, POST)).reason, "closed");
      const resent = status === 500 ? 1 : 0;
      assertEquals([transport.resentRequests, server.accepted()], [resent, 1 + resent]);
    }
  }, ["https", "ca"]);

  test("send() does not hide that a connection was reset while its request was worked on", async () => {
    for (const [status, workMs] of [[200, 50], [500, 300]] as const) {
      await using server = await startRawServer(async (connection) => {
        await connection.read();
        await connection.write(httpAnswer("answer", status));
        await connection.read();
        await new Promise((resolve) => setTimeout(resolve, workMs));
        connection.reset();
      });
      await using transport = open(server.url);
      const lane = transport.openLane();
      assertEquals((await exchange(lane, POST)).response?.status, status);
      assertEquals((await exchange(lane, POST)).reason, "reset");
      assertEquals(server.accepted(), 1);
    }
  });

  test("send() does not hide that a request behind an idle time was worked on", async () => {
    for (const reset of [true, false]) {
      await using server = await startRawServer(async (connection) => {
        await connection.read();
        await connection.write(httpAnswer("once"));
        await connection.read();
        await new Promise((resolve) => setTimeout(resolve, 400));
        if (reset) connection.reset();
      });
      await using transport = open(server.url);
      const lane = transport.openLane();
      assertEquals(text(await exchange(lane, POST)), "once");
      await new Promise((resolve) => setTimeout(resolve, 600));
      assertEquals((await exchange(lane, POST)).reason, reset ? "reset" : "closed");
      assertEquals([transport.resentRequests, server.accepted()], [0, 1]);
    }
  });

  test("send() does not send again what met a fresh connection after an idle time", async () => {
    await using server = await startRawServer(async (connection) => {
      await connection.read();
      if (connection.index === 0) await connection.write(httpAnswer("once"));
    });
    await using transport = open(server.url);
    const lane = transport.openLane();
    assertEquals(text(await exchange(lane, POST)), "once");
    await new Promise((resolve) => setTimeout(resolve, 600));
    assertEquals((await exchange(lane, POST)).reason, "closed");
    assertEquals(server.accepted(), 2);
  });
}
