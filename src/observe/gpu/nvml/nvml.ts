import type { GpuDevice, GpuProcess, GpuReading } from "../gpu_source.ts";
import { throttleReasons } from "../throttle_reasons.ts";
import { NOT_SUPPORTED, nvmlError } from "./nvml_error.ts";
import { NVML_SYMBOLS } from "./nvml_library.ts";

const INSUFFICIENT_SIZE = 7;
const SM_CLOCK = 1;
const GPU_TEMPERATURE = 0;
const TEXT_BYTES = 96;
/** Size and version of `nvmlMemory_v2_t`: version, total, reserved, free, used. */
const MEMORY_V2 = BigInt(40 | 2 << 24);
/** `nvmlProcessInfo_t`: process id at 0, bytes at 8. */
const PROCESS_BYTES = 24;
/** What NVML gives for the memory of a process that it does not know. */
const NOT_AVAILABLE = 2n ** 64n - 1n;
/** How often a list of processes is asked for anew because it grew beyond its room. */
const LIST_TRIES = 5;

/** A call of NVML that lists processes. */
type ListProcesses = NonNullable<
  Deno.DynamicLibrary<typeof NVML_SYMBOLS>["symbols"]["nvmlDeviceGetComputeRunningProcesses_v3"]
>;

/** NVIDIA's management library. Its calls hold up their thread, at times for long: it belongs into one of its own. */
export class Nvml {
  /** The devices that may be seen. */
  readonly devices: readonly GpuDevice[];
  readonly #library: Deno.DynamicLibrary<typeof NVML_SYMBOLS>;
  readonly #handles: bigint[] = [];
  readonly #numbers = new Uint32Array(2);
  readonly #bigNumbers = new BigUint64Array(5);
  readonly #text = new Uint8Array(TEXT_BYTES);
  #records = new Uint8Array(64 * PROCESS_BYTES);
  #failure: number | null = null;

  /**
   * Loads the library and lists the devices.
   *
   * @param path Path of the library.
   * @throws {Error} If it cannot be loaded, does not work or lists no device; its message is one clause.
   */
  constructor(path: string) {
    this.#library = Deno.dlopen(path, NVML_SYMBOLS);
    let isInitialised = false;
    try {
      this.#must("nvmlInit_v2", this.#library.symbols.nvmlInit_v2());
      isInitialised = true;
      this.devices = this.#listDevices();
    } catch (error) {
      if (isInitialised) this.close();
      else this.#library.close();
      throw error;
    }
  }

