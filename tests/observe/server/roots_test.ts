import { assert, assertEquals, assertMatch } from "@std/assert";
import { isAbsent } from "../../../src/observe/absent.ts";
import { identify } from "../../../src/observe/server/identity.ts";
import { processWork, workBetween } from "../../../src/observe/server/process_work.ts";
import { findRoots, missingPids } from "../../../src/observe/server/roots.ts";
import { treeMemory } from "../../../src/observe/process_tree.ts";
import { NOT_LINUX, spawn, spawnDeno, UNTIL_STDIN_ENDS } from "../processes.ts";

const READY = `console.log("ready");${UNTIL_STDIN_ENDS}`;

Deno.test("findRoots() takes a program that renames itself to a forwarder's name for one", {
  ignore: NOT_LINUX,
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["httpd", "ray::ProxyActor", "linkerd2-proxy"]) {
      const path = `${folder}/${name}`;
      await Deno.symlink(Deno.execPath(), path);
      const serve = "Deno.serve({ hostname: '127.0.0.1', port: 0, onListen: ({ port }) => console.log(port) }, " +
        `() => new Response());${UNTIL_STDIN_ENDS}`;
      const child = new Deno.Command(path, { args: ["eval", serve], stdin: "piped", stdout: "piped" }).spawn();
      const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      const { value = "" } = await reader.read();
      const found = await findRoots({ port: Number(value) });
      assertMatch(isAbsent(found) ? found.absent : "", /passes requests on to the server, whose process id is/);
      await reader.cancel();
      await child.stdin.close();
      await child.status;
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test(
  "findRoots() takes what was started for the server where nobody is seen to listen, but no client of a container",
  {
    ignore: NOT_LINUX,
  },
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.symlink(Deno.execPath(), `${folder}/docker`);
      await using server = spawnDeno(READY);
      await using client = spawn(`${folder}/docker`, "eval", READY);
      await Promise.all([server.readLine(), client.readLine()]);
      // A port that nobody gives away meanwhile.
      const port = 1, unixSocket = `${folder}/none.sock`;
      for (const where of [{ port }, { unixSocket }]) {
        assertEquals(await findRoots({ ...where, started: () => server.pid }), [server.pid]);
        const found = await findRoots({ ...where, started: () => client.pid });
        assertMatch(isAbsent(found) ? found.absent : "", /that this user may see listens on/);
        assert(isAbsent(await findRoots(where)));
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

Deno.test("treeMemory() counts each process of several trees once, and is null where one of them has ended", {
  ignore: NOT_LINUX,
}, async () => {
  await using one = spawnDeno(READY);
  await using two = spawnDeno(READY);
  await Promise.all([one.readLine(), two.readLine()]);
  const both = await treeMemory([one.pid, two.pid, one.pid], "rss");
  assertEquals(both!.pids.toSorted(), [one.pid, two.pid].toSorted());
  await two[Symbol.asyncDispose]();
  assertEquals(await treeMemory([one.pid, two.pid], "rss"), null);
  assertEquals(await missingPids([one.pid, two.pid]), [two.pid]);
  assertEquals(await identify(two.pid), null);
});

Deno.test("processWork() tells the CPU time and the memory that a process has used", {
  ignore: NOT_LINUX,
}, async () => {
  const busy = "const kept = new Uint8Array(16 << 20).fill(1);" +
    "for (const end = Date.now() + 200; Date.now() < end;);console.log(kept.length);";
  await using child = spawnDeno(`console.log();for await (const _ of Deno.stdin.readable) { ${busy} }`);
  await child.readLine();
  const before = await processWork([child.pid]);
  await child.writeLine("work");
  await child.readLine();
  const done = workBetween(before.get(child.pid), (await processWork()).get(child.pid))!;
  assertEquals([done.cpuMs > 0, done.grownBytes > 8 * 2 ** 20], [true, true]);
  assertEquals(workBetween(undefined, before.get(child.pid)), null);
});
