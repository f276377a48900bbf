import { assertEquals } from "@std/assert";
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
