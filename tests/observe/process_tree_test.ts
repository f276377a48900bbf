import { assert, assertAlmostEquals, assertArrayIncludes, assertEquals, assertGreater, assertLess } from "@std/assert";
import { descendants, listListeningSockets, listProcesses } from "../../src/observe/process_list.ts";
import {
  ancestry,
  bestMemoryKind,
  findListeningPids,
  processMemory,
  processName,
  processTree,
  treeMemory,
} from "../../src/observe/process_tree.ts";
import { hasCommand, NOT_LINUX, SERVE, spawn, spawnDeno, spawnTree, UNTIL_STDIN_ENDS } from "./processes.ts";

const READY = `console.log("ready");${UNTIL_STDIN_ENDS}`;

const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function gonePid(): Promise<number> {
  await using child = spawnDeno("0");
  return child.pid;
}

Deno.test({
  name: "findListeningPids() finds the process that serves",
  ignore: NOT_LINUX,
  async fn() {
    await using server = spawnDeno(SERVE);
    const port = Number(await server.readLine());
    assertEquals(await findListeningPids(port), [server.pid]);
    assertEquals(await findListeningPids(port, "localhost"), [server.pid]);
    assertEquals(await findListeningPids(port, "127.0.0.1"), [server.pid]);
    // The server is bound to 127.0.0.1 only.
    assertEquals(await findListeningPids(port, "[::1]"), []);
  },
});

Deno.test({
  name: "findListeningPids() is empty when nobody listens",
  ignore: NOT_LINUX,
  async fn() {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    assertEquals(await findListeningPids(port), [Deno.pid]);
    listener.close();
    assertEquals(await findListeningPids(port), []);
  },
});

Deno.test({
  name: "findListeningPids() tells IPv4, IPv6 and a wildcard on one port apart",
  ignore: NOT_LINUX || !Deno.networkInterfaces().some(({ address }) => address === "::1"),
  async fn() {
    const own = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = own.addr;
    await using other = spawnDeno(
      `Deno.listen({ hostname: "::1", port: ${port} });console.log();${UNTIL_STDIN_ENDS}`,
    );
    await other.readLine();
    assertEquals(await findListeningPids(port, "127.0.0.1"), [Deno.pid]);
    assertEquals(await findListeningPids(port, "::1"), [other.pid]);
    own.close();

    await using wildcard = spawnDeno(SERVE.replace("127.0.0.1", "0.0.0.0"));
    assertEquals(await findListeningPids(Number(await wildcard.readLine()), "127.0.0.1"), [wildcard.pid]);
  },
});

Deno.test({
  name: "findListeningPids() is the parent of workers that share the port",
  ignore: NOT_LINUX,
  async fn() {
    const port = freePort();
    const code = SERVE.replace("port: Number", `reusePort: true, port: ${port} + Number`);
    await using server = spawnTree(2, code);
    await server.readLine();
    await server.readLine();
    assertEquals(await findListeningPids(port), [server.pid]);
  },
});

Deno.test({
  name: "findListeningPids() are all that share one address and port",
  ignore: NOT_LINUX,
  async fn() {
    const port = freePort();
    const code = SERVE.replace("port: Number", `reusePort: true, port: ${port} + Number`);
    await using one = spawnDeno(code);
    await using two = spawnDeno(code);
    await Promise.all([one.readLine(), two.readLine()]);
    // Their only common ancestor is this test, which is no server.
    assertEquals((await findListeningPids(port)).toSorted(), [one.pid, two.pid].toSorted());
  },
});

Deno.test({
  name: "findListeningPids() is the master when forked workers hold its socket",
  ignore: NOT_LINUX || !hasCommand("python3"),
  async fn() {
    const code = [
      "import os, socket, sys",
      "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()",
      "forked = os.fork() and os.fork()",
      "if forked: print(s.getsockname()[1], flush=True)",
      "sys.stdin.read()",
    ].join("\n");
    await using server = spawn("python3", "-c", code);
    const port = Number(await server.readLine());
    assertEquals(await findListeningPids(port), [server.pid]);
    assertEquals((await processTree(server.pid)).length, 3);
  },
});

