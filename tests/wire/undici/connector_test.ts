import { assertEquals } from "@std/assert";
import { openTransport } from "../../../src/wire/open_transport.ts";
import { exchange, GET } from "../exchange.ts";
import { startRawServer } from "../raw_server.ts";

for (const way of ["https", "proxy"] as const) {
  Deno.test(`undici: send() leaves no connection behind that was not open at the deadline (${way})`, async () => {
    await using silent = await startRawServer(({ closed }) => closed);
    const [url, access] = way === "https"
      ? [silent.url.replace("http:", "https:"), {}]
      : ["https://model.example", { proxy: silent.url }];
    await using transport = openTransport(url, access, { transport: "undici" });
    const lane = transport.openLane();
    assertEquals((await exchange(lane, GET, 50)).reason, "timeout");
    for (let looks = 0; silent.open() > 0 && looks < 500; looks++) await new Promise((seen) => setTimeout(seen, 10));
    assertEquals([silent.accepted(), silent.open()], [1, 0]);
  });
}
