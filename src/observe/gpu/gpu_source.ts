import type { GpuSourceName, ThrottleReason } from "../../results/window/gpu_use.ts";
import type { Absent } from "../absent.ts";

/** One GPU, or one part of a GPU that is shared by MIG. */
export interface GpuDevice {
  /** Number of the device, as CUDA counts with `CUDA_DEVICE_ORDER=PCI_BUS_ID`. */
  readonly index: number;
  /** Product name. */
  readonly name: string;
  /** Unique id; `null` if it is not told. */
  readonly uuid: string | null;
  /** Memory in all, bytes; `null` if it is not told. */
  readonly totalBytes: number | null;
  /** Highest clock of the multiprocessors, MHz; `null` if it is not told. */
  readonly maxSmClockMhz: number | null;
  /** Version of the driver; `null` if it is not told. */
  readonly driver: string | null;
  /** Set where MIG has cut it into parts, of which a server has one: what is told of its memory is of all of them. */
  readonly isCut?: true;
}

/** One device at one moment. What its driver does not tell is `null`. */
export interface GpuReading {
  /** Share of the last moments in which a kernel ran, percent. */
  readonly utilizationPercent: number | null;
  /** Memory in use by everyone, bytes. */
  readonly usedBytes: number | null;
  /** Power, W. */
  readonly powerWatts: number | null;
  /** Clock of the multiprocessors, MHz. */
  readonly smClockMhz: number | null;
  /** Why it runs below the clock that it could have; empty where it does not. */
  readonly throttledBy: readonly ThrottleReason[] | null;
  /** Temperature, degrees Celsius. */
  readonly temperatureCelsius: number | null;
}

/** Memory of one process on one device. */
export interface GpuProcess {
  /** Process id, as the driver knows it: in a container it may be the host's. */
  readonly pid: number;
  /** Index of the device; `null` if it is not told. */
  readonly device: number | null;
  /** Memory of its contexts, bytes; `null` if it is not told (Windows, some virtual GPUs). */
  readonly usedBytes: number | null;
}

/**
 * A way to read GPUs. Nothing of it throws: what cannot be read is {@linkcode Absent}, with the reason. One reading is
 * outstanding at a time; each has a deadline, since a driver in trouble can hang.
 */
export interface GpuSource {
  /** What it is. */
  readonly name: GpuSourceName;
  /** The devices when it was opened; at least one. */
  readonly devices: readonly GpuDevice[];
  /** How often it may be read without a cost that a measurement would notice, ms. */
  readonly intervalMs: number;
  /**
   * How long values may have stood before they are read, ms, as far as was seen: exporters refresh them in steps. 0, or
   * left out, where each reading is of its moment.
   */
  readonly refreshMs?: number;
  /** Longest time that a reading of utilisation is the mean of, ms; left out where nobody says. */
  readonly utilizationPeriodMs?: number;
  /** Reads all devices, in the order of {@linkcode GpuSource.devices}. */
  readDevices(): Promise<readonly GpuReading[] | Absent>;
  /**
   * Reads the energy of each device since a moment that stays the same, J, in the same order; `null` for one that does not
   * count it. It is dearer than a reading: some ms.
   */
  readEnergy(): Promise<readonly (number | null)[] | Absent>;
  /** Reads all processes that compute; one on several devices is listed several times. */
  readProcesses(): Promise<readonly GpuProcess[] | Absent>;
  /** Frees what it holds. */
  close(): Promise<void>;
}
