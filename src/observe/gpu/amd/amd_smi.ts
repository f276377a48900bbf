import type { ThrottleReason } from "../../../results/window/gpu_use.ts";
import { type Absent, isAbsent } from "../../absent.ts";
import type { GpuName } from "../choose_devices.ts";
import { type ListedGpu, sourceOver } from "../gpu_list_source.ts";
import type { GpuProcess, GpuSource } from "../gpu_source.ts";
import { type Fields, fieldsOf, jsonIn, textOrNull } from "./json_output.ts";
import { runProgram } from "../run_program.ts";

/** Options of {@linkcode openAmdSmiSource}. */
export interface AmdSmiOptions {
  /** The devices to read. @default {all} */
  readonly gpuDevices?: readonly GpuName[];
  /** Name or path of the program. @default {"amd-smi"} */
  readonly command?: string;
  /** Deadline of one run, ms. @default {5000} */
  readonly timeoutMs?: number;
}

/** It is a Python program: a run takes some tenths of a second of CPU time. */
const INTERVAL_MS = 2000;
/** Bytes of its units; what it calls MB are MiB. */
const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 };

/**
 * GPUs in amd-smi's output; pure. Values stand as `{"value": 37, "unit": "%"}`, or `"N/A"`; the list of GPUs stands below
 * `gpu_data` since ROCm 7.
 *
 * @param text Output of `amd-smi metric --json`, or of `amd-smi static --json`.
 * @returns The GPUs, or why there are none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseAmdGpus } from "./amd_smi.ts";
 * const gpus = parseAmdGpus('[{"gpu": 0, "usage": {"gfx_activity": {"value": 37, "unit": "%"}}}]');
 * assertEquals("absent" in gpus ? [] : gpus.map(({ reading }) => reading.utilizationPercent), [37]);
 * assertEquals(parseAmdGpus("[]"), { absent: "amd-smi listed no device" });
 * ```
 */
export function parseAmdGpus(text: string): readonly ListedGpu[] | Absent {
  const gpus = entriesIn(text);
  if (isAbsent(gpus)) return gpus;
  return gpus.length === 0 ? { absent: "amd-smi listed no device" } : gpus.map(gpuOf);
}

function gpuOf(gpu: Fields): ListedGpu {
  const at = (...path: readonly string[]) => path.reduce<unknown>((value, key) => fieldsOf(value)[key], gpu);
  const numberAt = (...path: readonly string[]) => numberOf(at(...path));
  return {
    device: {
      index: Number(gpu["gpu"]),
      name: textOrNull(at("asic", "market_name")) ?? "AMD GPU",
      uuid: textOrNull(at("asic", "asic_serial")),
      totalBytes: bytesOf(at("mem_usage", "total_vram")) ?? bytesOf(at("vram", "size")),
      maxSmClockMhz: numberAt("clock", "gfx_0", "max_clk") || null,
      driver: textOrNull(at("driver", "version")),
    },
    reading: {
      utilizationPercent: numberAt("usage", "gfx_activity"),
      usedBytes: bytesOf(at("mem_usage", "used_vram")),
      powerWatts: numberAt("power", "socket_power"),
      smClockMhz: numberAt("clock", "gfx_0", "clk"),
      throttledBy: throttledBy(at("power", "throttle_status")),
      temperatureCelsius: numberAt("temperature", "edge") ?? numberAt("temperature", "hotspot"),
    },
    energyJoules: numberAt("energy", "total_energy_consumption"),
  };
}

/**
 * Processes in amd-smi's output; pure.
 *
 * @param text Output of `amd-smi process --json`.
 * @returns The processes, or why they are not known.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseAmdProcesses } from "./amd_smi.ts";
 * const process = '{"process_info": {"pid": 42, "memory_usage": {"vram_mem": {"value": 9, "unit": "B"}}}}';
 * assertEquals(parseAmdProcesses(`[{"gpu": 1, "process_list": [${process}]}]`), [
 *   { pid: 42, device: 1, usedBytes: 9 },
 * ]);
 * ```
 */
export function parseAmdProcesses(text: string): readonly GpuProcess[] | Absent {
  const gpus = entriesIn(text);
  if (isAbsent(gpus)) return gpus;
  return gpus.flatMap(({ gpu, process_list: list }) => {
    return (Array.isArray(list) ? list : []).flatMap((entry) => {
      // Where nothing computes, a sentence stands in place of the process.
      const process = fieldsOf(fieldsOf(entry)["process_info"]);
      const { pid, memory_usage: memory } = process;
      return typeof pid === "number"
        ? [{ pid, device: Number(gpu), usedBytes: bytesOf(fieldsOf(memory)["vram_mem"]) }]
        : [];
    });
  });
}

function entriesIn(text: string): readonly Fields[] | Absent {
  const output = jsonIn(text, "amd-smi");
  if (isAbsent(output)) return output;
  const list = Array.isArray(output.json) ? output.json : fieldsOf(output.json)["gpu_data"];
  return Array.isArray(list) ? list.map(fieldsOf).filter(({ gpu }) => Number.isInteger(gpu)) : [];
}

/** It says that a GPU is throttled, not why. */
function throttledBy(status: unknown): ThrottleReason[] | null {
  return status === "THROTTLED" ? ["other"] : status === "UNTHROTTLED" ? [] : null;
}

function numberOf(value: unknown): number | null {
  const number = typeof value === "number" ? value : fieldsOf(value)["value"];
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

function bytesOf(value: unknown): number | null {
  const number = numberOf(value), { unit } = fieldsOf(value);
  const bytes = typeof unit === "string" && Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  return number === null || bytes === undefined ? null : number * bytes;
}

/**
 * Opens a way to read the AMD GPUs of this host, by amd-smi, which ROCm has instead of rocm-smi.
 *
 * @param options Where the program is and which devices are wanted.
 * @returns The source, or why there is none.
 * @throws {UsageError} If a device is asked for that is not there.
 */
export async function openAmdSmiSource(options: AmdSmiOptions = {}): Promise<GpuSource | Absent> {
  const { gpuDevices, command = "amd-smi", timeoutMs = 5000 } = options;
  const ask = async <T>(what: string, read: (text: string) => readonly T[] | Absent) => {
    const output = await runProgram({ command, timeoutMs }, [what, "--json"]);
    if (isAbsent(output)) return output;
    const found = read(output.text);
    return isAbsent(found) && output.failure !== null ? { absent: output.failure } : found;
  };
  const fixed = await ask("static", parseAmdGpus);
  if (isAbsent(fixed)) return fixed;
  const metrics = await ask("metric", parseAmdGpus);
  if (isAbsent(metrics)) return metrics;
  /** What each run tells, with the names that only the first told. */
  const named = (gpus: readonly ListedGpu[]) =>
    gpus.map((gpu) => {
      const { device } = fixed.find(({ device }) => device.index === gpu.device.index) ?? gpu;
      const { totalBytes, maxSmClockMhz } = gpu.device;
      return { ...gpu, device: { ...device, totalBytes: totalBytes ?? device.totalBytes, maxSmClockMhz } };
    });
  return sourceOver(
    {
      name: "amd-smi",
      intervalMs: INTERVAL_MS,
      async list() {
        const gpus = await ask("metric", parseAmdGpus);
        return isAbsent(gpus) ? gpus : named(gpus);
      },
      listProcesses: () => ask("process", parseAmdProcesses),
    },
    named(metrics),
    gpuDevices,
  );
}
