import * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import { nullableEstimate, nullableNumber, number, numbersByName } from "../schema.ts";

/** What can tell of GPUs. */
export type GpuSourceName =
  | "nvml"
  | "nvidia-smi"
  | "dcgm-exporter"
  | "triton-metrics"
  | "amd-smi"
  | "rocm-smi"
  | "systeminformation";

/** Every one. */
export const GPU_SOURCES: readonly GpuSourceName[] = [
  "nvml",
  "nvidia-smi",
  "dcgm-exporter",
  "triton-metrics",
  "amd-smi",
  "rocm-smi",
  "systeminformation",
];

/**
 * Why a device runs below the clock that it could have.
 *
 * - `power`: its power limit, in software or hardware, or the power brake of the machine
 * - `thermal`: its temperature
 * - `other`: a hardware slowdown whose cause is not told, or the clocks of another device
 */
export type ThrottleReason = "power" | "thermal" | "other";

/** Every one. */
export const THROTTLE_REASONS: readonly ThrottleReason[] = ["power", "thermal", "other"];

/**
 * What the GPUs that the server uses did in a window (method 18), over all visits. Means are over time; of several devices
 * power, energy and memory are sums, utilisation and clock means, temperature the highest.
 */
export interface GpuUse {
  /** What told it. */
  readonly source: GpuSourceName;
  /** Indices of the devices. */
  readonly devices: readonly number[];
  /**
   * How they are known to be the server's: its processes compute on them; it was started to see them alone; or they are all that
   * are told of, or asked for. Of the last two the figures may be the work of others. Left out where nobody said, as in
   * versions before 0.2.
   */
  readonly by?: "processes" | "variables" | "all";
  /** Readings that the means are of. */
  readonly readings: number;
  /**
   * Share of time in which a kernel ran, percent, 0 to 100; `null` too where its readings tell of more than the window, with the reason
   * in the result's `absences["gpu.utilizationPercent"]`, as of power and energy.
   */
  readonly utilizationPercent: number | null;
  /** The same of each of several devices, in the order of `devices`; left out where there is one, or it is not told. */
  readonly utilizationByDevice?: readonly number[];
  /** Mean power, W: energy over time where that is known. */
  readonly powerWatts: number | null;
  /** Power before the first load of the run, with the model loaded, W; `null` where it was not seen. */
  readonly idlePowerWatts: number | null;
  /** Energy of the devices for each prediction, idle power included, J. */
  readonly energyPerPrediction: Estimate | null;
  /**
   * Set where there is no energy counter: energy is then power over time, from readings so far apart, ms. Left out where a counter
   * was read, and by versions before 0.2.
   */
  readonly energyByPowerMs?: number;
  /** Mean clock of the multiprocessors, MHz. */
  readonly smClockMhz: number | null;
  /** Highest clock that the devices have, MHz. */
  readonly maxSmClockMhz: number | null;
  /** Share of time in which a device was throttled, 0 to 1. */
  readonly throttledShare: number | null;
  /** The same by reason; reasons that did not occur are left out. */
  readonly throttledBy: Readonly<Partial<Record<ThrottleReason, number>>>;
  /** Highest temperature, degrees Celsius. */
  readonly temperatureCelsius: number | null;
  /** Most memory in use by everyone, bytes. */
  readonly usedBytes: number | null;
  /** Most memory of the server's processes, bytes; `null` where it is not told by process. */
  readonly processBytes: number | null;
}

/**
 * The reasons that hold for the longest time, the longest first: none that is seen for less than half of that.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { throttleReasons } from "./gpu_use.ts";
 *
 * assertEquals(throttleReasons({ throttledBy: { power: 0.2, thermal: 0.3 } }), ["thermal", "power"]);
 * assertEquals(throttleReasons({ throttledBy: { power: 0.34, thermal: 0.002 } }), ["power"]);
 * ```
 *
 * @param gpu What throttled it.
 */
export function throttleReasons({ throttledBy }: Pick<GpuUse, "throttledBy">): readonly ThrottleReason[] {
  const shares = THROTTLE_REASONS.map((reason) => ({ reason, share: throttledBy[reason] ?? 0 }));
  const longest = Math.max(...shares.map(({ share }) => share));
  return shares.filter(({ share }) => share > 0 && share >= longest / 2)
    .toSorted((a, b) => b.share - a.share).map(({ reason }) => reason);
}

/** {@linkcode GpuUse} in a results file. */
export const gpuUseSchema: v.GenericSchema<unknown, GpuUse> = v.looseObject({
  source: v.picklist(GPU_SOURCES),
  devices: v.array(number),
  by: v.exactOptional(v.picklist(["processes", "variables", "all"])),
  readings: number,
  utilizationPercent: nullableNumber,
  utilizationByDevice: v.exactOptional(v.array(number)),
  powerWatts: nullableNumber,
  idlePowerWatts: nullableNumber,
  energyPerPrediction: nullableEstimate,
  energyByPowerMs: v.exactOptional(number),
  smClockMhz: nullableNumber,
  maxSmClockMhz: nullableNumber,
  throttledShare: nullableNumber,
  throttledBy: numbersByName as v.GenericSchema<unknown, GpuUse["throttledBy"]>,
  temperatureCelsius: nullableNumber,
  usedBytes: nullableNumber,
  processBytes: nullableNumber,
}) as unknown as v.GenericSchema<unknown, GpuUse>;
