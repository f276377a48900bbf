import type { GpuUse } from "../../../src/results/window/gpu_use.ts";
import { estimate } from "../../core/estimates.ts";

/** A GPU that idles most of the time, as an H200 was seen at batches of 1. */
export function gpuUse(overrides: Partial<GpuUse> = {}): GpuUse {
  return {
    source: "nvml",
    devices: [0],
    readings: 160,
    utilizationPercent: 26,
    powerWatts: 155,
    idlePowerWatts: 125,
    energyPerPrediction: estimate(0.589, 0.004),
    smClockMhz: 1980,
    maxSmClockMhz: 1980,
    throttledShare: 0,
    throttledBy: {},
    temperatureCelsius: 41,
    usedBytes: 1_200_000_000,
    processBytes: 960_000_000,
    ...overrides,
  };
}

/** What was seen of the H200 by batch size. */
const SEEN: Readonly<Record<number, readonly [utilizationPercent: number, powerWatts: number, joules: number]>> = {
  1: [26, 155, 0.589],
  4: [22, 196, 0.185],
  16: [28, 328, 0.102],
  64: [30, 411, 0.094],
};

/**
 * What the H200 did at batches of a size.
 *
 * @param batchSize 1, 4, 16 or 64.
 */
export function h200(batchSize: number): GpuUse {
  const [utilizationPercent, powerWatts, joules] = SEEN[batchSize]!;
  return gpuUse({ utilizationPercent, powerWatts, energyPerPrediction: estimate(joules, 0.01 * joules) });
}
