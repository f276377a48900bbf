/** `deno task dev:soak:transport` does the same for a million requests, and looks at memory as well. */
import { assert, assertEquals } from "@std/assert";
import { openTransport } from "../../../src/wire/open_transport.ts";
import { answering, httpAnswer, startRawServer } from "../raw_server.ts";
import { soak } from "./soak.ts";

/** Files and sockets that the process has open, or `null` where the system does not tell. */
function openFiles(): number | null {
  return Deno.build.os === "linux" ? [...Deno.readDirSync("/proc/self/fd")].length : null;
}

Deno.test("a transport leaves no socket behind after 6000 requests over lanes that come and go", async () => {
  await using server = await startRawServer(answering(() => httpAnswer("{}")));
  const before = openFiles();
  const transport = openTransport(server.url, {}, { transport: "http1" });
  const { answered, cancelled, failures, lanesOpened } = await soak(transport, {
    requests: 6000,
    lanes: 8,
    requestsPerLane: 100,
  });
  assertEquals(failures, []);
  assertEquals(answered + cancelled, 6000);
  // A request that is cancelled at once has not always a connection.
  assert(server.accepted() <= lanesOpened, `${server.accepted()} connections of ${lanesOpened} lanes`);
  await transport.close();
  // The server's ends are still open until it has seen that the others were closed.
  for (let left = 500; left > 0 && openFiles()! > before!; left--) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assertEquals(openFiles(), before);
});
