import type { Absent } from "../absent.ts";
import type { GpuDevice, GpuProcess, GpuReading } from "./gpu_source.ts";
import { throttleReasons } from "./throttle_reasons.ts";

/** Fields of a device that every driver knows. */
const BASIC = "index,name,uuid,memory.used,memory.total,utilization.gpu,driver_version";
/** Those that drivers know since 450. */
const MORE = `${BASIC},power.draw,clocks.sm,clocks.max.sm,temperature.gpu,mig.mode.current`;
/** The fields to ask for, newest first: a driver refuses the whole list for one that it does not know. */
export const DEVICE_FIELDS: readonly string[] = [
  `${MORE},clocks_event_reasons.active`,
  `${MORE},clocks_throttle_reasons.active`,
  BASIC,
];
/** Fields of a process. */
export const PROCESS_FIELDS = "pid,used_memory,gpu_uuid";

const BYTES_PER_MIB = 2 ** 20;

/** A device, and what it does. */
export interface ListedGpu {
  /** What stays. */
  readonly device: GpuDevice;
  /** What changes. */
  readonly reading: GpuReading;
}

/**
 * Devices in nvidia-smi's output; pure. What the driver leaves open (`[N/A]`, `[Not Supported]`,
 * `[Insufficient Permissions]`) is `null`.
 *
 * @param csv Output of `--query-gpu` without header and units.
 * @param fields The fields that were asked for, one of {@linkcode DEVICE_FIELDS}.
 * @returns The devices, or why there are none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isAbsent } from "../absent.ts";
 * import { DEVICE_FIELDS, parseGpus } from "./parse_nvidia_smi.ts";
 * const csv = "0, NVIDIA H200, GPU-1, 1234, 143771, 37, 580.159.04, 76.14, 345, 1980, 31, Disabled, 0x0000000000000004\n";
 * const gpus = parseGpus(csv, DEVICE_FIELDS[0]!);
 * if (isAbsent(gpus)) throw new Error(gpus.absent);
 * assertEquals(gpus[0]!.device, {
 *   index: 0,
 *   name: "NVIDIA H200",
 *   uuid: "GPU-1",
 *   totalBytes: 143771 * 2 ** 20,
 *   maxSmClockMhz: 1980,
 *   driver: "580.159.04",
 * });
 * assertEquals(gpus[0]!.reading, {
 *   utilizationPercent: 37,
 *   usedBytes: 1234 * 2 ** 20,
 *   powerWatts: 76.14,
 *   smClockMhz: 345,
 *   throttledBy: ["power"],
 *   temperatureCelsius: 31,
 * });
 * assertEquals(parseGpus("No devices were found\n", DEVICE_FIELDS[0]!), {
 *   absent: "nvidia-smi: No devices were found",
 * });
 * ```
 */
export function parseGpus(csv: string, fields: string): readonly ListedGpu[] | Absent {
  const rows = rowsOf(csv);
  if (rows.length === 0) return { absent: "nvidia-smi listed no device" };
  const width = fields.split(",").length;
  const gpus: ListedGpu[] = [];
  for (const row of rows) {
    if (row.length !== width || !/^\d+$/.test(row[0]!)) return unreadable(row);
    gpus.push(gpuOf(row));
  }
  return gpus;
}

function gpuOf(row: readonly string[]): ListedGpu {
  const [index, name, uuid, used, total, utilization, driver, power, clock, maxClock, temperature, mig, reasons] = row;
  const isCut = mig === "Enabled";
  return {
    device: {
      index: Number(index),
      name: isCut ? `${name} (shared by MIG)` : name!,
      uuid: uuid!.startsWith("[") ? null : uuid!,
      totalBytes: bytesOf(total),
      maxSmClockMhz: numberOf(maxClock),
      driver: /^\d/.test(driver!) ? driver! : null,
      ...(isCut ? { isCut } : {}),
    },
    reading: {
      utilizationPercent: numberOf(utilization),
      usedBytes: bytesOf(used),
      powerWatts: numberOf(power),
      smClockMhz: numberOf(clock),
      throttledBy: /^0x[\da-f]+$/i.test(reasons ?? "") ? throttleReasons(Number(reasons)) : null,
      temperatureCelsius: numberOf(temperature),
    },
  };
}

/**
 * Processes in nvidia-smi's output; pure. No line at all means that no process computes.
 *
 * @param csv Output of `--query-compute-apps=pid,used_memory,gpu_uuid` without header and units.
 * @param devices The devices, for their ids.
 * @returns The processes, or why they are not known.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseGpuProcesses } from "./parse_nvidia_smi.ts";
 * const devices = [{ index: 3, uuid: "GPU-1" }];
 * assertEquals(parseGpuProcesses("4242, 512, GPU-1\n4243, [N/A], GPU-2\n", devices), [
 *   { pid: 4242, device: 3, usedBytes: 512 * 2 ** 20 },
 *   { pid: 4243, device: null, usedBytes: null },
 * ]);
 * assertEquals(parseGpuProcesses("", devices), []);
 * ```
 */
export function parseGpuProcesses(
  csv: string,
  devices: readonly Pick<GpuDevice, "index" | "uuid">[],
): readonly GpuProcess[] | Absent {
  const processes: GpuProcess[] = [];
  for (const row of rowsOf(csv)) {
    const [pid, used, uuid] = row;
    if (row.length !== 3 || !/^\d+$/.test(pid!)) return unreadable(row);
    const device = devices.find((device) => device.uuid === uuid)?.index ?? null;
    processes.push({ pid: Number(pid), device, usedBytes: bytesOf(used) });
  }
  return processes;
}

function rowsOf(csv: string): string[][] {
  const lines = csv.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.map((line) => line.split(/,\s*/));
}

/** Anything but the asked columns is a message: `No devices were found`, a driver that fails, an unknown field. */
function unreadable(row: readonly string[]): Absent {
  return { absent: `nvidia-smi: ${row.join(", ")}` };
}

function numberOf(field: string | undefined): number | null {
  return field !== undefined && /^\d+(\.\d+)?$/.test(field) ? Number(field) : null;
}

function bytesOf(field: string | undefined): number | null {
  const mebibytes = numberOf(field);
  return mebibytes === null ? null : mebibytes * BYTES_PER_MIB;
}
