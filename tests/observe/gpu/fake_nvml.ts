import { hasCommand, NOT_LINUX } from "../processes.ts";

/** Whether tests with {@linkcode fakeNvml} must be left out: it is built by the C compiler. */
export const NO_CC = NOT_LINUX || !hasCommand("cc");

/** A device; what is left out is not supported by it. Bytes, W, MHz, degrees Celsius, J. */
export interface FakeGpu {
  readonly name?: string;
  readonly uuid?: string;
  readonly totalBytes?: number;
  readonly usedBytes?: number;
  /** Memory that the driver keeps for itself. */
  readonly reservedBytes?: number;
  readonly utilizationPercent?: number;
  readonly powerWatts?: number;
  readonly smClockMhz?: number;
  readonly maxSmClockMhz?: number;
  readonly temperatureCelsius?: number;
  /** Bits of NVML's clock event reasons. */
  readonly reasons?: number;
  /** Since the driver was loaded. @default {the power, summed up over time from the first reading on} */
  readonly energyJoules?: number;
  readonly mig?: boolean;
  /** Code with which its handle is refused. */
  readonly lost?: number;
  /** Memory by process id; `null` is not told. */
  readonly processes?: Readonly<Record<number, number | null>>;
  /** That of clients of CUDA MPS. */
  readonly clients?: Readonly<Record<number, number | null>>;
}

/** What NVML says. */
export interface FakeNvmlScript {
  readonly devices: readonly FakeGpu[];
  /** Version of the driver. @default {"580.159.04"} */
  readonly driver?: string;
  /** Codes of calls that fail, by symbol. */
  readonly fails?: Readonly<Record<string, number>>;
  /** Calls that hang as long as they stand here, by symbol. */
  readonly hangs?: readonly string[];
}

/** A library with NVML's symbols, gone when it is disposed of. */
export interface FakeNvml extends Disposable {
  /** Its path: for the option `nvml.library`, or the environment variable `TORCHGAUGE_NVML`. */
  readonly library: string;
  /** Changes what it says from the next call on. */
  tell(script: FakeNvmlScript): void;
}

/** An H200 that idles, as it was seen. */
export const H200: FakeGpu = {
  name: "NVIDIA H200",
  uuid: "GPU-00000000-1111-2222-3333-444444444444",
  totalBytes: 143771 * 2 ** 20,
  usedBytes: 0,
  reservedBytes: 616 * 2 ** 20,
  utilizationPercent: 0,
  powerWatts: 76.14,
  smClockMhz: 345,
  maxSmClockMhz: 1980,
  temperatureCelsius: 31,
  reasons: 0x1,
};

/**
 * Builds a library with NVML's symbols.
 *
 * @param script What it says at first.
 * @param options `isOld`: without the symbols that came with drivers after 470.
 */
export function fakeNvml(script: FakeNvmlScript, { isOld = false } = {}): FakeNvml {
  const folder = Deno.makeTempDirSync();
  const library = `${folder}/libnvidia-ml.so.1`;
  // A copy for each: the loader gives the same file out once, with one state.
  Deno.copyFileSync(built(isOld), library);
  const tell = (script: FakeNvmlScript) => {
    // In one step, as calls may read it at any time.
    Deno.writeTextFileSync(`${library}.next`, linesOf(script).map((line) => `${line}\n`).join(""));
    Deno.renameSync(`${library}.next`, `${library}.script`);
  };
  tell(script);
  return { library, tell, [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }) };
}

const builds = new Map<boolean, string>();

function built(isOld: boolean): string {
  const known = builds.get(isOld);
  if (known !== undefined) return known;
  const folder = Deno.makeTempDirSync();
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const path = `${folder}/fake_nvml.so`;
  const source = new URL("./fake_nvml.c", import.meta.url).pathname;
  const args = ["-shared", "-fPIC", "-O1", ...(isOld ? ["-DOLD_DRIVER"] : []), "-o", path, source, "-ldl"];
  const { success, stderr } = new Deno.Command("cc", { args }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  builds.set(isOld, path);
  return path;
}

/** Keys and values as fake_nvml.c reads them. */
function linesOf({ devices, driver = "580.159.04", fails = {}, hangs = [] }: FakeNvmlScript): string[] {
  const lines = [`count ${devices.length}`, `driver ${driver}`];
  for (const [call, code] of Object.entries(fails)) lines.push(`fail.${call} ${code}`);
  for (const call of hangs) lines.push(`hang.${call} 1`);
  devices.forEach((gpu, index) => {
    const fields: Record<string, string | number | undefined> = {
      name: gpu.name,
      uuid: gpu.uuid,
      total: gpu.totalBytes,
      used: gpu.usedBytes,
      reserved: gpu.reservedBytes,
      utilization: gpu.utilizationPercent,
      power: thousands(gpu.powerWatts),
      smClock: gpu.smClockMhz,
      maxSmClock: gpu.maxSmClockMhz,
      temperature: gpu.temperatureCelsius,
      reasons: gpu.reasons,
      energy: thousands(gpu.energyJoules),
      mig: gpu.mig === undefined ? undefined : Number(gpu.mig),
      lost: gpu.lost,
    };
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) lines.push(`${index}.${name} ${value}`);
    }
    for (const [kind, processes] of [["process", gpu.processes], ["client", gpu.clients]] as const) {
      Object.entries(processes ?? {}).forEach(([pid, bytes], i) => {
        lines.push(`${index}.${kind}.${i} ${pid} ${bytes ?? -1}`);
      });
    }
  });
  return lines;
}

function thousands(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 1000);
}
