import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { gpuUseOf } from "../../../src/measure/gpu/gpu_use_of.ts";
import { type GpuObserver, noGpu } from "../../../src/observe/gpu/gpu_observer.ts";
import { GpuWatch } from "../../../src/observe/gpu/gpu_watch.ts";
import type { FoundGpus, ServerGpus } from "../../../src/observe/gpu/server_gpus.ts";
import { VirtualClock } from "../../load/virtual_clock.ts";
import { type FakeGpuOptions, FakeGpuSource, type FakeMoment } from "./fake_gpu_source.ts";

const REST_WATTS = 100, LOAD_WATTS = 300;
const PREDICTIONS_PER_SECOND = 1000;

/** A device at rest for a second, then under load. Its counter moves every 100 ms, as real ones do. */
function device(nowMs: number): FakeMoment {
  const countedMs = 100 * Math.floor(nowMs / 100);
  const loadMs = Math.max(0, countedMs - 1000);
  return {
    joules: (REST_WATTS * (countedMs - loadMs) + LOAD_WATTS * loadMs) / 1000,
    powerWatts: nowMs < 1000 ? REST_WATTS : LOAD_WATTS,
    utilizationPercent: nowMs < 1000 ? 0 : 60,
    smClockMhz: 1500,
    throttledBy: nowMs > 2000 && nowMs <= 3000 ? ["thermal"] : [],
    usedBytes: 2 ** 30,
    temperatureCelsius: 50,
  };
}

/** What is seen in a window from `fromMs` to `toMs` of a device, by a run that begins at 0. */
async function seen(
  fromMs: number,
  toMs: number,
  { gpus = {}, ...options }: Partial<FakeGpuOptions> & { readonly gpus?: Partial<ServerGpus> } = {},
) {
  const clock = new VirtualClock();
  const source = new FakeGpuSource({ clock, at: (nowMs) => [device(nowMs)], ...options });
  const positions = source.devices.map((_, position) => position);
  const result = await clock.run((async () => {
    await using watch: GpuObserver = new GpuWatch({ source, positions, pids: null, ...gpus }, clock);
    await clock.sleep(1000);
    watch.loadBegins();
    const window = watch.window((atMs) => () => Math.max(0, atMs - 1000) * PREDICTIONS_PER_SECOND / 1000);
    await clock.sleep(fromMs - clock.now());
    window.edge("begin");
    await clock.sleep(toMs - clock.now());
    window.edge("end");
    const askedAtMs = clock.now();
    const told = await window.ended();
    return { told, waitedMs: clock.now() - askedAtMs };
  })());
  return { ...result, source };
}

Deno.test("GpuWatch tells what a device did in a window, and its power at rest before the first load", async () => {
  const { told, waitedMs, source } = await seen(1500, 4500);
  assert(typeof told === "object");
  assertEquals(told.idlePowerWatts, REST_WATTS);
  assertAlmostEquals(told.powerWatts!, LOAD_WATTS, 1e-9);
  assertAlmostEquals(told.utilizationPercent!, 60, 1e-9);
  assertAlmostEquals(told.throttledShare!, 1 / 3, 0.03);
  assertEquals(Object.keys(told.throttledBy), ["thermal"]);
  assertAlmostEquals(told.durationMs, 3000, 60);
  const total = (of: "joules" | "predictions") => told.energy.reduce((sum, span) => sum + span[of], 0);
  assertAlmostEquals(total("predictions"), 3000, 20);
  assertAlmostEquals(total("joules") / total("predictions"), 0.3, 0.3 * 0.04);
  assert(told.energy.length >= 10);
  assertLess(waitedMs, 20);
  assert(source.closed);
  assertEquals(source.asked.processes, 0, "no processes are known");
});

Deno.test("GpuWatch tells the memory of the server's own processes, once they are known", async () => {
  const processes = [7, 7, 8].map((pid, device) => ({ pid, device, usedBytes: 2 ** (20 + device) }));
  const { told, source } = await seen(1500, 4500, { gpus: { pids: [7, 9] }, processes: () => processes });
  assert(typeof told === "object");
  assertEquals(told.processBytes, 2 ** 20 + 2 ** 21);
  assert(source.asked.processes >= 3 && source.asked.processes <= 5);
});