  /**
   * Reads all devices.
   *
   * @throws {Error} If nothing can be read of any: a device that is lost, a driver in trouble.
   */
  readings(): readonly GpuReading[] {
    this.#failure = null;
    const readings = this.#handles.map((handle) => this.#reading(handle));
    const isNothing = readings.every((reading) => Object.values(reading).every((value) => value === null));
    if (isNothing && this.#failure !== null) throw nvmlError("reading the devices", this.#failure);
    return readings;
  }

  /** Energy of each device since its driver was loaded, J; `null` where it is not counted. */
  energy(): readonly (number | null)[] {
    const { symbols } = this.#library;
    return this.#handles.map((handle) => {
      const millijoules = this.#bigNumber(symbols.nvmlDeviceGetTotalEnergyConsumption?.(handle, this.#bigNumbers));
      return millijoules === null ? null : millijoules / 1000;
    });
  }

  /**
   * All processes that compute.
   *
   * @throws {Error} If the driver does not list those of each device.
   */
  processes(): readonly GpuProcess[] {
    return this.#handles.flatMap((handle, position) => this.#processesOn(handle, this.devices[position]!.index));
  }

  /** Gives the library back. */
  close(): void {
    this.#library.symbols.nvmlShutdown();
    this.#library.close();
  }

  #listDevices(): readonly GpuDevice[] {
    const { symbols } = this.#library;
    this.#must("nvmlDeviceGetCount_v2", symbols.nvmlDeviceGetCount_v2(this.#numbers));
    const count = this.#numbers[0]!;
    if (count === 0) throw new Error("NVML listed no device");
    const driver = this.#textOf(symbols.nvmlSystemGetDriverVersion?.(this.#text, TEXT_BYTES));
    const devices: GpuDevice[] = [];
    let refusal = 0;
    for (let index = 0; index < count; index++) {
      // Others may be lost, or closed to this container.
      const code = symbols.nvmlDeviceGetHandleByIndex_v2(index, this.#bigNumbers);
      if (code !== 0) {
        refusal = code;
        continue;
      }
      const handle = this.#bigNumbers[0]!;
      this.#handles.push(handle);
      devices.push(this.#device(handle, index, driver));
    }
    if (devices.length === 0) throw nvmlError("nvmlDeviceGetHandleByIndex_v2", refusal);
    return devices;
  }

  #device(handle: bigint, index: number, driver: string | null): GpuDevice {
    const { symbols } = this.#library;
    const name = this.#textOf(symbols.nvmlDeviceGetName?.(handle, this.#text, TEXT_BYTES)) ?? "NVIDIA GPU";
    const isCut = this.#number(symbols.nvmlDeviceGetMigMode?.(handle, this.#numbers, new Uint32Array(1))) === 1;
    return {
      index,
      name: isCut ? `${name} (shared by MIG)` : name,
      uuid: this.#textOf(symbols.nvmlDeviceGetUUID?.(handle, this.#text, TEXT_BYTES)),
      totalBytes: this.#memory(handle)?.total ?? null,
      maxSmClockMhz: this.#number(symbols.nvmlDeviceGetMaxClockInfo?.(handle, SM_CLOCK, this.#numbers)),
      driver,
      ...(isCut ? { isCut } : {}),
    };
  }

  #reading(handle: bigint): GpuReading {
    const { symbols } = this.#library;
    const reasonsOf = symbols.nvmlDeviceGetCurrentClocksEventReasons ??
      symbols.nvmlDeviceGetCurrentClocksThrottleReasons;
    const milliwatts = this.#number(symbols.nvmlDeviceGetPowerUsage?.(handle, this.#numbers));
    const reasons = this.#bigNumber(reasonsOf?.(handle, this.#bigNumbers));
    return {
      utilizationPercent: this.#number(symbols.nvmlDeviceGetUtilizationRates?.(handle, this.#numbers)),
      usedBytes: this.#memory(handle)?.used ?? null,
      powerWatts: milliwatts === null ? null : milliwatts / 1000,
      smClockMhz: this.#number(symbols.nvmlDeviceGetClockInfo?.(handle, SM_CLOCK, this.#numbers)),
      throttledBy: reasons === null ? null : throttleReasons(reasons),
      temperatureCelsius: this.#number(symbols.nvmlDeviceGetTemperature?.(handle, GPU_TEMPERATURE, this.#numbers)),
    };
  }

  /** Bytes. The older call counts as used what the driver reserves for itself, hundreds of MB. */
  #memory(handle: bigint): { readonly total: number; readonly used: number } | null {
    const { symbols } = this.#library;
    const words = this.#bigNumbers;
    words[0] = MEMORY_V2;
    if (this.#succeeded(symbols.nvmlDeviceGetMemoryInfo_v2?.(handle, words))) {
      return { total: Number(words[1]), used: Number(words[4]) };
    }
    if (!this.#succeeded(symbols.nvmlDeviceGetMemoryInfo?.(handle, words))) return null;
    return { total: Number(words[0]), used: Number(words[2]) };
  }

  #processesOn(handle: bigint, device: number): GpuProcess[] {
    const { symbols } = this.#library;
    const list = symbols.nvmlDeviceGetComputeRunningProcesses_v3 ?? symbols.nvmlDeviceGetComputeRunningProcesses_v2;
    if (list === null) throw new Error("NVML of this driver lists no processes");
    const { code, processes } = this.#listed(list, handle, device);
    this.#must("listing the processes", code);
    // Those that share the device by CUDA MPS stand in a list of their own.
    const listClients = symbols.nvmlDeviceGetMPSComputeRunningProcesses_v3;
    if (listClients === null) return processes;
    const clients = this.#listed(listClients, handle, device).processes;
    return [...processes, ...clients.filter(({ pid }) => !processes.some((process) => process.pid === pid))];
  }

  /** None where the call fails. */
  #listed(list: ListProcesses, handle: bigint, device: number): { code: number; processes: GpuProcess[] } {
    let code = INSUFFICIENT_SIZE;
    for (let tries = 0; code === INSUFFICIENT_SIZE && tries < LIST_TRIES; tries++) {
      const room = this.#records.byteLength / PROCESS_BYTES;
      this.#numbers[0] = room;
      code = list(handle, this.#numbers, this.#records);
      if (code === INSUFFICIENT_SIZE) {
        this.#records = new Uint8Array(Math.max(2 * room, this.#numbers[0]) * PROCESS_BYTES);
      }
    }
    const records = new DataView(this.#records.buffer);
    const processes = Array.from({ length: code === 0 ? this.#numbers[0]! : 0 }, (_, i) => {
      const bytes = records.getBigUint64(i * PROCESS_BYTES + 8, true);
      return {
        pid: records.getUint32(i * PROCESS_BYTES, true),
        device,
        usedBytes: bytes === NOT_AVAILABLE ? null : Number(bytes),
      };
    });
    return { code, processes };
  }

  #must(what: string, code: number): void {
    if (code !== 0) throw nvmlError(what, code);
  }

  /** Whether a call that may be missing was there and worked. */
  #succeeded(code: number | undefined): boolean {
    if (code !== undefined && code !== 0 && code !== NOT_SUPPORTED) this.#failure = code;
    return code === 0;
  }

  #number(code: number | undefined): number | null {
    return this.#succeeded(code) ? this.#numbers[0]! : null;
  }

  #bigNumber(code: number | undefined): number | null {
    return this.#succeeded(code) ? Number(this.#bigNumbers[0]) : null;
  }

  #textOf(code: number | undefined): string | null {
    if (!this.#succeeded(code)) return null;
    return new TextDecoder().decode(this.#text.subarray(0, this.#text.indexOf(0))) || null;
  }
}
