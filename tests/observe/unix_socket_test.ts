import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { isAbsent } from "../../src/observe/absent.ts";
import { openMemorySampler } from "../../src/observe/memory_sampler.ts";
import { findUnixListeningPids } from "../../src/observe/process_tree.ts";
import { NOT_LINUX, spawnDeno, UNTIL_STDIN_ENDS } from "./processes.ts";

const SERVE_UNIX = `Deno.serve({ path: Deno.args[0], onListen: () => console.log("ready") }, () => new Response());` +
  UNTIL_STDIN_ENDS;

Deno.test({
  name: "openMemorySampler() samples the process that listens on a Unix socket, whatever the URL's port",
  ignore: NOT_LINUX,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const unixSocket = `${folder}/server.sock`;
      await using server = spawnDeno(SERVE_UNIX, unixSocket);
      assertEquals(await server.readLine(), "ready");
      assertEquals(await findUnixListeningPids(unixSocket), [server.pid]);
      const sampler = await openMemorySampler({ unixSocket, port: 80 });
      assert(!isAbsent(sampler), JSON.stringify(sampler));
      assert(sampler.scope.pids.includes(server.pid));
      const none = await openMemorySampler({ unixSocket: `${folder}/none.sock`, port: 80 });
      assert(isAbsent(none));
      assertStringIncludes(none.absent, "none.sock");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