Deno.test("GpuWatch counts the memory of workers that start later, and keeps the processes that it knows", async () => {
  const processes = [7, 8].map((pid, device) => ({ pid, device, usedBytes: 2 ** (20 + device) }));
  const looks: (readonly number[])[] = [];
  const readPids = (found: readonly number[]) => () => Promise.resolve((looks.push(found), found));
  const bytesOf = async (found: readonly number[]) => {
    const gpus = { pids: [7], readPids: readPids(found) };
    const { told } = await seen(1500, 14_500, { gpus, processes: () => processes });
    return typeof told === "object" ? told.processBytes : told;
  };
  assertEquals(await bytesOf([7, 8]), 2 ** 20 + 2 ** 21);
  assertEquals(looks.length, 2, "the tree is walked every five seconds");
  assertEquals(await bytesOf([]), 2 ** 20);
});

Deno.test("GpuWatch finds a runner that starts with the first requests, and asks nobody while nothing new computes", async () => {
  const unused = "none of the server's processes computes on a GPU";
  const lazy = async (isRunning: (looks: number) => boolean) => {
    let looks = 0, found = 0;
    const processes = () => isRunning(++looks) ? [{ pid: 7, device: 1, usedBytes: 2 ** 20 }] : [];
    const find = () => Promise.resolve((found++, { positions: [1], by: "processes", pids: [7] } as const));
    const at = (nowMs: number) => [{ ...device(0), utilizationPercent: 1 }, device(nowMs)];
    const { told, source, waitedMs } = await seen(2000, 4000, {
      gpus: { positions: [], unused, find },
      devices: 2,
      at,
      processes,
    });
    return { told, source, waitedMs, found };
  };
  const { told, found } = await lazy((looks) => looks > 2);
  assert(typeof told === "object");
  assertEquals([told.devices, told.by, told.processBytes, found], [[1], "processes", 2 ** 20, 1]);
  assertAlmostEquals(told.utilizationPercent!, 60, 1e-9);
  const never = await lazy(() => false);
  assertEquals([never.told, never.found, never.source.asked.devices, never.waitedMs < 20], [unused, 0, 0, true]);
});

/** A window of two devices, the second of which is busy, while pid 7 or 8 computes as `processes` says at each look. */
function onTwo(
  processes: (looks: number) => readonly (readonly [pid: number, device: number])[],
  found: FoundGpus,
  before: Partial<ServerGpus> = { positions: [0], by: "processes", pids: [7] },
) {
  let looks = 0;
  return seen(2000, 5000, {
    gpus: { ...before, find: () => Promise.resolve(found) },
    devices: 2,
    at: (nowMs) => [{ ...device(0), utilizationPercent: 1 }, device(nowMs)],
    processes: () => processes(++looks).map(([pid, device]) => ({ pid, device, usedBytes: 2 ** 20 })),
  });
}

Deno.test("GpuWatch follows a server whose workers were started anew on another device", async () => {
  const { told } = await onTwo(() => [[8, 1]], { positions: [1], by: "processes", pids: [8] });
  assert(typeof told === "object");
  assertEquals([told.devices, told.processBytes, told.idlePowerWatts], [[1], 2 ** 20, null]);
  assertAlmostEquals(told.utilizationPercent!, 60, 1e-9);
});

Deno.test("GpuWatch knows the devices of a server by its processes once they compute, whatever it was started to see", async () => {
  const use = async (positions: readonly number[]) => {
    const found = { positions: [1], by: "processes", pids: [7] } as const;
    const { told } = await onTwo(() => [[7, 1]], found, { positions, by: "variables", pids: null });
    assert(typeof told === "object");
    return [told.devices, told.by, told.processBytes];
  };
  assertEquals(await use([0, 1]), [[1], "processes", 2 ** 20]);
  assertEquals(await use([1]), [[1], "processes", 2 ** 20]);
});

Deno.test("GpuWatch tells nothing of a window in which the server computed on a device that was not read", async () => {
  const { told } = await onTwo((looks) => [[7, looks > 6 ? 1 : 0]], { positions: [0], by: "processes", pids: [7] });
  assertEquals(told, "in the window the server's processes computed on GPU 1, which was not read");
});

Deno.test("GpuWatch says why a window was not seen where its source fails, and goes on", async () => {
  const trouble = { absent: "the driver fell over" };
  const failing = await seen(1500, 2500, { at: (nowMs) => nowMs > 1200 ? trouble : [device(nowMs)] });
  assertEquals(failing.told, "the driver fell over");
  const recovering = await seen(1500, 2500, { at: (nowMs) => nowMs < 2000 ? trouble : [device(nowMs)] });
  assert(typeof recovering.told === "object");
  assertEquals(recovering.told.idlePowerWatts, null);
});

