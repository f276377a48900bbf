import type { GpuRecord } from "../../observe/gpu/gpu_record.ts";
import type { GpuUse, ThrottleReason } from "../../results/window/gpu_use.ts";
import { THROTTLE_REASONS } from "../../results/window/gpu_use.ts";
import { seriesRatioEstimate } from "../../stats/ratios/series_ratio_estimate.ts";
import { type CountedEnergy, countedEnergy } from "./counted_energy.ts";

/** A reading of power is the mean of so long before it on NVIDIA's GPUs since Ampere, by the documentation of NVML, ms. */
export const POWER_MS = 1000;

/**
 * What GPUs did over the visits to a load (method 18). Pure.
 *
 * @param records Of those visits in which they were seen, all of the same devices; one at least.
 * @returns Means weighted by the time that each visit was seen for; what no visit tells is `null`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gpuUseOf } from "./gpu_use_of.ts";
 * const record = {
 *   source: "nvml", devices: [0], readings: 20, durationMs: 1000, utilizationPercent: 20, powerWatts: 150,
 *   idlePowerWatts: 125, smClockMhz: 1980, maxSmClockMhz: 1980, throttledShare: 0, throttledBy: {},
 *   temperatureCelsius: 40, usedBytes: 2 ** 30, processBytes: null, energy: [{ ms: 1000, joules: 150, predictions: 300 }],
 * } as const;
 * const longer = { ...record, durationMs: 3000, utilizationPercent: 40, energy: [{ ms: 3000, joules: 450, predictions: 900 }] };
 * const { utilizationPercent, energyPerPrediction } = gpuUseOf([record, longer]);
 * assertEquals([utilizationPercent, energyPerPrediction!.value], [35, 0.5]);
 * ```
 */
export function gpuUseOf(records: readonly GpuRecord[]): GpuUse {
  const { source, devices, by, maxSmClockMhz } = records[0]!;
  const byPower = records.flatMap(({ energyByPowerMs }) => energyByPowerMs ?? []);
  const counted = countedEnergy(records);
  const energy = typeof counted === "string" ? null : counted;
  const mean = (of: (record: GpuRecord) => number | null) => weighted(records, of);
  const most = (of: (record: GpuRecord) => number | null) => {
    const known = records.flatMap((record) => of(record) ?? []);
    return known.length === 0 ? null : Math.max(...known);
  };
  const each = devices.flatMap((_, i) => mean(({ utilizationByDevice }) => utilizationByDevice?.[i] ?? null) ?? []);
  const reasons = THROTTLE_REASONS.flatMap((reason): [ThrottleReason, number][] => {
    const share = mean(({ throttledShare, throttledBy }) => throttledShare === null ? null : throttledBy[reason] ?? 0);
    return share === null || share === 0 ? [] : [[reason, share]];
  });
  return {
    source,
    devices,
    ...(by === undefined ? {} : { by }),
    readings: records.reduce((sum, { readings }) => sum + readings, 0),
    utilizationPercent: mean(({ utilizationPercent }) => utilizationPercent),
    ...(each.length > 0 && each.length === devices.length ? { utilizationByDevice: each } : {}),
    // One source for both: a page must not tell of other joules by its watts than by its predictions.
    powerWatts: energy?.watts ?? mean(({ powerWatts, durationMs }) => durationMs < POWER_MS ? null : powerWatts),
    idlePowerWatts: records.find(({ idlePowerWatts }) => idlePowerWatts !== null)?.idlePowerWatts ?? null,
    energyPerPrediction: energy === null ? null : energyOf(energy),
    ...(byPower.length === 0 ? {} : { energyByPowerMs: Math.max(...byPower) }),
    smClockMhz: mean(({ smClockMhz }) => smClockMhz),
    maxSmClockMhz,
    throttledShare: mean(({ throttledShare }) => throttledShare),
    throttledBy: Object.fromEntries(reasons),
    temperatureCelsius: most(({ temperatureCelsius }) => temperatureCelsius),
    usedBytes: most(({ usedBytes }) => usedBytes),
    processBytes: most(({ processBytes }) => processBytes),
  };
}

/**
 * Of visits to a load those of the devices that were seen for longest: a server that is loaded anew between two may go to another,
 * and figures of both would be of neither. Pure.
 *
 * @param records Of those visits in which devices were seen.
 */
export function onSameDevices(records: readonly GpuRecord[]): readonly GpuRecord[] {
  const groups = [...Map.groupBy(records, ({ devices }) => devices.join()).values()];
  const msOf = (group: readonly GpuRecord[]) => group.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return groups.toSorted((a, b) => msOf(b) - msOf(a))[0] ?? [];
}

/** Mean over time of what some visits tell. */
function weighted(records: readonly GpuRecord[], of: (record: GpuRecord) => number | null): number | null {
  let sum = 0, weight = 0;
  for (const record of records) {
    const value = of(record);
    if (value === null) continue;
    sum += value * record.durationMs;
    weight += record.durationMs;
  }
  return weight > 0 ? sum / weight : null;
}

/** A reading of power is right within so much of it, by the documentation of NVML and nvidia-smi. */
const POWER_ERROR = 0.05;

function energyOf({ spans, isByPower }: CountedEnergy): GpuUse["energyPerPrediction"] {
  const energy = seriesRatioEstimate(
    spans.map(({ joules, predictions }) => ({ numerator: joules, denominator: predictions })),
  );
  if (energy === null) return null;
  if (!isByPower) return energy;
  const { low, high } = energy;
  return {
    ...energy,
    low: low === null ? null : (1 - POWER_ERROR) * low,
    high: high === null ? null : (1 + POWER_ERROR) * high,
  };
}
