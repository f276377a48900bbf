import { assertEquals, assertGreater } from "@std/assert";
import { constantArrivals } from "../../src/load/arrivals.ts";
import { type Issue, runLoad } from "../../src/load/run_load.ts";
import { openTransport } from "../../src/wire/open_transport.ts";
import { answering, httpAnswer, startRawServer } from "../wire/raw_server.ts";
import { madePool } from "./requests/made_pool.ts";
import { simulatedProtocol } from "./simulated_server.ts";

const ISSUES: readonly Issue[] = [
  { kind: "closed", concurrency: 6 },
  { kind: "open", arrivals: constantArrivals(500), maxConnections: 6 },
];

for (const name of ["http1", "undici"]) {
  Deno.test(`runLoad() leaves no connection of ${name} open: neither do they pile up over runs`, async () => {
    let most = 0;
    await using server = await startRawServer((connection) => {
      most = Math.max(most, server.open());
      return answering(() => httpAnswer("ok"))(connection);
    });
    await using transport = openTransport(server.url, {}, { transport: name });
    for (const issue of [...ISSUES, ...ISSUES]) {
      const { recorded } = await runLoad(issue, {
        transport,
        protocol: simulatedProtocol,
        pool: madePool(simulatedProtocol, { kind: "text", words: 1 }),
        asked: { model: "m", predictions: 1, allowNullResults: false },
        timeoutMs: 5000,
        warmUpRequests: 0,
        durationMs: 10_000,
        requests: 50,
      });
      assertGreater(recorded, 49);
      for (let tries = 0; server.open() > 0 && tries < 200; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      assertEquals(server.open(), 0, issue.kind);
    }
    assertGreater(server.accepted(), 12);
    assertGreater(7, most);
  });
}
