import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { ServerStartError } from "../../src/core/errors.ts";
import { LaunchedServer, type LaunchOptions } from "../../src/launch/launched_server.ts";
import { isGroupRunning } from "../../src/launch/process_group.ts";
import { parseServerCommand } from "../../src/launch/server_command.ts";
import { freePort, stagedCommand, type Stages } from "./staged_server.ts";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether a process is there and no zombie. */
function isRunning(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return Deno.build.os !== "linux" || !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) await sleep(20);
}

function launched(stages: Omit<Stages, "port">, options: Partial<LaunchOptions> = {}) {
  const port = freePort();
  const notices: string[] = [];
  const server = new LaunchedServer(parseServerCommand(stagedCommand({ port, ...stages })), {
    address: { hostname: "127.0.0.1", port },
    onNotice: (text) => notices.push(text),
    ...options,
  });
  return { server, port, notices };
}

async function opened(server: LaunchedServer): Promise<void> {
  while (!await server.isOpen()) {
    server.checkRunning();
    await sleep(10);
  }
}

Deno.test("LaunchedServer starts a server in a process of its own, and again once it is stopped", async () => {
  const { server, port, notices } = launched({});
  const pids: number[] = [];
  for (let i = 0; i < 2; i++) {
    await server.prepare();
    server.start();
    pids.push(server.pid!);
    await opened(server);
    const answer = await fetch(`http://127.0.0.1:${port}/v2`);
    assertEquals((await answer.json()).name, "staged");
    assertEquals(await server.stop(), { killed: false });
    assertEquals(server.pid, null);
  }
  assert(pids[0] !== pids[1]);
  for (const pid of pids) await gone(pid);
  assertEquals([await server.stop(), notices], [{ killed: false }, []]);
});

Deno.test("LaunchedServer kills a server that does not end by its signal, and says so once", async () => {
  const { server, notices } = launched({ ignoresTerm: true }, { graceMs: 300 });
  for (let i = 0; i < 2; i++) {
    await server.prepare();
    server.start();
    const pid = server.pid!;
    await opened(server);
    assertEquals(await server.stop(), { killed: true });
    await gone(pid);
  }
  assertEquals(notices, ["deno did not end by SIGTERM within 0.3 s and was killed."]);
});

Deno.test("LaunchedServer waits for nothing once it is halted", async () => {
  const halt = new AbortController();
  const { server, notices } = launched({ ignoresTerm: true }, { graceMs: 3_600_000, haltSignal: halt.signal });
  await server.prepare();
  server.start();
  const pid = server.pid!;
  await opened(server);
  const stopped = server.stop();
  halt.abort();
  assertEquals(await stopped, { killed: true });
  await gone(pid);
  assertEquals(notices, ["deno was not waited for and was killed."]);
});

Deno.test("LaunchedServer stops by the signal that it was given", async () => {
  await using server = launched({ ignoresTerm: true }, { stopSignal: "SIGINT" }).server;
  await server.prepare();
  server.start();
  await opened(server);
  assertEquals(await server.stop(), { killed: false });
});

Deno.test("LaunchedServer stops what its server has started, also what ignores the signal", async () => {
  const { server, notices } = launched({ hasChild: true }, { graceMs: 1000 });
  await server.prepare();
  server.start();
  await opened(server);
  let said: RegExpExecArray | null = null;
  while (said === null) {
    await sleep(20);
    await server.tellOutput();
    said = /child (\d+)/.exec(notices.join());
  }
  const child = Number(said[1]);
  assert(isRunning(child));
  assertEquals(await server.stop(), { killed: true });
  await gone(child);
  assertEquals(notices.at(-1), "What deno started did not end by SIGTERM within 1 s and was killed.");
});

Deno.test("LaunchedServer waits for the server behind a shell as long as for one without", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const folder = await Deno.makeTempDir();
  const notices: string[] = [];
  try {
    // The shell ends at once, what it started only then.
    const serve =
      `trap "sleep 2.5; touch ${folder}/saved; exit" TERM; touch ${folder}/ready; while :; do sleep 0.05; done`;
    const server = new LaunchedServer(parseServerCommand(`sh -c '(${serve}) & wait'`), {
      address: { hostname: "127.0.0.1", port: freePort() },
      onNotice: (text) => notices.push(text),
    });
    server.start();
    const isThere = (name: string) => Deno.stat(`${folder}/${name}`).then(() => true, () => false);
    while (!await isThere("ready")) await sleep(10);
    assertEquals(await server.stop(), { killed: false });
    assert(await isThere("saved"));
    assertEquals(notices, ["Waiting for sh to end, up to 10 s."]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("isGroupRunning() is false of processes that have ended, and of which their parent has not heard", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const script = "setsid true & echo $!; exec sleep 60";
  const parent = new Deno.Command("sh", { args: ["-c", script], stdout: "piped", detached: true }).spawn();
  const reader = parent.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const group = Number((await reader.read()).value);
  await gone(group);
  Deno.kill(-group, "SIGCONT");
  assertEquals([isGroupRunning(group), isGroupRunning(parent.pid)], [false, true]);
  parent.kill();
  await parent.status;
  assertEquals(isGroupRunning(parent.pid), false);
  await reader.cancel();
});

Deno.test("LaunchedServer tells how a server ended by itself, with its last lines", async () => {
  const { server, notices } = launched({ diesAfterMs: 50 });
  await server.prepare();
  server.start();
  await gone(server.pid!);
  await sleep(50);
  const error = assertThrows(() => server.checkRunning(), ServerStartError, "deno ended with code 7");
  assert(!error.message.includes("Traceback"), "what it wrote stays out of messages");
  await server.stop();
  assertStringIncludes(notices.join("\n"), "deno ended with code 7 while it was needed. Its last lines:\n");
  assertStringIncludes(notices.join("\n"), "  Traceback: no memory left");
});

Deno.test("LaunchedServer starts nothing where something answers already", async () => {
  const { server, port } = launched({});
  using _listener = Deno.listen({ hostname: "127.0.0.1", port });
  const error = await assertRejects(() => server.prepare(), ServerStartError, `127.0.0.1:${port}`);
  assertStringIncludes(error.hint!, "startCommand");
});

Deno.test("LaunchedServer says which program cannot be run, without its arguments", () => {
  const address = { hostname: "127.0.0.1", port: 9 };
  const server = new LaunchedServer(parseServerCommand("TOKEN=secret1 /nonexistent/serve --token secret2"), {
    address,
  });
  const error = assertThrows(() => server.start(), ServerStartError, '"serve" must be a program that can be run');
  assert(!error.message.includes("secret"), error.message);
});

Deno.test("LaunchedServer keeps no more than the last of what a server writes", async () => {
  const notices: string[] = [];
  const command = parseServerCommand(`sh -c 'i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; exit 3'`);
  await using server = new LaunchedServer(command, {
    address: { hostname: "127.0.0.1", port: freePort() },
    onNotice: (text) => notices.push(text),
  });
  server.start();
  await gone(server.pid!);
  await sleep(100);
  await server.tellOutput();
  const lines = notices[0]!.split("\n");
  assertEquals([lines.length, lines.at(-1)], [13, "  line 19999"]);
});
