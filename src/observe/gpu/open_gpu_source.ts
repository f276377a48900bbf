import type { Absent } from "../absent.ts";
import { isAbsent } from "../absent.ts";
import type { GpuSource } from "./gpu_source.ts";
import { type NvidiaSmiOptions, openNvidiaSmi } from "./nvidia_smi.ts";
import { type NvmlOptions, openNvml } from "./nvml/open_nvml.ts";

/** Options of {@linkcode openGpuSource}. */
export interface GpuSourceOptions {
  /** Where NVML is and how long it may take. */
  readonly nvml?: NvmlOptions;
  /** Where nvidia-smi is and how long it may take. */
  readonly nvidiaSmi?: NvidiaSmiOptions;
}

/** The ways to read GPUs, best first: the first that works here is used. */
const WAYS: readonly ((options: GpuSourceOptions) => Promise<GpuSource | Absent>)[] = [
  ({ nvml }) => openNvml(nvml),
  ({ nvidiaSmi }) => openNvidiaSmi(nvidiaSmi),
];

/**
 * Opens the best way to read GPUs that there is here. It is to be closed.
 *
 * @param options What is asked, and how long it may take.
 * @returns The source; where there is none, the reason of each, and `notInstalled` if none of them is installed.
 */
export async function openGpuSource(options: GpuSourceOptions = {}): Promise<GpuSource | Absent> {
  const absences: Absent[] = [];
  for (const open of WAYS) {
    const source = await open(options);
    if (!isAbsent(source)) return source;
    absences.push(source);
  }
  const absent = absences.map((absence) => absence.absent).join("; ");
  return absences.every(({ notInstalled }) => notInstalled) ? { absent, notInstalled: true } : { absent };
}
