import { assertEquals } from "@std/assert";
import { readExportedGpus } from "../../../../src/observe/gpu/exporter/exporter_metrics.ts";
import { dcgmText, IDLE_L40S, L40S } from "./dcgm_text.ts";
import { tritonText, V100 } from "./triton_text.ts";

const MIB = 2 ** 20;

Deno.test("readExportedGpus() reads a DCGM exporter's units", () => {
  const found = readExportedGpus(dcgmText([L40S, IDLE_L40S]))!;
  assertEquals(found.name, "dcgm-exporter");
  assertEquals(found.gpus[0], {
    device: {
      index: 0,
      name: "NVIDIA L40S",
      uuid: L40S.uuid,
      totalBytes: (10000 + 35459 + 608) * MIB,
      maxSmClockMhz: null,
      driver: "595.58.03",
    },
    reading: {
      utilizationPercent: 87,
      usedBytes: 10000 * MIB,
      powerWatts: 235.686,
      smClockMhz: 2520,
      throttledBy: null,
      temperatureCelsius: 61,
    },
    energyJoules: 5551899.58,
  });
  // An idle device is measured: its zeros are zeros.
  const { device, reading } = found.gpus[1]!;
  assertEquals([device.index, reading.utilizationPercent, reading.usedBytes, reading.powerWatts], [1, 0, 0, 35.1]);
});

Deno.test("readExportedGpus() reads what a DCGM exporter was asked for besides, by its older name too", () => {
  const throttled = (name: string, bits: number) => ({ ...L40S, values: { [name]: bits, MAX_SM_CLOCK: 2520 } });
  for (const name of ["CLOCKS_EVENT_REASONS", "CLOCK_THROTTLE_REASONS"]) {
    const [gpu] = readExportedGpus(dcgmText([throttled(name, 0x24)]))!.gpus;
    assertEquals([gpu!.reading.throttledBy, gpu!.device.maxSmClockMhz], [["power", "thermal"], 2520]);
    assertEquals(readExportedGpus(dcgmText([throttled(name, 1)]))!.gpus[0]!.reading.throttledBy, []);
  }
  const { device } = readExportedGpus(dcgmText([{ ...L40S, values: { FB_TOTAL: 46068, FB_USED: 1 } }]))!.gpus[0]!;
  assertEquals(device.totalBytes, 46068 * MIB);
});

Deno.test("readExportedGpus() leaves open what a DCGM exporter leaves open", () => {
  const blank = "9223372036854775794";
  const values = {
    GPU_UTIL: blank,
    SM_CLOCK: blank,
    POWER_USAGE: "140737488355330.000000",
    GPU_TEMP: "NaN",
    FB_USED: 5,
  };
  const [gpu] = readExportedGpus(dcgmText([{ ...L40S, values }]))!.gpus;
  assertEquals(gpu!.reading, {
    utilizationPercent: null,
    usedBytes: 5 * MIB,
    powerWatts: null,
    smClockMhz: null,
    throttledBy: null,
    temperatureCelsius: null,
  });
  assertEquals([gpu!.device.totalBytes, gpu!.energyJoules], [null, null]);
});

Deno.test("readExportedGpus() takes the parts of a GPU that MIG has cut together", () => {
  const part = (part: string, used: number) => ({
    ...L40S,
    part,
    values: { POWER_USAGE: 300, TOTAL_ENERGY_CONSUMPTION: 2000, FB_USED: used, FB_FREE: 100 },
  });
  const { gpus } = readExportedGpus(dcgmText([part("3", 7), part("5", 8), { ...IDLE_L40S }]))!;
  const [cut] = gpus;
  assertEquals(gpus.length, 2);
  assertEquals([cut!.reading.powerWatts, cut!.energyJoules, cut!.reading.utilizationPercent], [300, 2, null]);
  assertEquals([cut!.reading.usedBytes, cut!.device.totalBytes], [15 * MIB, 215 * MIB]);
});

Deno.test("readExportedGpus() reads Triton's units, and what DCGM does not tell it as not told", () => {
  const deaf = { ...V100, uuid: "GPU-b", watts: 0, joules: 0, totalBytes: 0, usedBytes: 0 };
  const { name, gpus } = readExportedGpus(tritonText([V100, deaf]))!;
  assertEquals(name, "triton-metrics");
  assertEquals(gpus[0], {
    device: {
      index: 0,
      name: "NVIDIA GPU",
      uuid: V100.uuid,
      totalBytes: V100.totalBytes,
      maxSmClockMhz: null,
      driver: null,
    },
    reading: {
      utilizationPercent: 37,
      usedBytes: V100.usedBytes,
      powerWatts: V100.watts,
      smClockMhz: null,
      throttledBy: null,
      temperatureCelsius: null,
    },
    energyJoules: V100.joules,
  });
  const { reading, device, energyJoules } = gpus[1]!;
  assertEquals([device.index, device.totalBytes, energyJoules], [1, null, null]);
  assertEquals([reading.usedBytes, reading.powerWatts], [null, null]);
});

Deno.test("readExportedGpus() numbers devices anew where several hosts have the same numbers", () => {
  const { gpus } = readExportedGpus(dcgmText([L40S, { ...IDLE_L40S, gpu: 0 }]))!;
  assertEquals(gpus.map(({ device }) => device.index), [0, 1]);
});

Deno.test("readExportedGpus() finds nothing where no GPU is told of", () => {
  for (const text of ["", "# EOF\n", tritonText([]), dcgmText([{ ...L40S, values: { XID_ERRORS: 0 } }]), "<html>"]) {
    assertEquals(readExportedGpus(text), null, text);
  }
});
