import type { Absent } from "../../absent.ts";
import { isAbsent } from "../../absent.ts";
import type { GpuSource } from "../gpu_source.ts";
import { findNvmlLibrary } from "./nvml_library.ts";
import { NvmlThread } from "./nvml_thread.ts";

/** Options of {@linkcode openNvml}. */
export interface NvmlOptions {
  /** Path or name of the library. @default {the environment variable `TORCHGAUGE_NVML`, else where drivers put it} */
  readonly library?: string;
  /** Deadline of one reading, ms: a driver in trouble can hang. @default {5000} */
  readonly timeoutMs?: number;
}

/** A reading takes 10 us a device in the other thread, and 0.1 to 0.2 ms in the one that asks. */
const INTERVAL_MS = 50;

/** By the documentation of `nvmlUtilization_t` a sixth of a second to a second, by product; an H200 was seen to take 0.2 s. */
export const NVML_UTILIZATION_MS = 1000;

/**
 * Opens NVML, the library of NVIDIA's driver: a reading costs microseconds, and it counts energy. It needs the permission
 * `ffi` for the library, by its full path where not for all.
 *
 * @param options Where the library is and how long it may take.
 * @returns The source, or why there is none: no library, no permission, no driver, no device, no answer in time.
 */
export async function openNvml({ library, timeoutMs = 5000 }: NvmlOptions = {}): Promise<GpuSource | Absent> {
  const path = await findNvmlLibrary(library);
  if (isAbsent(path)) return path;
  const thread = new NvmlThread(timeoutMs);
  const devices = await thread.ask("open", path);
  if (isAbsent(devices)) {
    await thread.close();
    return devices;
  }
  return {
    name: "nvml",
    devices,
    intervalMs: INTERVAL_MS,
    utilizationPeriodMs: NVML_UTILIZATION_MS,
    readDevices: () => thread.ask("readings"),
    readEnergy: () => thread.ask("energy"),
    readProcesses: () => thread.ask("processes"),
    close: () => thread.close(),
  };
}
