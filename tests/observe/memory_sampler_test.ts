import {
  assert,
  assertAlmostEquals,
  assertArrayIncludes,
  assertEquals,
  assertGreater,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { TargetError } from "../../src/core/errors.ts";
import type { ServerMemory } from "../../src/core/protocol.ts";
import { isAbsent } from "../../src/observe/absent.ts";
import {
  type MemorySampler,
  type MemorySamplerOptions,
  openMemorySampler,
  UntoldMemoryError,
} from "../../src/observe/memory_sampler.ts";
import { processMemory } from "../../src/observe/process_tree.ts";
import { NOT_LINUX, SERVE, spawn, spawnDeno, UNTIL_STDIN_ENDS } from "./processes.ts";
import { steppedClock } from "./stepped_clock.ts";

const MIB = 2 ** 20;
const NO_GPU = {
  gpu: { nvml: { library: "/no/such/libnvidia-ml.so.1" }, nvidiaSmi: { command: "no-such-nvidia-smi" } },
};
/** An address of TEST-NET-1, which no machine has. */
const ELSEWHERE = { host: "192.0.2.1", port: 8000 };

const reports = (residentBytes: number | null, gpuReservedBytes: number | null = null) => () =>
  Promise.resolve<ServerMemory>({ residentBytes, gpuReservedBytes, gpuAllocatedBytes: null });

async function opened(options: MemorySamplerOptions): Promise<MemorySampler> {
  const sampler = await openMemorySampler({ ...NO_GPU, ...options });
  assert(!isAbsent(sampler), `absent: ${isAbsent(sampler) && sampler.absent}`);
  return sampler;
}

async function reasonFor(options: MemorySamplerOptions): Promise<string> {
  const sampler = await openMemorySampler({ ...NO_GPU, ...options });
  assert(isAbsent(sampler), "a sampler was opened");
  return sampler.absent;
}

Deno.test({
  name: "openMemorySampler() samples the process that listens on the port",
  ignore: NOT_LINUX,
  async fn() {
    await using server = spawnDeno(SERVE);
    const sampler = await opened({ port: Number(await server.readLine()) });
    const processes = [{ pid: server.pid, name: "deno", command: "deno eval ..." }];
    assertEquals(sampler.scope, { source: "process-tree-pss", pids: [server.pid], processes, gpuSource: null });
    assertMatch(sampler.gpuAbsence!, /^neither NVIDIA's driver .* was found$/);
    const { cpuBytes, gpuBytes } = await sampler.sample();
    assertEquals(gpuBytes, null);
    assertAlmostEquals(cpuBytes / (await processMemory([server.pid], "pss"))!, 1, 0.05);
  },
});

Deno.test({
  name: "sample() sees memory that the server takes",
  ignore: NOT_LINUX,
  async fn() {
    const take = "let held; for await (const _ of Deno.stdin.readable) { held = new Uint8Array(64 << 20).fill(1);" +
      "console.log(held.length) }";
    await using server = spawnDeno(`console.log("ready");${take}`);
    await server.readLine();
    const sampler = await opened({ pids: [server.pid] });
    const before = await sampler.sample();
    await server.writeLine("take");
    await server.readLine();
    assertGreater((await sampler.sample()).cpuBytes - before.cpuBytes, 60 * MIB);
  },
});

Deno.test({
  name: "sample() follows workers that come and go, and scope keeps them all",
  ignore: NOT_LINUX,
  async fn() {
    await using server = spawn("sh", "-c", "echo; while read _; do sleep 600 >&- & echo $!; done");
    await server.readLine();
    const sampler = await opened({ pids: [server.pid] });
    const alone = await sampler.sample();
    await server.writeLine("start a worker");
    const worker = Number(await server.readLine());
    try {
      const withWorker = await sampler.sample();
      assertGreater(withWorker.cpuBytes, alone.cpuBytes);
      assertArrayIncludes([...sampler.scope.pids], [server.pid, worker]);
    } finally {
      Deno.kill(worker, "SIGKILL");
    }
    assertGreater((await sampler.sample()).cpuBytes, 0);
    assertArrayIncludes([...sampler.scope.pids], [server.pid, worker]);
  },
});

Deno.test({
  name: "sample() finds a restarted server again, and rejects when there is none",
  ignore: NOT_LINUX,
  async fn() {
    const first = spawnDeno(SERVE);
    const port = Number(await first.readLine());
    const sampler = await opened({ port });
    await first[Symbol.asyncDispose]();
    await assertRejects(() => sampler.sample(), TargetError, `process ${first.pid} must be alive`);
    await using second = spawnDeno(SERVE, String(port));
    await second.readLine();
    assertGreater((await sampler.sample()).cpuBytes, 0);
    assertEquals(sampler.scope.pids, [first.pid, second.pid]);
    assertEquals([...(await sampler.readEach!()).keys()], [second.pid]);
  },
});

Deno.test({
  name: "openMemorySampler() never counts this program",
  ignore: NOT_LINUX,
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const inside = /^not observable: the server runs inside the measuring process/;
    assertMatch(await reasonFor({ port: listener.addr.port }), inside);
    assertMatch(await reasonFor({ pids: [Deno.pid] }), inside);
    assertMatch(await reasonFor({ pids: [Deno.ppid] }), /process \d+ started the measuring process/);
  },
});

Deno.test({
  name: "openMemorySampler() does not take a forwarder for the server",
  ignore: NOT_LINUX,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.symlink(Deno.execPath(), `${folder}/docker-proxy`);
      await using proxy = spawn(`${folder}/docker-proxy`, "eval", SERVE);
      const port = Number(await proxy.readLine());
      assertMatch(await reasonFor({ port }), /docker-proxy \(process \d+\) listens on port \d+ and passes requests on/);
      // Whoever names it means it; and the server's own word is as good.
      assertEquals((await opened({ pids: [proxy.pid] })).scope.pids, [proxy.pid]);
      assertEquals((await opened({ port, reported: reports(5) })).scope.source, "server-metrics");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("openMemorySampler() gives a reason when there is no server", async () => {
  await using gone = spawnDeno(UNTIL_STDIN_ENDS);
  await gone[Symbol.asyncDispose]();
  assertMatch(await reasonFor({ pids: [gone.pid] }), /^not observable: no process with id \d+ is seen from here/);
  assertMatch(await reasonFor({ port: 1 }), /listens on port 1 of 127.0.0.1/);
  assertMatch(await reasonFor({}), /neither a process id nor a port/);
});

Deno.test({
  name: "sample() has the counters of the server's allocator beside what the system shows, where it tells them",
  ignore: NOT_LINUX,
  async fn() {
    await using server = spawnDeno(UNTIL_STDIN_ENDS);
    let answers = 0;
    const reported = () => ++answers > 2 ? Promise.reject(new Error("busy")) : reports(null, 300)();
    const sampler = await opened({ pids: [server.pid], reported });
    const { cpuBytes, gpuReservedBytes } = await sampler.sample();
    assert(cpuBytes > MIB);
    assertEquals(gpuReservedBytes, 300);
    // A report that fails costs its counters alone.
    assertEquals((await sampler.sample()).gpuReservedBytes, undefined);
  },
});

Deno.test("openMemorySampler() takes a remote server's own figures", async () => {
  const sampler = await opened({ ...ELSEWHERE, reported: reports(700, 300) });
  assertEquals(sampler.scope, { source: "server-metrics", pids: [], gpuSource: "server-metrics" });
  assertEquals(await sampler.sample(), { cpuBytes: 700, gpuBytes: 300, gpuReservedBytes: 300 });
  const withoutGpu = await opened({ ...ELSEWHERE, reported: reports(700) });
  assertEquals([withoutGpu.scope.gpuSource, (await withoutGpu.sample()).gpuBytes], [null, null]);
  assertEquals(withoutGpu.gpuAbsence, "the server does not report its GPU memory");
});

Deno.test("openMemorySampler() gives a reason when a remote server does not say", async () => {
  const notHere = "not observable: 192.0.2.1 is not this host; ";
  assertEquals(await reasonFor(ELSEWHERE), `${notHere}the server does not report its memory`);
  assertEquals(
    await reasonFor({ ...ELSEWHERE, reported: reports(null, 300) }),
    `${notHere}the server does not report its resident memory`,
  );
  assertEquals(
    await reasonFor({ ...ELSEWHERE, reported: () => Promise.reject(new TargetError("GET /metrics gave 404")) }),
    `${notHere}the server's own report failed: GET /metrics gave 404`,
  );
});

Deno.test("sample() waits for the next look of a server that looks at its memory now and then", async () => {
  const told = [700, null, 900, null];
  const reported = () =>
    Promise.resolve<ServerMemory>({
      residentBytes: told.shift()!,
      gpuReservedBytes: null,
      gpuAllocatedBytes: null,
      refreshMs: 60_000,
    });
  const sampler = await opened({ ...ELSEWHERE, reported });
  assertEquals(sampler.refreshMs, 60_000);
  await assertRejects(() => sampler.sample(), UntoldMemoryError, "it looks at it once in 60 s, and has not yet");
  assertEquals((await sampler.sample()).cpuBytes, 900);
  assertMatch(await reasonFor({ ...ELSEWHERE, reported }), /does not report its resident memory: it looks at it once/);
});

Deno.test("start() samples at the interval until stop(), and leaves out a sample that fails", async () => {
  const time = steppedClock(10);
  let calls = 0;
  const reported = () => {
    if (calls > 0) time.read();
    return calls++ === 2 ? Promise.reject(new TargetError("no")) : reports(calls)();
  };
  const sampler = await opened({ ...ELSEWHERE, reported, clock: time.clock });
  const seen: [number, number][] = [];
  sampler.start(1000, ({ cpuBytes }, atMs) => seen.push([cpuBytes, atMs]));
  assertThrows(() => sampler.start(1000, () => {}), TypeError, "it is sampling");
  for (let i = 0; i < 3; i++) await time.step();
  sampler.stop();
  // Readings end at 10, 1020 (failed) and 2030; a fourth had begun.
  assertEquals(seen, [[2, 10], [4, 2030]]);
  assertEquals(time.sleeps, [1000, 1000, 1000]);
});

Deno.test("start() stretches an interval that is too short for what a sample takes", async () => {
  const time = steppedClock(50);
  const reported = () => {
    time.read();
    return reports(1)();
  };
  const sampler = await opened({ ...ELSEWHERE, reported, clock: time.clock });
  sampler.start(100, () => {});
  await time.step();
  assertEquals(time.sleeps, [450]);
  sampler.stop();
});

Deno.test("stop() drops the sample that is being read", async () => {
  const late = Promise.withResolvers<ServerMemory>();
  const answers = [reports(1)(), late.promise];
  const sampler = await opened({ ...ELSEWHERE, reported: () => answers.shift()! });
  let delivered = 0;
  sampler.start(1, () => delivered++);
  sampler.stop();
  late.resolve({ residentBytes: 2, gpuReservedBytes: null, gpuAllocatedBytes: null });
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(delivered, 0);
  sampler.stop();
});
