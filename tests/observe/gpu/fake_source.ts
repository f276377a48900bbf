import type { Absent } from "../../../src/observe/absent.ts";
import type { GpuDevice, GpuProcess, GpuReading, GpuSource } from "../../../src/observe/gpu/gpu_source.ts";

/** A reading of a device that tells its memory alone. */
export function memoryReading(usedBytes: number | null): GpuReading {
  return {
    utilizationPercent: null,
    usedBytes,
    powerWatts: null,
    smClockMhz: null,
    throttledBy: null,
    temperatureCelsius: null,
  };
}

/** Devices of one model, numbered from 0, with ids `GPU-0`, `GPU-1` and so on. */
export function devicesOf(count: number): readonly GpuDevice[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    name: "NVIDIA A100",
    uuid: `GPU-${index}`,
    totalBytes: null,
    maxSmClockMhz: null,
    driver: null,
  }));
}

/** A source whose devices use some memory, and are used by some processes. */
export function fakeSource(
  usedBytes: readonly (number | null)[],
  readProcesses: () => readonly GpuProcess[] | Absent,
): GpuSource {
  const devices = devicesOf(usedBytes.length);
  return {
    name: "nvml",
    devices,
    intervalMs: 50,
    readDevices: () => Promise.resolve(usedBytes.map(memoryReading)),
    readEnergy: () => Promise.resolve(devices.map(() => null)),
    readProcesses: () => Promise.resolve(readProcesses()),
    close: () => Promise.resolve(),
  };
}
