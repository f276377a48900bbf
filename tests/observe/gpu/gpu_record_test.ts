import { assert, assertAlmostEquals, assertEquals, assertLessOrEqual } from "@std/assert";
import { GpuRecorder, MOST_SPANS } from "../../../src/observe/gpu/gpu_record.ts";
import type { GpuReading } from "../../../src/observe/gpu/gpu_source.ts";

const reading = (of: Partial<GpuReading> = {}): GpuReading => ({
  utilizationPercent: 50,
  usedBytes: 100,
  powerWatts: 200,
  smClockMhz: 1000,
  throttledBy: [],
  temperatureCelsius: 40,
  ...of,
});
const told = {
  source: "nvml",
  devices: [0, 3].map((index) => ({
    index,
    name: "GPU",
    uuid: null,
    totalBytes: null,
    maxSmClockMhz: 1000 + index,
    driver: null,
  })),
  idlePowerWatts: 80,
} as const;

Deno.test("GpuRecorder takes means over time, sums over devices, and the highest of memory and temperature", () => {
  const recorder = new GpuRecorder(1000);
  recorder.add([reading(), reading({ powerWatts: 100, temperatureCelsius: 60 })], 1100);
  recorder.add([reading({ utilizationPercent: 90, usedBytes: 50 }), reading({ throttledBy: ["power"] })], 1400);
  recorder.addProcesses(70);
  recorder.addProcesses(60);
  const record = recorder.record(told)!;
  assertAlmostEquals(record.utilizationPercent!, (100 * 50 + 300 * 70) / 400, 1e-9);
  assertEquals(record.utilizationByDevice, [(100 * 50 + 300 * 90) / 400, 50]);
  assertAlmostEquals(record.powerWatts!, (100 * 300 + 300 * 400) / 400, 1e-9);
  const { readings, durationMs, devices, maxSmClockMhz, throttledShare, throttledBy } = record;
  assertEquals([readings, durationMs, devices, maxSmClockMhz], [2, 400, [0, 3], 1003]);
  assertEquals([throttledShare, throttledBy], [0.75, { power: 0.75 }]);
  assertEquals([record.usedBytes, record.temperatureCelsius, record.processBytes], [200, 60, 70]);
});

Deno.test("GpuRecorder says nothing of what a device does not tell, and nothing at all without a reading", () => {
  assertEquals(new GpuRecorder(0).record(told), null);
  const recorder = new GpuRecorder(0);
  recorder.add([reading({ powerWatts: null, throttledBy: null, temperatureCelsius: null }), reading()], 50);
  const { powerWatts, temperatureCelsius, processBytes, energy } = recorder.record(told)!;
  assertEquals([powerWatts, temperatureCelsius, processBytes, energy], [null, 40, null, []]);
});

Deno.test("GpuRecorder keeps energy in spans, none of them from before a counter went back", () => {
  const recorder = new GpuRecorder(0);
  recorder.add([reading()], 50);
  for (const [atMs, joules, predictions] of [[0, 100, 5], [250, 130, 15], [500, 10, 25], [700, 40, 40]] as const) {
    recorder.addEnergy(joules, atMs, () => predictions);
  }
  assertEquals(recorder.record(told)!.energy, [{ ms: 200, joules: 30, predictions: 15 }]);
});

Deno.test("GpuRecorder keeps of an hour no more than of a minute, and loses no energy of it", () => {
  const recorder = new GpuRecorder(0);
  recorder.add([reading()], 50);
  const readings = 4 * 3600;
  for (let i = 0; i <= readings; i++) recorder.addEnergy(50 * i, 250 * i, () => 7 * i);
  const { energy } = recorder.record(told)!;
  assertLessOrEqual(energy.length, MOST_SPANS);
  assert(energy.length >= MOST_SPANS / 2 - 1);
  const total = (of: "ms" | "joules" | "predictions") => energy.reduce((sum, span) => sum + span[of], 0);
  assertEquals([total("ms"), total("joules"), total("predictions")], [250 * readings, 50 * readings, 7 * readings]);
  const lengths = energy.slice(0, -1).map(({ ms }) => ms);
  assertLessOrEqual(Math.max(...lengths), 2 * Math.min(...lengths));
});

Deno.test("GpuRecorder takes no reading of utilisation that tells of before the window, and says so where all do", () => {
  const recorder = new GpuRecorder(1000);
  recorder.add([reading({ utilizationPercent: 0 })], 1200, 440);
  const { utilizationPercent, utilizationBeforeMs, powerWatts } = recorder.record(told)!;
  assertEquals([utilizationPercent, utilizationBeforeMs, powerWatts], [null, 440, 200]);
  recorder.add([reading({ utilizationPercent: 30 })], 1440, 440);
  recorder.add([reading({ utilizationPercent: 40 })], 1500, 440);
  const longer = recorder.record(told)!;
  assertAlmostEquals(longer.utilizationPercent!, (240 * 30 + 60 * 40) / 300, 1e-9);
  assertEquals("utilizationBeforeMs" in longer, false);
  const untold = new GpuRecorder(0);
  untold.add([reading({ utilizationPercent: null })], 50, 440);
  assertEquals("utilizationBeforeMs" in untold.record(told)!, false, "its driver does not tell it");
});