/** A device whose driver tells the utilisation of the last 0.2 s that are over: none before `atWorkMs`, then of 80 and 81 % in turn. */
const driven = (atWorkMs: number) => (nowMs: number): FakeMoment[] => {
  const fromMs = 200 * Math.floor(nowMs / 200) - 200;
  return [{ ...device(nowMs), utilizationPercent: fromMs < atWorkMs ? 0 : 80 + fromMs / 200 % 2 }];
};

Deno.test("GpuWatch does not call a device idle in a window that is shorter than what a reading tells of", async () => {
  const options = { utilizationPeriodMs: 1000, at: driven(3000) };
  const short = await seen(3000, 3110, options);
  assert(typeof short.told === "object");
  assertEquals([short.told.utilizationPercent, short.told.utilizationBeforeMs], [null, 2000]);
  const longer = await seen(3000, 4000, options);
  assert(typeof longer.told === "object");
  assert(longer.told.utilizationPercent! >= 80, "what it did before the window is not told of it");
  const steady = await seen(3000, 3800, { ...options, at: () => [{ ...device(3000), utilizationPercent: 0 }] });
  assertEquals(typeof steady.told === "object" && steady.told.utilizationPercent, null, "nobody saw how old the 0 is");
});

Deno.test("GpuWatch goes on counting the energy where one reading of it was missing, as of an exporter that starts anew", async () => {
  const at = (nowMs: number) => [{ ...device(nowMs), ...(nowMs > 2000 && nowMs < 2400 ? { joules: null } : {}) }];
  const { told, source } = await seen(1500, 4500, { at });
  assert(typeof told === "object");
  assertEquals(told.energyByPowerMs, undefined);
  const total = (of: "joules" | "predictions") => told.energy.reduce((sum, span) => sum + span[of], 0);
  assertAlmostEquals(total("predictions"), 3000, 20);
  assertAlmostEquals(total("joules") / total("predictions"), 0.3, 0.3 * 0.04);
  assert(source.asked.energy > 10);
});

Deno.test("GpuWatch asks a device without a counter once only", async () => {
  const { told, source } = await seen(1500, 2500, { at: (nowMs) => [{ ...device(nowMs), joules: null }] });
  assert(typeof told === "object");
  assertEquals(source.asked.energy, 1);
});

Deno.test("GpuWatch makes energy from readings of power where there is no counter, and says how far apart they are", async () => {
  const without = (nowMs: number) => ({ ...device(nowMs), joules: null });
  const { told } = await seen(1500, 4500, { at: (nowMs) => [without(nowMs)] });
  assert(typeof told === "object");
  assert(told.energyByPowerMs! > 45 && told.energyByPowerMs! < 55, String(told.energyByPowerMs));
  const { energyPerPrediction, energyByPowerMs } = gpuUseOf([told]);
  assertAlmostEquals(energyPerPrediction!.value, LOAD_WATTS / PREDICTIONS_PER_SECOND, 0.01);
  // Steady as it is, a reading of power is right within 5 %.
  assert(energyPerPrediction!.low! <= 0.95 * 0.3 && energyPerPrediction!.high! >= 1.05 * 0.3);
  assertEquals(energyByPowerMs, told.energyByPowerMs);
  const silent = await seen(1500, 4500, { at: (nowMs) => [{ ...without(nowMs), powerWatts: null }] });
  assert(typeof silent.told === "object");
  assertEquals([silent.told.energy, silent.told.energyByPowerMs], [[], undefined]);
  const counted = await seen(1500, 4500);
  assertEquals(typeof counted.told === "object" && counted.told.energyByPowerMs, undefined);
});

Deno.test("GpuWatch does not wait for a reading that hangs", async () => {
  const { told, waitedMs } = await seen(1500, 2500, { energyMs: 5000 });
  assert(told !== undefined);
  assert(waitedMs <= 101);
});

Deno.test("noGpu() says why nothing was seen, or nothing", async () => {
  for (const reason of ["the server runs elsewhere", undefined]) {
    assertEquals(await noGpu(reason).window(() => () => 0).ended(), reason);
  }
});
