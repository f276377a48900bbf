import type { Absent } from "../absent.ts";
import { isAbsent } from "../absent.ts";
import { openAmdSmiSource } from "./amd/amd_smi.ts";
import { openRocmSmiSource } from "./amd/rocm_smi.ts";
import type { GpuSource } from "./gpu_source.ts";
import { type NvidiaSmiOptions, openNvidiaSmi } from "./nvidia_smi.ts";
import { type NvmlOptions, openNvml } from "./nvml/open_nvml.ts";
import { openSysteminformationSource } from "./systeminformation_source.ts";

/** Options of {@linkcode openGpuSource}. */
export interface GpuSourceOptions {
  /** Where NVML is and how long it may take. */
  readonly nvml?: NvmlOptions;
  /** Where nvidia-smi is and how long it may take. */
  readonly nvidiaSmi?: NvidiaSmiOptions;
}

const NONE: Absent = { absent: "", notInstalled: true };

/** The ways to read GPUs, best first: the first that works here is used. */
const WAYS: readonly ((options: GpuSourceOptions) => Promise<GpuSource | Absent>)[] = [
  ({ nvml }) => openNvml(nvml),
  ({ nvidiaSmi }) => openNvidiaSmi(nvidiaSmi),
  () => openAmdSmiSource(),
  () => openRocmSmiSource(),
  // Elsewhere it knows names alone, and takes up to seconds.
  () => Deno.build.os === "darwin" ? openSysteminformationSource() : Promise.resolve(NONE),
];

/**
 * Opens the best way to read GPUs that there is here. It is to be closed.
 *
 * @param options What is asked, and how long it may take.
 * @returns The source; where there is none, why those that are installed do not work, and `notInstalled` if none is.
 */
export async function openGpuSource(options: GpuSourceOptions = {}): Promise<GpuSource | Absent> {
  const absences: Absent[] = [];
  for (const open of WAYS) {
    const source = await open(options);
    if (!isAbsent(source)) return source;
    absences.push(source);
  }
  const troubled = absences.filter(({ notInstalled }) => !notInstalled);
  if (troubled.length > 0) return { absent: troubled.map(({ absent }) => absent).join("; ") };
  return {
    absent: "neither NVIDIA's driver (NVML, nvidia-smi) nor AMD's (amd-smi, rocm-smi) was found",
    notInstalled: true,
  };
}
