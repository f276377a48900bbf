import type { Systeminformation } from "systeminformation";
import { type Absent, isAbsent } from "../absent.ts";
import { isEverythingPermitted } from "../permission.ts";
import type { GpuName } from "./choose_devices.ts";
import { type ListedGpu, sourceOver } from "./gpu_list_source.ts";
import type { GpuSource } from "./gpu_source.ts";

/** What systeminformation knows of one GPU. */
export type Controller = Partial<Systeminformation.GraphicsControllerData>;

/** Options of {@linkcode openSysteminformationSource}. */
export interface SysteminformationOptions {
  /** The devices to read. @default {all} */
  readonly gpuDevices?: readonly GpuName[];
  /** Lists the GPUs. @default {by systeminformation} */
  readonly list?: () => Promise<readonly Controller[]>;
}

/** It runs the system's own tools, which take from a tenth of a second to some seconds. */
const INTERVAL_MS = 5000;
const BYTES_PER_MIB = 2 ** 20;

/**
 * Whether PyTorch computes on a GPU of this maker; the rest are the virtual screens of servers. Pure.
 *
 * @param controller What is known of it.
 *
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 * import { isAccelerator } from "./systeminformation_source.ts";
 * assert(isAccelerator({ vendor: "Apple", model: "Apple M2" }));
 * assertFalse(isAccelerator({ vendor: "Cirrus Logic", model: "GD 5446" }));
 * ```
 */
export function isAccelerator({ vendor = "", model = "" }: Controller): boolean {
  return /nvidia|amd|advanced micro|apple|intel.*(arc|max|flex)/i.test(`${vendor} ${model}`);
}

/**
 * Opens what systeminformation tells of the GPUs of this host. Of Apple's it knows name and memory alone, and a source that
 * tells nothing of their use is none: what does, powermetrics, needs to be the superuser.
 *
 * @param options Which devices are wanted.
 * @returns The source, or why there is none.
 * @throws {UsageError} If a device is asked for that is not there.
 */
export async function openSysteminformationSource(
  options: SysteminformationOptions = {},
): Promise<GpuSource | Absent> {
  const { gpuDevices, list = listControllers } = options;
  if (!await isEverythingPermitted()) return { absent: "asking the system for its GPUs needs all permissions (-A)" };
  const listGpus = async (): Promise<readonly ListedGpu[] | Absent> => {
    const controllers = await list().catch(() => null);
    if (controllers === null) return { absent: "systeminformation could not list the GPUs" };
    return controllers.filter(isAccelerator).map(gpuOf);
  };
  const first = await listGpus();
  if (isAbsent(first)) return first;
  const [gpu] = first;
  if (gpu === undefined) return { absent: "no GPU that PyTorch computes on was found" };
  if (first.every(({ reading }) => Object.values(reading).every((value) => value === null))) {
    return { absent: `nothing here tells how ${gpu.device.name} is used: its name and memory alone are known` };
  }
  return sourceOver(
    {
      name: "systeminformation",
      intervalMs: INTERVAL_MS,
      list: listGpus,
      listEnergy: () => Promise.resolve({ absent: "systeminformation does not count energy" }),
      listProcesses: () => Promise.resolve({ absent: "systeminformation tells nothing of processes" }),
    },
    first,
    gpuDevices,
  );
}

async function listControllers(): Promise<readonly Controller[]> {
  const { default: systeminformation } = await import("systeminformation");
  return (await systeminformation.graphics()).controllers;
}

function gpuOf(controller: Controller, index: number): ListedGpu {
  const { vendor = "", model = "", memoryTotal, vram, driverVersion, memoryUsed } = controller;
  const { utilizationGpu, powerDraw, clockCore, temperatureGpu } = controller;
  const megabytes = memoryTotal ?? vram;
  return {
    device: {
      index,
      name: (model.startsWith(vendor) ? model : `${vendor} ${model}`).trim(),
      uuid: null,
      totalBytes: megabytes ? megabytes * BYTES_PER_MIB : null,
      maxSmClockMhz: null,
      driver: driverVersion || null,
    },
    reading: {
      utilizationPercent: utilizationGpu ?? null,
      usedBytes: memoryUsed === undefined ? null : memoryUsed * BYTES_PER_MIB,
      powerWatts: powerDraw ?? null,
      smClockMhz: clockCore ?? null,
      throttledBy: null,
      temperatureCelsius: temperatureGpu ?? null,
    },
    energyJoules: null,
  };
}
