import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parseReport } from "../../../src/report/json/parse_report.ts";
import { withoutLogReaders } from "../../../src/test_types/memory/work_elsewhere.ts";
import { NOT_LINUX, spawn, spawnDeno, UNTIL_STDIN_ENDS } from "../../observe/processes.ts";
import { run } from "../../cli/command.ts";
import { fromFileUrl } from "../../cli/paths.ts";

const SERVER = fromFileUrl(import.meta.resolve("./memory_server.ts"));
const open = (...manner: string[]) => spawn(Deno.execPath(), "run", "-A", "--quiet", SERVER, ...manner);
const memoryOf = (port: string, ...more: string[]) =>
  run([
    "--test-type",
    "memory",
    "--url",
    `http://127.0.0.1:${port}`,
    "--model",
    "m",
    "--quick",
    "--soak",
    "4",
    ...more,
  ]);

Deno.test("a memory test of a process that passes requests on names the one that works, and is never stable", {
  ignore: NOT_LINUX,
}, async () => {
  await using worker = await open("works");
  await using front = await open("forwards", await worker.readLine());
  const port = await front.readLine();
  const { code, stdout, stderr } = await memoryOf(port, "--format", "json", "--gate", "growth<1KB/request");
  assertEquals(code, 1, stderr);
  const { scope, work, growth } = parseReport(stdout).tests.memory!;
  assertEquals(scope!.processes!.map(({ pid }) => pid), [front.pid]);
  assert(work!.elsewhere.some(({ pid }) => pid === worker.pid));
  assert(growth!.verdict !== "stable");
  assertStringIncludes(stderr, `--pid ${front.pid}`);
  assertStringIncludes(stderr, `--pid ${worker.pid}`);
});

Deno.test("a memory test counts the trees of several processes once each, and names them", {
  ignore: NOT_LINUX,
}, async () => {
  await using worker = await open("works");
  await using front = await open("forwards", await worker.readLine());
  const port = await front.readLine();
  const pids = [front.pid, worker.pid, worker.pid].flatMap((pid) => ["--pid", String(pid)]);
  const { code, stdout, stderr } = await memoryOf(port, ...pids);
  assertEquals(code, 0, stderr);
  assertMatch(stdout, new RegExp(`Processes: .*pid ${front.pid} \\(`));
  assertMatch(stdout.replaceAll(/\s+/g, " "), new RegExp(`, pid ${worker.pid} \\(`));
  assertEquals(/measure it with/.test(stderr), false);
  // Who names the one that works leaves out the one that listens.
  const alone = await memoryOf(port, "--pid", String(worker.pid));
  assertEquals([alone.code, /measure it with/.test(alone.stderr)], [0, false], alone.stderr);
});

Deno.test("withoutLogReaders() leaves out what takes the server's log, whose work would count as that of others", {
  ignore: NOT_LINUX,
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const ready = `console.log("ready");${UNTIL_STDIN_ENDS}`;
    await Deno.symlink(Deno.execPath(), `${folder}/rsyslogd`);
    await using log = spawn(`${folder}/rsyslogd`, "eval", ready);
    await using worker = spawnDeno(ready);
    await Promise.all([log.readLine(), worker.readLine()]);
    const suspects = [{ pid: log.pid, share: 0.45 }, { pid: worker.pid, share: 0.12 }];
    assertEquals(await withoutLogReaders(suspects), [{ pid: worker.pid, share: 0.12 }]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a memory test refuses a process that does not run, before it sends anything", {
  ignore: NOT_LINUX,
}, async () => {
  await using server = await open("serves");
  const port = await server.readLine();
  await using gone = spawn("true");
  await gone[Symbol.asyncDispose]();
  const { code, stderr } = await memoryOf(port, "--pid", String(gone.pid));
  assertEquals(code, 2);
  assertStringIncludes(stderr, `"--pid" must be a process of this machine that runs: ${gone.pid} is none`);
});
