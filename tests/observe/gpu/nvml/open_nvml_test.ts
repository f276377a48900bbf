import { assert, assertAlmostEquals, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { type Absent, isAbsent } from "../../../../src/observe/absent.ts";
import type { GpuSource } from "../../../../src/observe/gpu/gpu_source.ts";
import { openNvml } from "../../../../src/observe/gpu/nvml/open_nvml.ts";
import { type FakeGpu, fakeNvml, type FakeNvmlScript, H200, NO_CC } from "../fake_nvml.ts";

const MIB = 2 ** 20;

function told<T>(value: T | Absent): T {
  assert(!isAbsent(value), `absent: ${isAbsent(value) && value.absent}`);
  return value;
}

function reasonOf(value: unknown): string {
  assert(isAbsent(value), "a value was told");
  return value.absent;
}

/** Runs a test against a library that is built for it; without a C compiler it is left out. */
function nvmlTest(
  name: string,
  script: FakeNvmlScript,
  fn: (source: GpuSource, tell: (script: FakeNvmlScript) => void) => Promise<void>,
  options: { readonly isOld?: boolean; readonly timeoutMs?: number } = {},
): void {
  Deno.test({
    name: NO_CC ? `${name} (left out: it needs Linux and cc)` : name,
    ignore: NO_CC,
    async fn() {
      using nvml = fakeNvml(script, options);
      const { timeoutMs = 60_000 } = options;
      const source = told(await openNvml({ library: nvml.library, timeoutMs }));
      try {
        await fn(source, nvml.tell);
      } finally {
        await source.close();
      }
    },
  });
}

async function readingsOf(source: GpuSource) {
  return told(await source.readDevices());
}

const BUSY: FakeGpu = {
  ...H200,
  uuid: "GPU-of-another",
  usedBytes: 904 * MIB,
  utilizationPercent: 97,
  powerWatts: 411.5,
  smClockMhz: 1980,
  reasons: 0,
  temperatureCelsius: 60,
};

nvmlTest("openNvml() reads devices, and what each does", { devices: [H200, BUSY] }, async (source) => {
  assertEquals(source.name, "nvml");
  assertEquals(source.devices[0], {
    index: 0,
    name: "NVIDIA H200",
    uuid: H200.uuid!,
    totalBytes: 143771 * MIB,
    maxSmClockMhz: 1980,
    driver: "580.159.04",
  });
  assertEquals([source.devices[1]!.index, source.devices[1]!.uuid], [1, "GPU-of-another"]);
  // What the driver keeps for itself is used by nobody; an idle device is not throttled.
  assertEquals(await source.readDevices(), [
    {
      utilizationPercent: 0,
      usedBytes: 0,
      powerWatts: 76.14,
      smClockMhz: 345,
      throttledBy: [],
      temperatureCelsius: 31,
    },
    {
      utilizationPercent: 97,
      usedBytes: 904 * MIB,
      powerWatts: 411.5,
      smClockMhz: 1980,
      throttledBy: [],
      temperatureCelsius: 60,
    },
  ]);
});

nvmlTest("readDevices() of NVML follows a device as it changes", { devices: [H200] }, async (source, tell) => {
  tell({ devices: [{ ...BUSY, reasons: 0x4 | 0x20 }] });
  const [reading] = await readingsOf(source);
  assertEquals([reading!.usedBytes, reading!.throttledBy], [904 * MIB, ["power", "thermal"]]);
});

nvmlTest("openNvml() uses the older calls of an old driver", {
  devices: [{ ...BUSY, reasons: 0x80, processes: { 42: 7 } }],
}, async (source) => {
  const [reading] = await readingsOf(source);
  // Its memory call counts what the driver keeps as used.
  assertEquals([reading!.throttledBy, reading!.usedBytes], [["power"], (904 + 616) * MIB]);
  assertEquals(await source.readProcesses(), [{ pid: 42, device: 0, usedBytes: 7 }]);
}, { isOld: true });

nvmlTest("readEnergy() of NVML counts J, and what is not counted is null", {
  devices: [{ ...H200, energyJoules: 4758.633 }, { name: "without power" }],
}, async (source) => {
  assertEquals(await source.readEnergy(), [4758.633, null]);
});

nvmlTest("fakeNvml() sums power up to energy", { devices: [{ ...H200, powerWatts: 1e6 }] }, async (source, tell) => {
  await source.readDevices();
  const [before] = told(await source.readEnergy());
  tell({ devices: [{ ...H200, powerWatts: 0 }] });
  const [during] = told(await source.readEnergy());
  const [after] = told(await source.readEnergy());
  assertGreater(during!, before!);
  assertAlmostEquals(after!, during!);
});

nvmlTest("readProcesses() of NVML lists them by device, however many", {
  devices: [
    { ...H200, processes: { 42: 512 * MIB, 43: null } },
    { ...H200, processes: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [1000 + i, i])) },
  ],
}, async (source) => {
  const processes = told(await source.readProcesses());
  assertEquals(processes.slice(0, 2), [
    { pid: 42, device: 0, usedBytes: 512 * MIB },
    { pid: 43, device: 0, usedBytes: null },
  ]);
  assertEquals(processes.length, 302);
  assertEquals(processes.at(-1), { pid: 1299, device: 1, usedBytes: 299 });
});

