import { type Absent, isAbsent } from "../absent.ts";
import { chooseDevices, type GpuName } from "./choose_devices.ts";
import type { GpuDevice, GpuProcess, GpuReading, GpuSource } from "./gpu_source.ts";
import { type ProgramOptions, runProgram } from "./run_program.ts";

/** Options of {@linkcode openRocmSmiSource}. */
export interface RocmSmiOptions {
  /** The devices to read. @default {all} */
  readonly gpuDevices?: readonly GpuName[];
  /** Name or path of the program. @default {"rocm-smi"} */
  readonly command?: string;
  /** Deadline of one run, ms. @default {5000} */
  readonly timeoutMs?: number;
}

/** One card in rocm-smi's output. */
export interface RocmCard {
  /** The device. */
  readonly device: GpuDevice;
  /** What it does. */
  readonly reading: GpuReading;
  /** Energy since the driver was loaded, J; `null` if it is not told. */
  readonly energyJoules: number | null;
}

/** It is a Python program: a run takes some tenths of a second of CPU time. */
const INTERVAL_MS = 2000;
const DEVICES = ["--showproductname", "--showuniqueid", "--showdriverversion", "--showmeminfo", "vram"];
const READINGS = ["--showuse", "--showpower", "--showclocks", "--showtemp", "--showmeminfo", "vram"];
const ENERGY = ["--showenergycounter"];
const PROCESSES = ["--showpids"];

/**
 * Cards in rocm-smi's output; pure. Keys and units are those of `rocm_smi.py` (rocm_smi_lib), older and newer names alike.
 *
 * @param json Output with `--json`, and maybe warnings before it.
 * @returns The cards in ascending order, or why there are none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRocmCards } from "./rocm_smi.ts";
 * const cards = parseRocmCards('{"card0": {"GPU use (%)": "20", "sclk clock speed:": "(800Mhz)"}}');
 * assertEquals("absent" in cards ? [] : [cards[0].reading.utilizationPercent, cards[0].reading.smClockMhz], [20, 800]);
 * assertEquals(parseRocmCards("{}"), { absent: "rocm-smi listed no device" });
 * ```
 */
export function parseRocmCards(json: string): readonly RocmCard[] | Absent {
  const root = parsedOf(json);
  if (isAbsent(root)) return root;
  const cards = Object.entries(root).flatMap(([key, card]) => {
    const index = /^card(\d+)$/.exec(key)?.[1];
    return index === undefined ? [] : [cardOf(Number(index), recordOf(card), recordOf(root["system"]))];
  });
  if (cards.length === 0) return { absent: "rocm-smi listed no device" };
  return cards.toSorted((a, b) => a.device.index - b.device.index);
}

function cardOf(index: number, card: Fields, system: Fields): RocmCard {
  const microjoules = numberIn(card, "Accumulated Energy (uJ)");
  return {
    device: {
      index,
      name: textIn(card, "Card Series", "Card series", "Card Model", "Card model") ?? "AMD GPU",
      uuid: textIn(card, "Unique ID"),
      totalBytes: numberIn(card, "VRAM Total Memory (B)"),
      maxSmClockMhz: null,
      driver: textIn(system, "Driver version"),
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
 * @param json Output of `--showpids --json`; nothing at all means that no process computes.
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
export function parseRocmProcesses(json: string): readonly GpuProcess[] | Absent {
  if (!json.includes("{")) return [];
  const root = parsedOf(json);
  if (isAbsent(root)) return root;
  return Object.entries(recordOf(root["system"])).flatMap(([key, row]) => {
    const pid = /^PID(\d+)$/.exec(key)?.[1];
    // Name, devices, VRAM, SDMA, occupancy: a name may hold commas.
    const vram = String(row).split(",").at(-3)?.trim();
    return pid === undefined ? [] : [{ pid: Number(pid), device: null, usedBytes: numberOf(vram) }];
  });
}

type Fields = Readonly<Record<string, unknown>>;

function parsedOf(json: string): Fields | Absent {
  try {
    const root: unknown = JSON.parse(json.slice(json.indexOf("{")));
    return recordOf(root);
  } catch {
    return { absent: `rocm-smi: ${json.trim().split("\n")[0] || "no output"}` };
  }
}

function recordOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? value as Fields : {};
}

function textIn(fields: Fields, ...names: readonly string[]): string | null {
  const found = names.map((name) => fields[name]).find((value) => typeof value === "string" && !/^(?:N\/A)?$/.test(value));
  return typeof found === "string" ? found : null;
}

/** The first of some fields that is a number, also as text. */
function numberIn(fields: Fields, ...names: readonly string[]): number | null {
  return names.map((name) => numberOf(fields[name])).find((value) => value !== null) ?? null;
}

/** `20`, `"20.0"` or `"(800Mhz)"`; of `"N/A (Secondary die)"` none. */
function numberOf(value: unknown): number | null {
  const digits = /^\(?(\d+(?:\.\d+)?(?:e\+?\d+)?)(?:Mhz\))?$/i.exec(String(value))?.[1];
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
  const program: ProgramOptions = { command, timeoutMs };
  const readCards = async (args: readonly string[]) => {
    const output = await runProgram(program, [...args, "--json"]);
    if (isAbsent(output)) return output;
    const cards = parseRocmCards(output.text);
    return isAbsent(cards) && output.failure !== null ? { absent: output.failure } : cards;
  };
  const first = await readCards(DEVICES);
  if (isAbsent(first)) return first;
  const all = first.map(({ device }) => device);
  const devices = chooseDevices(all, gpuDevices).map((at) => all[at]!);
  const readInOrder = async (args: readonly string[]) => {
    const cards = await readCards(args);
    if (isAbsent(cards)) return cards;
    const found = devices.map(({ index }) => cards.find(({ device }) => device.index === index));
    const missing = devices.find((_, at) => found[at] === undefined);
    return missing === undefined ? found.map((card) => card!) : { absent: `rocm-smi no longer lists GPU ${missing.index}` };
  };
  return {
    name: "rocm-smi",
    devices,
    intervalMs: INTERVAL_MS,
    async readDevices() {
      const cards = await readInOrder(READINGS);
      return isAbsent(cards) ? cards : cards.map(({ reading }) => reading);
    },
    async readEnergy() {
      const cards = await readInOrder(ENERGY);
      return isAbsent(cards) ? cards : cards.map(({ energyJoules }) => energyJoules);
    },
    async readProcesses() {
      const output = await runProgram(program, [...PROCESSES, "--json"]);
      if (isAbsent(output)) return output;
      return output.failure === null ? parseRocmProcesses(output.text) : { absent: output.failure };
    },
    close: () => Promise.resolve(),
  };
}
