import { assert, assertEquals, assertMatch } from "@std/assert";
import { isAbsent } from "../../../../src/observe/absent.ts";
import { openAmdSmiSource, parseAmdGpus, parseAmdProcesses } from "../../../../src/observe/gpu/amd/amd_smi.ts";
import { answering, fakeProgram } from "./fake_program.ts";

const NO_SHELL = Deno.build.os === "windows";
const MIB = 2 ** 20;

const measured = (value: number, unit: string) => ({ value, unit });

/** An MI355X at work and a second of which nothing is told, as amd-smi 26 writes them, shortened. */
const METRIC = {
  gpu_data: [
    {
      gpu: 0,
      usage: { gfx_activity: measured(97, "%"), umc_activity: measured(12, "%"), vcn_activity: ["N/A"] },
      power: { socket_power: measured(1239, "W"), gfx_voltage: "N/A", throttle_status: "UNTHROTTLED" },
      clock: {
        gfx_0: { clk: measured(2110, "MHz"), min_clk: measured(500, "MHz"), max_clk: measured(2400, "MHz") },
        gfx_1: { clk: "N/A" },
      },
      temperature: { edge: "N/A", hotspot: measured(66, "C"), mem: measured(54, "C") },
      mem_usage: { total_vram: measured(294896, "MB"), used_vram: measured(9001, "MB"), free_vram: measured(1, "MB") },
      energy: { total_energy_consumption: measured(80123.5, "J") },
    },
    {
      gpu: 1,
      usage: "N/A",
      power: "N/A",
      clock: { gfx_0: { clk: "N/A", max_clk: measured(0, "MHz") } },
      mem_usage: "N/A",
    },
  ],
};

const STATIC = {
  gpu_data: [0, 1].map((gpu) => ({
    gpu,
    asic: { market_name: "AMD Instinct MI355X", asic_serial: `0x6F1F0A2B3C4D5E${gpu}0` },
    driver: { name: "amdgpu", version: "6.16.6" },
    vram: { type: "HBM3E", size: measured(294896, "MB") },
  })),
};

const PROCESS = [
  {
    gpu: 0,
    process_list: [
      { process_info: { name: "python3", pid: 42, memory_usage: { vram_mem: measured(629145600, "B") } } },
      { process_info: { name: "N/A", pid: 43, memory_usage: { vram_mem: "N/A" } } },
    ],
  },
  { gpu: 1, process_list: [{ process_info: "No running processes detected" }] },
];

Deno.test("parseAmdGpus() reads values with their units, and leaves open what is left open", () => {
  const gpus = parseAmdGpus(JSON.stringify(METRIC));
  assert(!isAbsent(gpus));
  assertEquals(gpus[0]!.reading, {
    utilizationPercent: 97,
    usedBytes: 9001 * MIB,
    powerWatts: 1239,
    smClockMhz: 2110,
    throttledBy: [],
    temperatureCelsius: 66,
  });
  assertEquals([gpus[0]!.device.maxSmClockMhz, gpus[0]!.energyJoules], [2400, 80123.5]);
  const nothing = Object.values(gpus[1]!.reading);
  assertEquals(
    [...nothing, gpus[1]!.device.maxSmClockMhz, gpus[1]!.energyJoules].every((value) => value === null),
    true,
  );
  const hot = parseAmdGpus(JSON.stringify(METRIC).replace("UNTHROTTLED", "THROTTLED"));
  assertEquals(isAbsent(hot) || hot.map(({ reading }) => reading.throttledBy), [["other"], null]);
  // Before ROCm 7 the list stood by itself; warnings may stand before it.
  assertEquals(parseAmdGpus(`Permission needed:\n\n${JSON.stringify(METRIC.gpu_data)}`), gpus);
});

Deno.test("parseAmdGpus() says what else it found", () => {
  assertEquals(parseAmdGpus(""), { absent: "amd-smi: no output" });
  assertEquals(parseAmdGpus("ERROR: no driver 5"), { absent: "amd-smi: ERROR: no driver 5" });
  for (const text of ["[]", "{}", '{"gpu_data": "N/A"}', "[null]"]) {
    assertEquals(parseAmdGpus(text), { absent: "amd-smi listed no device" }, text);
  }
});

Deno.test("parseAmdProcesses() reads the memory of each process on each device", () => {
  assertEquals(parseAmdProcesses(JSON.stringify(PROCESS)), [
    { pid: 42, device: 0, usedBytes: 629145600 },
    { pid: 43, device: 0, usedBytes: null },
  ]);
  assertEquals(parseAmdProcesses("[]"), []);
});

Deno.test({
  name: "openAmdSmiSource() reads devices, energy and processes",
  ignore: NO_SHELL,
  async fn() {
    using smi = answering("amd-smi", {
      static: JSON.stringify(STATIC),
      metric: JSON.stringify(METRIC),
      process: JSON.stringify(PROCESS),
    });
    const source = await openAmdSmiSource({ command: smi.command });
    assert(!isAbsent(source));
    const device = { name: "AMD Instinct MI355X", totalBytes: 294896 * MIB, driver: "6.16.6" };
    assertEquals(source.devices, [
      { ...device, index: 0, uuid: "0x6F1F0A2B3C4D5E00", maxSmClockMhz: 2400 },
      { ...device, index: 1, uuid: "0x6F1F0A2B3C4D5E10", maxSmClockMhz: null },
    ]);
    const readings = await source.readDevices();
    assertEquals(isAbsent(readings) || readings.map(({ powerWatts }) => powerWatts), [1239, null]);
    assertEquals(await source.readEnergy(), [80123.5, null]);
    assertEquals(await source.readProcesses(), [
      { pid: 42, device: 0, usedBytes: 629145600 },
      { pid: 43, device: 0, usedBytes: null },
    ]);
    const second = await openAmdSmiSource({ command: smi.command, gpuDevices: ["0x6f1f0a2b3c4d5e1"] });
    assertEquals(isAbsent(second) || second.devices.map(({ index }) => index), [1]);
  },
});

Deno.test({
  name: "openAmdSmiSource() tells the parts of a device apart, which share its id",
  ignore: NO_SHELL,
  async fn() {
    const serial = JSON.stringify(STATIC).replaceAll(/0x6F1F0A2B3C4D5E\d0/g, "0x6F1F0A2B3C4D5E00");
    using smi = answering("amd-smi", { static: serial, metric: JSON.stringify(METRIC), process: "[]" });
    const source = await openAmdSmiSource({ command: smi.command });
    assert(!isAbsent(source));
    assertEquals(new Set(source.devices.map(({ uuid }) => uuid)).size, 1);
    const readings = await source.readDevices();
    assertEquals(isAbsent(readings) || readings.map(({ powerWatts }) => powerWatts), [1239, null]);
    assertEquals(await source.readEnergy(), [80123.5, null]);
  },
});

Deno.test({
  name: "openAmdSmiSource() says why there is nothing to read",
  ignore: NO_SHELL,
  async fn() {
    const none = await openAmdSmiSource({ command: "no-such-amd-smi" });
    assertEquals(none, { absent: "no-such-amd-smi was not found on PATH", notInstalled: true });
    using smi = fakeProgram("amd-smi", "echo 'no amdgpu driver' >&2; exit 1");
    const source = await openAmdSmiSource({ command: smi.command });
    assert(isAbsent(source));
    assertMatch(source.absent, /failed with code 1: no amdgpu driver$/);
  },
});
