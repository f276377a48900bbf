import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { relative } from "node:path";
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

Deno.test({
  name: "findUnixListeningPids() knows a Unix socket by whatever path its server and we call it",
  ignore: NOT_LINUX,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.mkdir(`${folder}/run`);
      await Deno.symlink("run", `${folder}/var`);
      const paths = ["run", "var"].map((name) => `${folder}/${name}/server.sock`);
      for (const bound of [...paths, "server.sock"]) {
        await using server = spawnDeno(`Deno.chdir("${folder}/run");${SERVE_UNIX}`, bound);
        assertEquals(await server.readLine(), "ready");
        const [own, ours] = await Promise.all(paths.map(findUnixListeningPids));
        assertEquals([own, ours], [[server.pid], [server.pid]], bound);
        assertEquals(await findUnixListeningPids(relative(Deno.cwd(), paths[1]!)), [server.pid]);
        await Deno.remove(paths[0]!).catch(() => {});
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
