import { assert, assertAlmostEquals, assertEquals, assertGreater, assertGreaterOrEqual, assertLess } from "@std/assert";
import { startClientMonitor } from "../../src/observe/client_monitor.ts";
import { busyPrograms, hostBusy } from "../../src/observe/host_busy.ts";

/** A clock that stands still until it is told, so that no timer fires between two readings. */
function handClock() {
  const clock = { atMs: 0, now: () => clock.atMs };
  return clock;
}

function burnCpu(durationMs: number): void {
  for (const end = performance.now() + durationMs; performance.now() < end;);
}

Deno.test("startClientMonitor() counts every tick that a blocked loop missed", () => {
  const clock = handClock();
  const monitor = startClientMonitor(clock);
  clock.atMs = 2000;
  // Due at 20, 40, ... 2000: 100 ticks, late by 1980, 1960, ... 0. A hundredth of the way from the 99th to the 100th of them.
  assertAlmostEquals(monitor.stop(1).eventLoopLagP99Ms!, 1960.2, 1e-9);
});

Deno.test("startClientMonitor() says nothing of lag when it was too short", () => {
  const clock = handClock();
  const monitor = startClientMonitor(clock);
  clock.atMs = 390;
  assertEquals(monitor.stop(1).eventLoopLagP99Ms, null);
  const empty = startClientMonitor(clock).stop(0);
  assertEquals(empty, {
    cpuMsPerRequest: null,
    cpuShare: null,
    threadShare: null,
    starvedShare: null,
    eventLoopLagP99Ms: null,
  });
});

Deno.test("startClientMonitor() sees how long a loop was blocked", async () => {
  const lagOf = async (work: () => void) => {
    const monitor = startClientMonitor();
    await new Promise((resolve) => setTimeout(resolve, 300));
    work();
    await new Promise((resolve) => setTimeout(resolve, 300));
    return monitor.stop(1).eventLoopLagP99Ms!;
  };
  // Blocked for 400 ms at least: 20 ticks late by 400, 380, ... of some 50 in all.
  assertGreaterOrEqual(await lagOf(() => burnCpu(400)), 200);
  assertGreaterOrEqual(await lagOf(() => {}), 0);
});

Deno.test("startClientMonitor() tells work from waiting by CPU time", async () => {
  const waiting = startClientMonitor();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const idle = waiting.stop(10);
  const working = startClientMonitor();
  burnCpu(300);
  const busy = working.stop(10);
  assertGreater(busy.cpuShare!, 2 * idle.cpuShare!);
  assertGreater(busy.threadShare!, 2 * idle.threadShare!);
  assertGreater(busy.cpuMsPerRequest!, 2 * idle.cpuMsPerRequest!);
});

Deno.test("startClientMonitor() compares CPU time with no other time than real time", () => {
  for (const passedMs of [250, 1_000_000]) {
    const clock = handClock();
    const monitor = startClientMonitor(clock);
    burnCpu(300);
    clock.atMs = passedMs;
    const { cpuShare, threadShare, cpuMsPerRequest } = monitor.stop(10);
    // It would be above one core in the first row and nearly none in the second, at the same work.
    assertEquals([cpuShare, threadShare], [null, null]);
    assertGreater(cpuMsPerRequest!, 0);
  }
});

Deno.test("startClientMonitor() keeps no process alive", async () => {
  const module = import.meta.resolve("../../src/observe/client_monitor.ts");
  const code = `import { startClientMonitor } from "${module}"; startClientMonitor(); console.log("started");`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    signal: AbortSignal.timeout(60_000),
  }).output().then(({ stdout, success }) => {
    assert(success, "the process had to be ended");
    return { stdout };
  });
  assertEquals(new TextDecoder().decode(stdout).trim(), "started");
});