Deno.test({
  name: "processTree() lists children and their children, and no threads",
  ignore: NOT_LINUX,
  async fn() {
    const withThread = `new Worker("data:application/javascript,", { type: "module" });${READY}`;
    await using tree = spawnTree(2, withThread);
    await tree.readLine();
    await tree.readLine();
    const pids = await processTree(tree.pid);
    assertEquals(pids.length, 3);
    assertEquals(pids[0], tree.pid);
    for (const pid of pids) assertArrayIncludes(await ancestry(pid), [pid, tree.pid, Deno.pid]);
    assertArrayIncludes(await processTree(Deno.pid), pids);
    assertEquals(await processName(tree.pid), "sh");
  },
});

Deno.test("processTree() is empty when the process is gone", async () => {
  assertEquals(await processTree(await gonePid()), []);
});

Deno.test({
  name: "processMemory() agrees with ps",
  ignore: NOT_LINUX || !hasCommand("ps"),
  async fn() {
    await using tree = spawnTree(3, READY);
    for (let i = 0; i < 3; i++) await tree.readLine();
    const pids = await processTree(tree.pid);
    assertEquals(pids.length, 4);
    const ours = await processMemory(pids, "rss");
    const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", pids.join(",")] }).output();
    const kibibytes = new TextDecoder().decode(stdout).trim().split(/\s+/).map(Number);
    const theirs = 1024 * kibibytes.reduce((sum, value) => sum + value, 0);
    assertEquals(kibibytes.length, 4);
    assertAlmostEquals(ours! / theirs, 1, 0.05);
  },
});

Deno.test({
  name: "processMemory() by PSS counts shared pages once, by RSS for each process",
  ignore: NOT_LINUX,
  async fn() {
    await using tree = spawnTree(2, READY);
    await tree.readLine();
    await tree.readLine();
    const pids = await processTree(tree.pid);
    assertEquals(await bestMemoryKind(pids), "pss");
    const [pss, rss] = [await processMemory(pids, "pss"), await processMemory(pids, "rss")];
    assertGreater(pss!, 0);
    // Two runs of Deno share the pages of its program.
    assertLess(pss!, 0.9 * rss!);
    assertEquals((await treeMemory(tree.pid, "rss"))!.pids, pids);
  },
});

Deno.test("processMemory() leaves out a process that is gone", async () => {
  await using alive = spawnDeno(READY);
  await alive.readLine();
  const gone = await gonePid();
  const alone = await processMemory([alive.pid], "rss");
  assertAlmostEquals((await processMemory([gone, alive.pid], "rss"))! / alone!, 1, 0.05);
  assertEquals(await processMemory([gone], "rss"), null);
  assertEquals(await treeMemory(gone, "rss"), null);
});

Deno.test({
  name: "processMemory() leaves out a zombie",
  ignore: NOT_LINUX,
  async fn() {
    // The shell's child ends, and the program that takes the shell's place never asks for it.
    await using parent = spawn("sh", "-c", 'sleep 0.1 & echo $!; exec "$0" eval "$1"', Deno.execPath(), READY);
    const zombie = Number(await parent.readLine());
    await parent.readLine();
    while (await processMemory([zombie], "rss") !== null) await delay(10);
    assertArrayIncludes(await processTree(parent.pid), [zombie]);
    assertEquals(await processMemory([zombie], "pss"), null);
    assertGreater((await treeMemory(parent.pid, "pss"))!.bytes, 0);
  },
});

Deno.test({
  name: "listProcesses() agrees with /proc",
  ignore: NOT_LINUX || !hasCommand("ps"),
  async fn() {
    await using tree = spawnTree(2, READY);
    await tree.readLine();
    await tree.readLine();
    const listed = await listProcesses();
    const pids = await processTree(tree.pid);
    assertEquals(new Set(descendants(listed, tree.pid)), new Set(pids));
    const rss = listed.filter(({ pid }) => pids.includes(pid)).reduce(
      (sum, { residentBytes }) => sum + residentBytes,
      0,
    );
    assertAlmostEquals(rss / (await processMemory(pids, "rss"))!, 1, 0.05);
  },
});

Deno.test({
  name: "listListeningSockets() knows who listens",
  ignore: NOT_LINUX || !(hasCommand("ss") || hasCommand("netstat")),
  async fn() {
    await using server = spawnDeno(SERVE);
    const port = Number(await server.readLine());
    const sockets = (await listListeningSockets()).filter((socket) => socket.port === port);
    assertEquals(sockets, [{ address: "127.0.0.1", port, pids: [server.pid] }]);
    assert(sockets.every(({ pids }) => !pids.includes(Deno.pid)));
  },
});
