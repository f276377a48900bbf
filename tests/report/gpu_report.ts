/** A run on a GPU that was seen in every window: an H200 that is hardly busy, and throttled at the largest batch. */
import type { GpuUse } from "../../src/results/window/gpu_use.ts";
import { estimate } from "../core/estimates.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { latencyResult } from "../results/kinds/latency_result.ts";
import { loadResult } from "../results/kinds/load_result.ts";
import { operatingPoint, operatingPointsResult } from "../results/kinds/operating_points_result.ts";
import { scalabilityResult } from "../results/kinds/scalability_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { gpuUse } from "../results/window/gpu_use.ts";
import { measurement } from "../results/window/windows.ts";
import { reportOf } from "./report_of.ts";

/** By batch size. */
const AT_BATCH: Readonly<Record<number, Partial<GpuUse>>> = {
  1: {},
  4: { utilizationPercent: 24.6, powerWatts: 196.3, energyPerPrediction: estimate(0.1847, 0.0093, 22) },
  16: {
    utilizationPercent: 47.2,
    powerWatts: 328.1,
    energyPerPrediction: estimate(0.1018, 0.0041, 22),
    processBytes: 1_124_000_000,
  },
  64: {
    utilizationPercent: 71.9,
    powerWatts: 411.4,
    energyPerPrediction: estimate(0.094, 0.0043, 22),
    smClockMhz: 1755,
    throttledShare: 0.312,
    throttledBy: { power: 0.312, thermal: 0.04 },
    temperatureCelsius: 79,
    processBytes: 1_806_000_000,
  },
};

const throughput = throughputResult({ 1: 216, 4: 595, 16: 1449, 64: 576 });
const scalability = scalabilityResult({ 1: 216, 2: 231, 4: 250, 8: 252 });
const load = loadResult();

/** That run. */
export const gpuReport = reportOf({
  basic: basicResult({ ...measurement(216, 1, 1), gpu: gpuUse() }),
  latency: latencyResult({ warm: { ...measurement(216, 1, 1), gpu: gpuUse() } }),
  throughput: {
    ...throughput,
    levels: throughput.levels.map((level) => ({ ...level, gpu: gpuUse(AT_BATCH[level.batchSize] ?? {}) })),
  },
  scalability: {
    ...scalability,
    levels: scalability.levels.map((level) => ({
      ...level,
      gpu: gpuUse({
        utilizationPercent: 21 + level.concurrency / 2,
        powerWatts: 155 + level.concurrency,
        energyPerPrediction: estimate(0.589 - 0.01 * level.concurrency, 0.031, 22),
      }),
    })),
  },
  load: { ...load, levels: load.levels.map((level) => ({ ...level, gpu: gpuUse({ energyPerPrediction: null }) })) },
  "operating-points": operatingPointsResult(
    [operatingPoint(1449, 16, 1), operatingPoint(1410, 16, 4)].map((point) => ({
      ...point,
      gpu: gpuUse(AT_BATCH[16]),
    })),
  ),
}, {
  environment: {
    os: "Ubuntu 24.04",
    cpu: "Intel Xeon Platinum 8580",
    cores: 16,
    memoryBytes: 2 ** 37,
    deno: "2.9.6",
    gpus: [{ name: "NVIDIA H200", memoryBytes: 143_771 * 2 ** 20, driver: "580.159.04" }],
  },
  target: {
    url: "http://127.0.0.1:8000",
    protocol: "kserve-v2",
    model: "resnet50",
    embedded: false,
    device: "cuda:0",
  },
  command: "deno task comprehensive --url http://127.0.0.1:8000 --model resnet50",
});
