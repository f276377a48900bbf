import { assertEquals } from "@std/assert";
import { openTransport } from "../../../src/wire/open_transport.ts";
import { exchange, POST } from "../exchange.ts";
import { httpAnswer, startRawServer } from "../raw_server.ts";

Deno.test("undici sends again what met a connection that was closed right behind a failure, and no other", async () => {
  for (const [status, resent] of [[500, 1], [400, 0]] as const) {
    await using server = await startRawServer(async (connection) => {
      await connection.read();
      await connection.write(httpAnswer("boom", connection.index === 0 ? status : 200));
      if (connection.index === 0) await connection.read();
    });
    await using transport = openTransport(server.url, {}, { transport: "undici" });
    const lane = transport.openLane();
    assertEquals((await exchange(lane, POST)).response?.status, status);
    const next = await exchange(lane, POST);
    assertEquals([next.response?.status, transport.resentRequests], resent === 1 ? [200, 1] : [undefined, 0]);
  }
});
