import type { GpuUse } from "../../../src/results/window/gpu_use.ts";
import { estimate } from "../../core/estimates.ts";

/** What an H200 did under one request at a time, but for what is said otherwise. */
export function gpuUse(overrides: Partial<GpuUse> = {}): GpuUse {
  return {
    source: "nvml",
    devices: [0],
    readings: 78,
    utilizationPercent: 21.4,
    powerWatts: 154.6,
    idlePowerWatts: 124.8,
    energyPerPrediction: estimate(0.589, 0.031, 22),
    smClockMhz: 1980,
    maxSmClockMhz: 1980,
    throttledShare: 0,
    throttledBy: {},
    temperatureCelsius: 41,
    usedBytes: 1_540_000_000,
    processBytes: 903_872_512,
    ...overrides,
  };
}
