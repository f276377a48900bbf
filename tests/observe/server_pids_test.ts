import { assertEquals } from "@std/assert";
import { listeningPids, serverPids } from "../../src/observe/server_pids.ts";
import { NOT_LINUX, SERVE, spawn, spawnDeno } from "./processes.ts";

Deno.test("serverPids() takes what passes requests on for no process of the server, unless it is given", {
  ignore: NOT_LINUX,
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.symlink(Deno.execPath(), `${folder}/ray::ProxyActor`);
    await using proxy = spawn(`${folder}/ray::ProxyActor`, "eval", SERVE);
    const url = `http://127.0.0.1:${await proxy.readLine()}`;
    assertEquals(await serverPids({ url }), []);
    assertEquals(await serverPids({ url }, proxy.pid), [proxy.pid]);
    // Where this run started it with all that it needs, the processes of the server are among them.
    assertEquals(await serverPids({ url, started: { pid: proxy.pid } }), [proxy.pid]);
    assertEquals(await listeningPids({ url }), [proxy.pid]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("serverPids() are those of the process that listens", { ignore: NOT_LINUX }, async () => {
  await using server = spawnDeno(SERVE);
  const url = `http://127.0.0.1:${await server.readLine()}`;
  assertEquals(await serverPids({ url }), [server.pid]);
});

Deno.test("serverPids() are also those of a server in the process that measures, or that started it", {
  ignore: NOT_LINUX,
}, async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const pids = await serverPids({ url: `http://127.0.0.1:${listener.addr.port}` });
  assertEquals(pids.includes(Deno.pid), true);
});