nvmlTest("readProcesses() of NVML lists those that share a device by CUDA MPS with the others, each once", {
  devices: [{ ...H200, processes: { 42: 7 }, clients: { 42: 7, 43: null } }],
}, async (source, tell) => {
  const server = { pid: 42, device: 0, usedBytes: 7 };
  assertEquals(await source.readProcesses(), [server, { pid: 43, device: 0, usedBytes: null }]);
  tell({
    devices: [{ ...H200, processes: { 42: 7 }, clients: { 43: 1 } }],
    fails: { nvmlDeviceGetMPSComputeRunningProcesses_v3: 3 },
  });
  assertEquals(await source.readProcesses(), [server]);
});

nvmlTest("readDevices() of NVML leaves open what a device does not tell", {
  devices: [{ name: "NVIDIA H100", mig: true, usedBytes: 5, totalBytes: 9 }, {}],
}, async (source) => {
  assertEquals(source.devices.map(({ name }) => name), ["NVIDIA H100 (shared by MIG)", "NVIDIA GPU"]);
  assertEquals(source.devices.map(({ isCut }) => isCut), [true, undefined]);
  const [part, silent] = await readingsOf(source);
  assertEquals([part!.usedBytes, part!.utilizationPercent], [5, null]);
  assertEquals(new Set(Object.values(silent!)), new Set([null]));
});

nvmlTest("readDevices() of NVML leaves out a call that fails", { devices: [BUSY] }, async (source, tell) => {
  tell({ devices: [BUSY], fails: { nvmlDeviceGetPowerUsage: 999, nvmlDeviceGetComputeRunningProcesses_v3: 4 } });
  const [reading] = await readingsOf(source);
  assertEquals([reading!.powerWatts, reading!.utilizationPercent], [null, 97]);
  assertEquals(
    reasonOf(await source.readProcesses()),
    "NVML: listing the processes failed: no permission (code 4)",
  );
});

nvmlTest("readDevices() of NVML gives a reason when all calls fail", { devices: [BUSY] }, async (source, tell) => {
  const lost = [
    "MemoryInfo",
    "MemoryInfo_v2",
    "UtilizationRates",
    "PowerUsage",
    "ClockInfo",
    "Temperature",
    "CurrentClocksEventReasons",
  ].map((call) => [`nvmlDeviceGet${call}`, 15]);
  tell({ devices: [BUSY], fails: Object.fromEntries(lost) });
  assertEquals(
    reasonOf(await source.readDevices()),
    "NVML: reading the devices failed: the GPU is lost (code 15)",
  );
  tell({ devices: [BUSY] });
  assertEquals((await readingsOf(source))[0]!.powerWatts, 411.5);
});

nvmlTest("a call of NVML that hangs is given up, and its source works again after it", {
  devices: [BUSY],
}, async (source, tell) => {
  tell({ devices: [BUSY], hangs: ["nvmlDeviceGetPowerUsage"] });
  assertEquals(reasonOf(await source.readDevices()), "NVML did not answer within 2000 ms");
  // It still hangs: nobody waits for it again.
  assertEquals(reasonOf(await source.readProcesses()), "NVML did not answer within 2000 ms");
  tell({ devices: [{ ...BUSY, powerWatts: 99 }] });
  for (;;) {
    const readings = await source.readDevices();
    if (isAbsent(readings)) await new Promise((resolve) => setTimeout(resolve, 5));
    else return assertEquals(readings[0]!.powerWatts, 99);
  }
}, { timeoutMs: 2000 });

nvmlTest("close() of NVML does not wait for a call that hangs", { devices: [BUSY] }, async (source, tell) => {
  tell({ devices: [BUSY], hangs: ["nvmlDeviceGetPowerUsage"] });
  assert(isAbsent(await source.readDevices()));
  await source.close();
  assertEquals(reasonOf(await source.readDevices()), "NVML was closed");
}, { timeoutMs: 2000 });

const REFUSALS: readonly [string, FakeNvmlScript, string][] = [
  [
    "no driver",
    { devices: [], fails: { nvmlInit_v2: 9 } },
    "NVML: nvmlInit_v2 failed: the driver is not loaded (code 9)",
  ],
  ["no device", { devices: [] }, "NVML listed no device"],
  [
    "no device that may be seen",
    { devices: [{ ...H200, lost: 4 }] },
    "NVML: nvmlDeviceGetHandleByIndex_v2 failed: no permission (code 4)",
  ],
  ["a start that hangs", { devices: [H200], hangs: ["nvmlInit_v2"] }, "NVML did not answer within 300 ms"],
];

for (const [what, script, reason] of REFUSALS) {
  Deno.test({
    name: `openNvml() gives a reason on ${what}`,
    ignore: NO_CC,
    async fn() {
      using nvml = fakeNvml(script);
      // The deadline is for the one that hangs; the others answer long before it.
      const timeoutMs = script.hangs === undefined ? 60_000 : 300;
      assertEquals(reasonOf(await openNvml({ library: nvml.library, timeoutMs })), reason);
    },
  });
}

nvmlTest("openNvml() leaves out a device that is lost", { devices: [{ ...H200, lost: 15 }, BUSY] }, async (source) => {
  assertEquals(source.devices.map(({ index, uuid }) => [index, uuid]), [[1, BUSY.uuid!]]);
  assertEquals((await readingsOf(source)).map(({ powerWatts }) => powerWatts), [411.5]);
});

Deno.test("openNvml() gives a reason when the library is missing or broken", async () => {
  assertEquals(await openNvml({ library: "/no/such/libnvidia-ml.so.1" }), {
    absent: "/no/such/libnvidia-ml.so.1 was not found",
    notInstalled: true,
  });
  const broken = await Deno.makeTempFile();
  try {
    assertMatch(reasonOf(await openNvml({ library: broken })), / could not be loaded: /);
  } finally {
    await Deno.remove(broken);
  }
});