Deno.test("startClientMonitor() takes shares and lag of a part of the watch from the readings around it", async () => {
  const clock = handClock();
  const cpu = { processMs: 1000, busyMs: 500, starvedMs: 100 };
  const monitor = startClientMonitor(clock, () => ({ ...cpu }));
  // By itself for 300 ms, then busy for 400, then by itself again.
  for (const [atMs, usedMs] of [[300, 0], [700, 380], [1700, 0]] as const) {
    clock.atMs = atMs;
    cpu.processMs += 1.5 * usedMs;
    cpu.busyMs += usedMs;
    cpu.starvedMs += usedMs / 38;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  clock.atMs = 2000;
  const { threadShare, starvedShare, cpuShare, cpuMsPerRequest } = monitor.stop(10, { fromMs: 300, toMs: 700 });
  assertAlmostEquals(threadShare!, 0.95, 1e-9);
  assertAlmostEquals(starvedShare!, 0.025, 1e-9);
  assertAlmostEquals(cpuShare!, 1.425, 1e-9);
  assertAlmostEquals(cpuMsPerRequest!, 57, 1e-9);
});

Deno.test("startClientMonitor() knows the shares of a part of a long watch, of which few readings are kept", async () => {
  const clock = handClock();
  const cpu = { processMs: 0, busyMs: 0, starvedMs: 0 };
  const monitor = startClientMonitor(clock, () => ({ ...cpu }));
  // Ten minutes by itself, ten busy, ten by itself again, read each 50 ms.
  for (let i = 1; i <= 36_000; i++) {
    clock.atMs += 50;
    if (i > 12_000 && i <= 24_000) cpu.busyMs += 40;
    await monitor.without(() => Promise.resolve());
  }
  const busy = { fromMs: 600_000, toMs: 1_200_000 };
  const { threadShare, eventLoopLagP99Ms } = monitor.stop(10, busy);
  assertAlmostEquals(threadShare!, 0.8, 0.005);
  assertGreater(eventLoopLagP99Ms!, 0);
  assertLess(eventLoopLagP99Ms!, 50);
});

Deno.test("startClientMonitor() knows no share of a thread where the system does not say, nor of a short part", () => {
  const clock = handClock();
  const watch = () => startClientMonitor(clock, () => ({ processMs: clock.atMs / 2, busyMs: null, starvedMs: null }));
  const [whole, beyond, part] = [watch(), watch(), watch()];
  clock.atMs = 400;
  assertEquals(whole.stop(1).threadShare, null);
  assertAlmostEquals(beyond.stop(1, { fromMs: 0, toMs: 500 }).cpuShare!, 0.4, 1e-9);
  assertEquals(part.stop(1, { fromMs: 300, toMs: 400 }).cpuShare, null);
});

Deno.test("startClientMonitor() asks no timer for less than no time where the loop was held up before it", async () => {
  const monitor = JSON.stringify(import.meta.resolve("../../src/observe/client_monitor.ts"));
  // Each look at the clock is later than the next tick is due.
  const program = `
    import { startClientMonitor } from ${monitor};
    let now = 0;
    const watch = startClientMonitor({ now: () => now += 25 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    watch.stop(1);`;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", "--config", config, program],
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
});

Deno.test("hostBusy() is busy when over half of the cores are", async () => {
  const { loadAverage1m, cores, busy } = await hostBusy();
  assertGreater(cores, 0);
  assertEquals(busy, loadAverage1m !== null && loadAverage1m / cores > 0.5);
});

Deno.test("busyPrograms() names a program that uses the cores, and not this one", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  await using spinner = new Deno.Command("/bin/sh", { args: ["-c", "while :; do :; done"] }).spawn();
  const programs = await busyPrograms();
  spinner.kill("SIGKILL");
  assert(
    programs.every(({ name, cores }, i) => name !== "" && cores > 0 && cores <= (programs[i - 1]?.cores ?? Infinity)),
  );
  // Among many other programs it may get too little to be named.
  const used = programs.reduce((sum, { cores }) => sum + cores, 0);
  assertGreater(used, 0);
});

Deno.test("startClientMonitor() leaves out what is done besides: its time, its CPU time and the lag that it makes", async () => {
  const clock = { now: () => nowMs };
  let nowMs = 0;
  const cpu = { processMs: 0, busyMs: 0, starvedMs: 0 };
  const monitor = startClientMonitor(clock, () => ({ ...cpu }));
  nowMs += 1000;
  cpu.processMs += 100;
  cpu.busyMs += 50;
  const before = monitor.look(10);
  await monitor.without(() => {
    nowMs += 5000;
    cpu.processMs += 5000;
    cpu.busyMs += 5000;
    assertEquals(monitor.look(10), before, "nor while it is done");
    nowMs += 1000;
    cpu.processMs += 1000;
    return Promise.resolve();
  });
  assertEquals(monitor.stop(10), before);
});
