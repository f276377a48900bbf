import { assert, assertAlmostEquals, assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import type { Estimate } from "../../../src/core/estimate.ts";
import { type Random, seededRandom } from "../../../src/core/random.ts";
import { PredictionCount } from "../../../src/measure/gpu/prediction_count.ts";
import { closedLoop, coverage, normal } from "../../stats/estimates/simulate.ts";
import { gpuAbsencesOf } from "../../../src/measure/gpu/gpu_absences_of.ts";
import { gpuUseOf, onSameDevices } from "../../../src/measure/gpu/gpu_use_of.ts";
import { type GpuRecord, GpuRecorder } from "../../../src/observe/gpu/gpu_record.ts";
import { GPU_RECORDINGS, type GpuRecording } from "../../observe/gpu/gpu_recordings.ts";

const device = { index: 0, name: "H200", uuid: null, totalBytes: null, maxSmClockMhz: 1980, driver: null };

/** A recording as a watch would have seen it. */
function recordOf({ batchSize, readings }: Pick<GpuRecording, "batchSize" | "readings">): GpuRecord {
  const recorder = new GpuRecorder(readings[0]!.atMs);
  for (const { atMs, requests, joules, processBytes, ...reading } of readings) {
    recorder.add([{ ...reading, usedBytes: null, throttledBy: [], temperatureCelsius: null }], atMs);
    recorder.addProcesses(processBytes);
    recorder.addEnergy(joules, atMs, () => requests * batchSize);
  }
  return recorder.record({ source: "nvml", devices: [device], idlePowerWatts: 125 })!;
}

for (const recording of GPU_RECORDINGS) {
  const { batchSize, joules } = recording;
  Deno.test(`gpuUseOf() finds ${joules} J a prediction in the recording of batches of ${batchSize}, to an eighth`, () => {
    const energy = gpuUseOf([recordOf(recording)]).energyPerPrediction!;
    assertAlmostEquals(energy.value, joules, 0.001);
    assert(energy.low! < joules && joules < energy.high!, `[${energy.low}, ${energy.high}]`);
    assert(energy.high! - energy.low! < 0.25 * joules, `[${energy.low}, ${energy.high}]`);
  });
}

const WATTS = 200, STEP_MS = 100;

/** Energy a prediction of a server that takes some time for each request, by a counter that moves every 100 ms. */
function energyOf(random: Random, windowMs: number, serviceMs: number): Estimate {
  const ended = closedLoop(random, 1, windowMs + 2 * serviceMs, () => serviceMs * (1 + 0.03 * normal(random)));
  const recorder = new GpuRecorder(0);
  const count = new PredictionCount();
  const phaseMs = STEP_MS * random();
  const reading = { utilizationPercent: 1, usedBytes: 1, powerWatts: WATTS, smClockMhz: 1, throttledBy: [] };
  for (let atMs = 0; atMs <= windowMs; atMs += 250) {
    while (ended[0]! <= atMs) count.add(1, ended.shift()!);
    recorder.add([{ ...reading, temperatureCelsius: 1 }], atMs);
    recorder.addEnergy(WATTS * STEP_MS * Math.floor((atMs + phaseMs) / STEP_MS) / 1000, atMs, count.at(atMs));
  }
  for (const atMs of ended) count.add(1, atMs);
  const record = recorder.record({ source: "nvml", devices: [device], idlePowerWatts: null })!;
  return gpuUseOf([record]).energyPerPrediction!;
}

for (const [windowMs, serviceMs] of [[1250, 5], [3000, 5], [3000, 100], [8000, 400]] as const) {
  Deno.test(`gpuUseOf() holds the energy of requests of ${serviceMs} ms in ${windowMs} ms, and is not too wide`, () => {
    const truth = WATTS * serviceMs / 1000;
    assertGreaterOrEqual(coverage(200, truth, (random) => energyOf(random, windowMs, serviceMs)), 0.9);
    const { low, high } = energyOf(seededRandom(1), windowMs, serviceMs);
    assertLess(high! - low!, 1000 / windowMs * truth);
  });
}

Deno.test("gpuUseOf() takes all visits together", () => {
  const [first] = GPU_RECORDINGS.map(recordOf);
  const twice = gpuUseOf([first!, first!]);
  const once = gpuUseOf([first!]);
  assertEquals(twice.readings, 2 * once.readings);
  assertAlmostEquals(twice.powerWatts!, once.powerWatts!, 1e-9);
  assertEquals(twice.energyPerPrediction!.n, 2 * once.energyPerPrediction!.n);
  assertAlmostEquals(twice.energyPerPrediction!.value, once.energyPerPrediction!.value, 1e-9);
});

Deno.test("gpuUseOf() tells how busy each of several devices was", () => {
  const record = { ...recordOf(GPU_RECORDINGS[0]!), devices: [0, 1] };
  const seen = [[90, 10], [80, 20]].map((utilizationByDevice) => ({ ...record, utilizationByDevice }));
  assertEquals(gpuUseOf(seen).utilizationByDevice?.map(Math.round), [85, 15]);
  assertEquals(gpuUseOf([record]).utilizationByDevice, undefined);
});

Deno.test("gpuUseOf() gives no energy where a counter did not move or nothing succeeded, and no interval of one span", () => {
  const record = recordOf(GPU_RECORDINGS[0]!);
  const energyOf = (...energy: GpuRecord["energy"]) => gpuUseOf([{ ...record, energy }]).energyPerPrediction;
  assertEquals(energyOf(), null);
  assertEquals(energyOf({ ms: 250, joules: 0, predictions: 9 }, { ms: 250, joules: 0, predictions: 8 }), null);
  assertEquals(energyOf({ ms: 500, joules: 9, predictions: 0 }), null);
  assertEquals(energyOf({ ms: 500, joules: 9, predictions: 3 }), {
    value: 3,
    low: null,
    high: null,
    level: 0.95,
    n: 1,
  });
});

const total = (records: readonly GpuRecord[], of: "ms" | "joules" | "predictions") =>
  records.flatMap(({ energy }) => energy).reduce((sum, span) => sum + span[of], 0);

for (const { batchSize, joules, readings } of GPU_RECORDINGS) {
  Deno.test(`gpuUseOf() tells the power of the first second of batches of ${batchSize}, of which readings do not yet tell`, () => {
    const first = recordOf({ batchSize, readings: readings.slice(0, 5) });
    const { powerWatts, energyPerPrediction } = gpuUseOf([first]);
    const watts = joules * batchSize * (readings.at(-1)!.requests / readings.at(-1)!.atMs) * 1000;
    assertAlmostEquals(powerWatts!, watts, 0.1 * watts);
    assertLess(first.powerWatts!, 0.93 * watts);
    const perSecond = total([first], "predictions") / total([first], "ms") * 1000;
    assertAlmostEquals(energyPerPrediction!.value * perSecond, powerWatts!, 1e-9);
  });
}

const span = (ms: number, joules: number, predictions = 10) => ({ ms, joules, predictions });
const long: GpuRecord = { ...recordOf(GPU_RECORDINGS[0]!), durationMs: 2000, powerWatts: 150 };
const at200 = Array.from({ length: 8 }, () => span(250, 50));
const movingOnce = [span(250, 0), span(250, 0), span(250, 100), span(250, 0), span(250, 0), span(250, 100)];
const { energyByPowerMs: _, ...counted } = long;

const powers: readonly [why: string, records: readonly GpuRecord[], watts: number | null, joules: number | null][] = [
  ["a counter", [{ ...counted, energy: at200 }], 200, 5],
  [
    "a counter while nothing succeeds",
    [{ ...counted, energy: at200.map((of) => ({ ...of, predictions: 0 })) }],
    200,
    null,
  ],
  ["two visits of which one has a counter", [{ ...counted, energy: at200 }, { ...counted, energy: [] }], 200, 5],
  ["power over time", [{ ...long, energyByPowerMs: 50, energy: [span(250, 40), span(250, 40)] }], 160, 4],
  ["no counter", [{ ...counted, energy: [] }], 150, null],
  ["a counter that never moves", [{ ...counted, energy: [span(2000, 0)] }], 150, null],
  ["a counter that moves once in 0.75 s", [{ ...counted, energy: movingOnce }], 150, null],
  ["such a counter over a longer time", [{ ...counted, energy: [...movingOnce, ...movingOnce] }], 400 / 3, 10 / 3],
  ["visits that are short alone", [0, 1, 2].map(() => ({ ...counted, energy: [span(150, 30)] })), 200, 3],
  [
    "a visit of less than three steps of the counter",
    [{ ...counted, durationMs: 250, energy: [span(250, 50)] }],
    null,
    null,
  ],
  [
    "a visit shorter than a reading of power, without a counter",
    [{ ...counted, durationMs: 600, energy: [] }],
    null,
    null,
  ],
];

for (const [why, records, watts, joules] of powers) {
  Deno.test(`gpuUseOf() tells power and energy of one source: ${why}`, () => {
    const { powerWatts, energyPerPrediction } = gpuUseOf(records);
    const rounded = (value: number | null | undefined) =>
      value === null || value === undefined ? null : Math.round(1e6 * value);
    assertEquals([rounded(powerWatts), rounded(energyPerPrediction?.value)], [rounded(watts), rounded(joules)]);
  });
}

Deno.test("gpuAbsencesOf() says what a longer window would have told, and nothing of what no driver tells", () => {
  const absencesOf = (record: GpuRecord) => gpuAbsencesOf([record], gpuUseOf([record]));
  const short = { ...counted, durationMs: 102, energy: [span(102, 14)], utilizationPercent: null };
  assertEquals(absencesOf({ ...short, utilizationBeforeMs: 438 }), {
    "gpu.utilizationPercent": "a reading of utilisation may tell of up to 0.44 s before it, and no visit lasted longer",
    "gpu.powerWatts": "a reading of power may tell of up to 1 s before it, and no visit lasted longer",
    "gpu.energyPerPrediction":
      "the energy counter moves every 0.1 s, and a window must last three times as long: this one lasted 0.1 s",
  });
  assertEquals(absencesOf({ ...short, energy: [], powerWatts: null }), {});
  assertEquals(absencesOf({ ...counted, energy: [span(2000, 0)] }), {
    "gpu.energyPerPrediction": "the energy counter did not move in 2 s",
  });
  assertEquals(absencesOf({ ...counted, energy: at200 }), {});
});

Deno.test("onSameDevices() are the visits to the devices that were seen for longest", () => {
  const [one, two, three] = [[0], [1], [0]].map((devices, i) => ({
    ...recordOf(GPU_RECORDINGS[0]!),
    devices,
    readings: i,
  }));
  assertEquals(onSameDevices([one!, two!, three!]), [one!, three!]);
  const longer = { ...two!, durationMs: 3 * one!.durationMs };
  assertEquals(onSameDevices([one!, longer, three!]), [longer]);
  assertEquals(onSameDevices([]), []);
});
