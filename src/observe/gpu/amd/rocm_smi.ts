import { type Absent, isAbsent } from "../../absent.ts";
import type { GpuName } from "../choose_devices.ts";
import { type ListedGpu, sourceOver } from "../gpu_list_source.ts";
import type { GpuProcess, GpuSource } from "../gpu_source.ts";
import { type Fields, fieldsOf, jsonIn, textOrNull } from "./json_output.ts";
import { runProgram } from "../run_program.ts";

/** Options of {@linkcode openRocmSmiSource}. */
export interface RocmSmiOptions {
  /** The devices to read. @default {all} */
  readonly gpuDevices?: readonly GpuName[];
  /** Name or path of the program. @default {"rocm-smi"} */
  readonly command?: string;
  /** Deadline of one run, ms. @default {5000} */
  readonly timeoutMs?: number;
}

/** It is a Python program: a run takes some tenths of a second of CPU time. */
const INTERVAL_MS = 2000;
const MEMORY = ["--showmeminfo", "vram"];
const DEVICES = ["--showproductname", "--showuniqueid", "--showdriverversion", ...MEMORY];
const READINGS = ["--showuniqueid", "--showuse", "--showpower", "--showclocks", "--showtemp", ...MEMORY];
const ENERGY = ["--showuniqueid", "--showenergycounter"];

/**
 * GPUs in rocm-smi's output; pure. Keys and units are those of `rocm_smi.py` (rocm_smi_lib), older and newer names alike.
 *
 * @param text Output with `--json`.
 * @returns The GPUs in ascending order, or why there are none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRocmGpus } from "./rocm_smi.ts";
 * const gpus = parseRocmGpus('{"card0": {"GPU use (%)": "20", "sclk clock speed:": "(800Mhz)"}}');
 * assertEquals("absent" in gpus ? [] : [gpus[0]!.reading.utilizationPercent, gpus[0]!.reading.smClockMhz], [20, 800]);
 * assertEquals(parseRocmGpus("{}"), { absent: "rocm-smi listed no device" });
 * ```
 */
export function parseRocmGpus(text: string): readonly ListedGpu[] | Absent {
  const output = jsonIn(text, "rocm-smi");
  if (isAbsent(output)) return output;
  const root = fieldsOf(output.json);
  const gpus = Object.entries(root).flatMap(([key, card]) => {
    const index = /^card(\d+)$/.exec(key)?.[1];
    return index === undefined ? [] : [gpuOf(Number(index), fieldsOf(card), fieldsOf(root["system"]))];
  });
  if (gpus.length === 0) return { absent: "rocm-smi listed no device" };
  return gpus.toSorted((a, b) => a.device.index - b.device.index);
}

function gpuOf(index: number, card: Fields, system: Fields): ListedGpu {
  const microjoules = numberIn(card, "Accumulated Energy (uJ)");
  const names = ["Card Series", "Card series", "Card Model", "Card model"].map((name) => textOrNull(card[name]));
  return {
    device: {
      index,
      name: names.find((name) => name !== null) ?? "AMD GPU",
      uuid: textOrNull(card["Unique ID"]),
      totalBytes: numberIn(card, "VRAM Total Memory (B)"),
      maxSmClockMhz: null,
      driver: textOrNull(system["Driver version"]),
    },
    reading: {
      utilizationPercent: numberIn(card, "GPU use (%)"),
      usedBytes: numberIn(card, "VRAM Total Used Memory (B)"),
      powerWatts: numberIn(card, "Current Socket Graphics Package Power (W)", "Average Graphics Package Power (W)"),
      smClockMhz: numberIn(card, "sclk clock speed:"),
      throttledBy: null,
      temperatureCelsius: numberIn(card, "Temperature (Sensor edge) (C)", "Temperature (Sensor junction) (C)"),
    },
    energyJoules: microjoules === null ? null : microjoules / 1e6,
  };
}

/**
 * Processes in rocm-smi's output; pure. It tells on how many devices one computes, not on which.
 *
 * @param text Output of `--showpids --json`; nothing at all means that no process computes.
 * @returns The processes, or why they are not known.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRocmProcesses } from "./rocm_smi.ts";
 * assertEquals(parseRocmProcesses('{"system": {"PID42": "python3, 1, 629145600, 0, 12"}}'), [
 *   { pid: 42, device: null, usedBytes: 629145600 },
 * ]);
 * ```
 */
export function parseRocmProcesses(text: string): readonly GpuProcess[] | Absent {
  if (!text.includes("{")) return [];
  const output = jsonIn(text, "rocm-smi");
  if (isAbsent(output)) return output;
  return Object.entries(fieldsOf(fieldsOf(output.json)["system"])).flatMap(([key, row]) => {
    const pid = /^PID(\d+)$/.exec(key)?.[1];
    // Name, devices, VRAM, SDMA, occupancy: a name may hold commas.
    const vram = textOrNull(row)?.split(",").at(-3)?.trim();
    return pid === undefined ? [] : [{ pid: Number(pid), device: null, usedBytes: numberOf(vram) }];
  });
}

/** The first of some fields that is a number, also as text. */
function numberIn(fields: Fields, ...names: readonly string[]): number | null {
  return names.map((name) => numberOf(fields[name])).find((value) => value !== null) ?? null;
}

/** `20`, `"20.0"` or `"(800Mhz)"`; of `"N/A (Secondary die)"` none. */
function numberOf(value: unknown): number | null {
  const text = typeof value === "number" ? String(value) : textOrNull(value) ?? "";
  const digits = /^\(?(\d+(?:\.\d+)?(?:e\+?\d+)?)(?:Mhz\))?$/i.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

/**
 * Opens a way to read the AMD GPUs of this host, by rocm-smi. It tells nothing of throttling.
 *
 * @param options Where the program is and which devices are wanted.
 * @returns The source, or why there is none.
 * @throws {UsageError} If a device is asked for that is not there.
 */
export async function openRocmSmiSource(options: RocmSmiOptions = {}): Promise<GpuSource | Absent> {
  const { gpuDevices, command = "rocm-smi", timeoutMs = 5000 } = options;
  const list = async (args: readonly string[]) => {
    const output = await runProgram({ command, timeoutMs }, [...args, "--json"]);
    if (isAbsent(output)) return output;
    const gpus = parseRocmGpus(output.text);
    return isAbsent(gpus) && output.failure !== null ? { absent: output.failure } : gpus;
  };
  const first = await list(DEVICES);
  if (isAbsent(first)) return first;
  return sourceOver(
    {
      name: "rocm-smi",
      intervalMs: INTERVAL_MS,
      list: () => list(READINGS),
      listEnergy: () => list(ENERGY),
      async listProcesses() {
        const output = await runProgram({ command, timeoutMs }, ["--showpids", "--json"]);
        if (isAbsent(output)) return output;
        return output.failure === null ? parseRocmProcesses(output.text) : { absent: output.failure };
      },
    },
    first,
    gpuDevices,
  );
}
