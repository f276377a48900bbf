import { assert, assertEquals, assertMatch } from "@std/assert";
import { isAbsent } from "../../../../src/observe/absent.ts";
import { openRocmSmiSource, parseRocmGpus, parseRocmProcesses } from "../../../../src/observe/gpu/amd/rocm_smi.ts";
import { answering, fakeProgram } from "./fake_program.ts";

const NO_SHELL = Deno.build.os === "windows";

/** An MI250 of two dies as rocm-smi of ROCm 5 tells of it, shortened. */
const MI250 = JSON.stringify({
  card0: {
    "Unique ID": "0x719d230578348e8c",
    "Temperature (Sensor edge) (C)": "32.0",
    "Temperature (Sensor junction) (C)": "35.0",
    "mclk clock speed:": "(1600Mhz)",
    "sclk clock speed:": "(800Mhz)",
    "sclk clock level:": "1",
    "Average Graphics Package Power (W)": "89.0",
    "GPU use (%)": "20",
    "GFX Activity": "2469071528",
    "VRAM Total Memory (B)": "68702699520",
    "VRAM Total Used Memory (B)": "11010048",
    "Card series": "AMD INSTINCT MI250 (MCM) OAM AC MBA",
    "Card model": "0x0b0c",
    "Energy counter": "62929744071539",
    "Accumulated Energy (uJ)": "962825096297442.9",
  },
  card1: {
    "Unique ID": "0x39f1aa0cfa42dd1e",
    "Temperature (Sensor edge) (C)": "31.0",
    "sclk clock speed:": "(1700Mhz)",
    "Average Graphics Package Power (W)": "N/A (Secondary die)",
    "GPU use (%)": "100",
    "VRAM Total Memory (B)": "68702699520",
    "VRAM Total Used Memory (B)": "10737418240",
    "Card series": "AMD INSTINCT MI250 (MCM) OAM AC MBA",
  },
  system: { "Driver version": "6.2.4" },
});

/** A card of ROCm 6 with numbers for numbers. */
const MI300X = JSON.stringify({
  card0: {
    "Card Series": "AMD Instinct MI300X",
    "Card Model": "0x74a1",
    "Unique ID": "N/A",
    "Temperature (Sensor edge) (C)": "N/A",
    "Temperature (Sensor junction) (C)": 72,
    "Current Socket Graphics Package Power (W)": 550,
    "GPU use (%)": 88,
  },
});

Deno.test("parseRocmGpus() reads the names of older and newer rocm-smi", () => {
  const cards = parseRocmGpus(MI250);
  assert(!isAbsent(cards));
  assertEquals(cards[0], {
    device: {
      index: 0,
      name: "AMD INSTINCT MI250 (MCM) OAM AC MBA",
      uuid: "0x719d230578348e8c",
      totalBytes: 68702699520,
      maxSmClockMhz: null,
      driver: "6.2.4",
    },
    reading: {
      utilizationPercent: 20,
      usedBytes: 11010048,
      powerWatts: 89,
      smClockMhz: 800,
      throttledBy: null,
      temperatureCelsius: 32,
    },
    energyJoules: 962825096.2974429,
  });
  assertEquals([cards[1]!.reading.powerWatts, cards[1]!.energyJoules], [null, null]);
  const newer = parseRocmGpus(`WARNING: AMD GPU device(s) is/are in a low-power state.\n${MI300X}`);
  assert(!isAbsent(newer));
  const { device, reading } = newer[0]!;
  assertEquals([device.name, device.uuid, device.driver], ["AMD Instinct MI300X", null, null]);
  assertEquals([reading.powerWatts, reading.temperatureCelsius, reading.smClockMhz], [550, 72, null]);
});

Deno.test("parseRocmGpus() says what else it found", () => {
  assertEquals(parseRocmGpus(""), { absent: "rocm-smi: no output" });
  assertEquals(parseRocmGpus("ERROR: no ROCm\nmore"), { absent: "rocm-smi: ERROR: no ROCm" });
  for (const json of ["{}", '{"system": {}}', "[]"]) {
    const cards = parseRocmGpus(json);
    assertEquals(cards, { absent: "rocm-smi listed no device" }, json);
  }
});

Deno.test("parseRocmProcesses() reads a process's memory, also of one whose name holds commas", () => {
  const rows = { PID42: "python3, 1, 629145600, 0, 12", PID7: "a,b, 2, UNKNOWN, 0, 0", "Driver version": "6.2.4" };
  assertEquals(parseRocmProcesses(JSON.stringify({ system: rows })), [
    { pid: 42, device: null, usedBytes: 629145600 },
    { pid: 7, device: null, usedBytes: null },
  ]);
  assertEquals(parseRocmProcesses(""), []);
  assertEquals(parseRocmProcesses('{"system": {}}'), []);
});

const ANSWERS = {
  "--showpids": '{"system": {"PID42": "python3, 1, 629145600, 0, 12"}}',
  "*": MI250,
};

Deno.test({
  name: "openRocmSmiSource() reads devices, energy and processes",
  ignore: NO_SHELL,
  async fn() {
    using smi = answering("rocm-smi", ANSWERS);
    const source = await openRocmSmiSource({ command: smi.command });
    assert(!isAbsent(source));
    assertEquals([source.name, source.devices.length], ["rocm-smi", 2]);
    const readings = await source.readDevices();
    assertEquals(isAbsent(readings) || readings.map(({ utilizationPercent }) => utilizationPercent), [20, 100]);
    assertEquals(await source.readEnergy(), [962825096.2974429, null]);
    assertEquals(await source.readProcesses(), [{ pid: 42, device: null, usedBytes: 629145600 }]);
    const second = await openRocmSmiSource({ command: smi.command, gpuDevices: ["0x39f1"] });
    assertEquals(isAbsent(second) || second.devices.map(({ index }) => index), [1]);
    assertEquals(isAbsent(second) || await second.readEnergy(), [null]);
    await source.close();
  },
});

Deno.test({
  name: "openRocmSmiSource() says why there is nothing to read",
  ignore: NO_SHELL,
  async fn() {
    const none = await openRocmSmiSource({ command: "no-such-rocm-smi" });
    assertEquals(none, { absent: "no-such-rocm-smi was not found on PATH", notInstalled: true });
    const rows: readonly [body: string, words: RegExp][] = [
      ["echo 'ERROR:root:Driver not initialized' >&2; exit 255", /failed with code 255: ERROR:root:Driver not init/],
      ["echo '{}'", /listed no device/],
      ["exec sleep 5", /did not answer within 200 ms/],
    ];
    for (const [body, words] of rows) {
      using smi = fakeProgram("rocm-smi", body);
      const timeoutMs = body.includes("sleep") ? 200 : 5000;
      const source = await openRocmSmiSource({ command: smi.command, timeoutMs });
      assert(isAbsent(source));
      assertMatch(source.absent, words);
    }
  },
});

Deno.test({
  name: "openRocmSmiSource() takes the answer of a rocm-smi of which one part failed",
  ignore: NO_SHELL,
  async fn() {
    using smi = answering("rocm-smi", ANSWERS, 2);
    assert(!isAbsent(await openRocmSmiSource({ command: smi.command })));
  },
});
