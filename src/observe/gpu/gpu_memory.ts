import type { Absent } from "../absent.ts";
import { isAbsent } from "../absent.ts";
import { chooseDevices, type GpuName } from "./choose_devices.ts";
import type { GpuProcess, GpuSource } from "./gpu_source.ts";
import { serverDevices } from "./server_devices.ts";

/** A way to read how much GPU memory a server uses. */
export interface GpuMemory {
  /** `per-process`: of the server's processes; `per-device`: of its devices and all who use them. */
  readonly source: "per-process" | "per-device";
  /** Reads it for the server's processes of the moment: bytes, or `null` where the driver does not say. */
  read(pids: readonly number[]): Promise<number | null>;
}

/** The memory of one device, bytes; what is not told is `null`. */
export interface DeviceMemory {
  /** In all. */
  readonly totalBytes: number | null;
  /** What nobody uses. */
  readonly freeBytes: number | null;
}

const UNKNOWN: DeviceMemory = { totalBytes: null, freeBytes: null };

/**
 * The memory of the device that a server is on.
 *
 * @param gpus The GPUs.
 * @param pids The server's processes.
 * @param gpuDevices The devices that are the server's, where that is said.
 * @returns Nothing where it is on several, or on a part of one, or where that is not known.
 */
export async function readDeviceMemory(
  gpus: GpuSource,
  pids: readonly number[],
  gpuDevices?: readonly GpuName[],
): Promise<DeviceMemory> {
  const used = gpuDevices === undefined
    ? await serverDevices(gpus, pids)
    : { positions: chooseDevices(gpus.devices, gpuDevices) };
  const [position = null, ...others] = isAbsent(used) ? [] : used.positions;
  if (position === null || others.length > 0 || gpus.devices[position]!.isCut) return UNKNOWN;
  const { totalBytes } = gpus.devices[position]!;
  const readings = await gpus.readDevices();
  const usedBytes = isAbsent(readings) ? null : readings[position]?.usedBytes ?? null;
  return {
    totalBytes,
    freeBytes: totalBytes === null || usedBytes === null ? null : Math.max(0, totalBytes - usedBytes),
  };
}

/**
 * GPU memory of some processes; pure.
 *
 * @param processes What the driver lists.
 * @param pids The server's processes.
 * @returns Bytes, 0 if none of them computes on a GPU; `null` if the driver does not say for one of them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { processGpuBytes } from "./gpu_memory.ts";
 * const listed = [{ pid: 7, usedBytes: 10 }, { pid: 7, usedBytes: 20 }, { pid: 9, usedBytes: null }];
 * assertEquals(processGpuBytes(listed, [7, 8]), 30);
 * assertEquals(processGpuBytes(listed, [8]), 0);
 * assertEquals(processGpuBytes(listed, [7, 9]), null);
 * ```
 */
export function processGpuBytes(
  processes: readonly Pick<GpuProcess, "pid" | "usedBytes">[],
  pids: readonly number[],
): number | null {
  return sum(processes.filter(({ pid }) => pids.includes(pid)));
}

function sum(parts: readonly { readonly usedBytes: number | null }[]): number | null {
  return parts.reduce<number | null>(
    (total, { usedBytes }) => total === null || usedBytes === null ? null : total + usedBytes,
    0,
  );
}

/**
 * Chooses once how to read a server's GPU memory, so that all figures of a test mean the same.
 *
 * Per process where the driver gives processes with their memory and under the ids that we know: it lists one of the
 * server's, or we see the host's own process ids, where a server that it does not list uses no GPU. In a container the
 * driver may hide processes or give the host's ids; there, unless the server is listed, it is all use of the devices that the
 * server may see, or of those that are named as its own.
 *
 * @param gpus The GPUs.
 * @param pids The server's processes.
 * @param seesHostPids Whether process ids here are those of the host: `hasHostPids()`.
 * @param gpuDevices The devices that are the server's, where that is said.
 * @returns How to read it, or why it cannot be.
 * @throws {UsageError} If a device is named that is not there.
 */
export async function openGpuMemory(
  gpus: GpuSource,
  pids: readonly number[],
  seesHostPids: boolean,
  gpuDevices?: readonly GpuName[],
): Promise<GpuMemory | Absent> {
  const named = gpuDevices === undefined ? null : { positions: chooseDevices(gpus.devices, gpuDevices) };
  const processes = await gpus.readProcesses();
  if (!isAbsent(processes) && processes.every(({ usedBytes }) => usedBytes !== null)) {
    if (seesHostPids || processes.some(({ pid }) => pids.includes(pid))) {
      return {
        source: "per-process",
        read: async (pids) => {
          const processes = await gpus.readProcesses();
          return isAbsent(processes) ? null : processGpuBytes(processes, pids);
        },
      };
    }
  }
  const used = named ?? await serverDevices(gpus, pids, seesHostPids);
  if (isAbsent(used)) return used;
  const read = async () => {
    const readings = await gpus.readDevices();
    return isAbsent(readings) ? null : sum(used.positions.map((position) => readings[position]!));
  };
  if (await read() === null) return { absent: "the driver does not say how much memory the devices use" };
  return { source: "per-device", read };
}
