import type { Absent } from "../absent.ts";
import { isAbsent } from "../absent.ts";
import { isPermitted } from "../permission.ts";

/** One GPU as its driver sees it. */
export interface GpuDevice {
  /** Number of the device, as CUDA counts with `CUDA_DEVICE_ORDER=PCI_BUS_ID`. */
  readonly index: number;
  /** Product name. */
  readonly name: string;
  /** Unique id. */
  readonly uuid: string;
  /** Memory in use by everyone, bytes; `null` if the driver does not say. */
  readonly usedBytes: number | null;
  /** Memory in all, bytes; `null` if the driver does not say. */
  readonly totalBytes: number | null;
  /** Share of the last moments in which a kernel ran, percent; `null` if the driver does not say (MIG). */
  readonly utilizationPercent: number | null;
  /** Version of the driver; `null` if it does not say. */
  readonly driver: string | null;
}

/** Memory of one process on one GPU. */
export interface GpuProcess {
  /** Process id. */
  readonly pid: number;
  /** Memory of its contexts, bytes; `null` if the driver does not say (Windows, some virtual GPUs). */
  readonly usedBytes: number | null;
}

/** Options of {@linkcode openGpuProbe}. */
export interface GpuProbeOptions {
  /** Name or path of the program. @default {"nvidia-smi"} */
  readonly command?: string;
  /** Deadline of one query, ms: a driver in trouble can hang. @default {5000} */
  readonly timeoutMs?: number;
}

/** A way to read the NVIDIA GPUs of this host. Each reading runs nvidia-smi once. */
export interface GpuProbe {
  /** The devices when the probe was opened; at least one. */
  readonly devices: readonly GpuDevice[];
  /** Reads all devices, or says why it could not. */
  readDevices(): Promise<readonly GpuDevice[] | Absent>;
  /** Reads all processes that compute; one on several devices is listed several times. */
  readProcesses(): Promise<readonly GpuProcess[] | Absent>;
}

const BYTES_PER_MIB = 2 ** 20;
const DEVICE_FIELDS = "index,name,uuid,memory.used,memory.total,utilization.gpu,driver_version";
const PROCESS_FIELDS = "pid,used_memory";

/**
 * Devices in nvidia-smi's output; pure. What the driver leaves open (`[N/A]`, `[Not Supported]`,
 * `[Insufficient Permissions]`) is `null`.
 *
 * @param csv Output of `--query-gpu` with the fields of {@linkcode GpuDevice}, without header and units.
 * @returns The devices, or why there are none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseGpuDevices } from "./nvidia_smi.ts";
 * assertEquals(parseGpuDevices("0, NVIDIA A100-SXM4-40GB, GPU-5d3a, 1234, 40960, [N/A], 535.104.05\n"), [{
 *   index: 0,
 *   name: "NVIDIA A100-SXM4-40GB",
 *   uuid: "GPU-5d3a",
 *   usedBytes: 1234 * 2 ** 20,
 *   totalBytes: 40960 * 2 ** 20,
 *   utilizationPercent: null,
 *   driver: "535.104.05",
 * }]);
 * assertEquals(parseGpuDevices("No devices were found\n"), { absent: "nvidia-smi: No devices were found" });
 * ```
 */
export function parseGpuDevices(csv: string): readonly GpuDevice[] | Absent {
  const rows = rowsOf(csv);
  if (rows.length === 0) return { absent: "nvidia-smi listed no device" };
  const devices: GpuDevice[] = [];
  for (const row of rows) {
    const [index, name, uuid, used, total, utilization, driver] = row;
    if (row.length !== 7 || !/^\d+$/.test(index!)) return unreadable(row);
    devices.push({
      index: Number(index),
      name: name!,
      uuid: uuid!,
      usedBytes: bytesOf(used!),
      totalBytes: bytesOf(total!),
      utilizationPercent: numberOf(utilization!),
      driver: /^\d/.test(driver!) ? driver! : null,
    });
  }
  return devices;
}

/**
 * Processes in nvidia-smi's output; pure. No line at all means that no process computes.
 *
 * @param csv Output of `--query-compute-apps=pid,used_memory` without header and units.
 * @returns The processes, or why they are not known.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseGpuProcesses } from "./nvidia_smi.ts";
 * assertEquals(parseGpuProcesses("4242, 512\n4243, [N/A]\n"), [
 *   { pid: 4242, usedBytes: 512 * 2 ** 20 },
 *   { pid: 4243, usedBytes: null },
 * ]);
 * assertEquals(parseGpuProcesses(""), []);
 * ```
 */
export function parseGpuProcesses(csv: string): readonly GpuProcess[] | Absent {
  const processes: GpuProcess[] = [];
  for (const row of rowsOf(csv)) {
    const [pid, used] = row;
    if (row.length !== 2 || !/^\d+$/.test(pid!)) return unreadable(row);
    processes.push({ pid: Number(pid), usedBytes: bytesOf(used!) });
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

function numberOf(field: string): number | null {
  return /^\d+(\.\d+)?$/.test(field) ? Number(field) : null;
}

function bytesOf(field: string): number | null {
  const mebibytes = numberOf(field);
  return mebibytes === null ? null : mebibytes * BYTES_PER_MIB;
}

function end(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It ended by itself, and only something that it started still holds its output.
  }
}

/** Runs one query. It resolves by the deadline even if the program cannot be ended, as when its driver hangs. */
async function runQuery(
  query: string,
  { command = "nvidia-smi", timeoutMs = 5000 }: GpuProbeOptions,
): Promise<string | Absent> {
  if (!await isPermitted({ name: "run", command })) return { absent: `running ${command} is not permitted` };
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(command, {
      args: [query, "--format=csv,noheader,nounits"],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return { absent: `${command} was not found on PATH`, notInstalled: true };
    }
    return { absent: `${command} could not be run: ${error instanceof Error ? error.message : error}` };
  }
  child.unref();
  const deadline = Promise.withResolvers<null>();
  const timer = setTimeout(() => deadline.resolve(null), timeoutMs);
  const output = await Promise.race([child.output(), deadline.promise]);
  clearTimeout(timer);
  if (output === null) {
    end(child);
    return { absent: `${command} did not answer within ${timeoutMs} ms` };
  }
  const text = new TextDecoder().decode(output.stdout);
  if (output.success) return text;
  const message = (text.trim() || new TextDecoder().decode(output.stderr).trim()).split("\n")[0];
  return { absent: `${command} failed with code ${output.code}${message ? `: ${message}` : ""}` };
}

/**
 * Opens a way to read the NVIDIA GPUs of this host, by nvidia-smi.
 *
 * @param options Where the program is and how long it may take.
 * @returns The probe, or why there is none: no program, no driver, no device, no permission, no answer in time.
 */
export async function openGpuProbe(options: GpuProbeOptions = {}): Promise<GpuProbe | Absent> {
  const readDevices = async () => {
    const csv = await runQuery(`--query-gpu=${DEVICE_FIELDS}`, options);
    return isAbsent(csv) ? csv : parseGpuDevices(csv);
  };
  const readProcesses = async () => {
    const csv = await runQuery(`--query-compute-apps=${PROCESS_FIELDS}`, options);
    return isAbsent(csv) ? csv : parseGpuProcesses(csv);
  };
  const devices = await readDevices();
  return isAbsent(devices) ? devices : { devices, readDevices, readProcesses };
}
