import type { Absent } from "../absent.ts";
import { isAbsent } from "../absent.ts";
import type { GpuSource } from "./gpu_source.ts";
import { NVML_UTILIZATION_MS } from "./nvml/open_nvml.ts";
import { DEVICE_FIELDS, type ListedGpu, parseGpuProcesses, parseGpus, PROCESS_FIELDS } from "./parse_nvidia_smi.ts";
import { runProgram } from "./run_program.ts";

/** Options of {@linkcode openNvidiaSmi}. */
export interface NvidiaSmiOptions {
  /** Name or path of the program. @default {"nvidia-smi"} */
  readonly command?: string;
  /** Deadline of one query, ms: a driver in trouble can hang. @default {5000} */
  readonly timeoutMs?: number;
}

/** A reading is a process and tens of ms of CPU time. */
const INTERVAL_MS = 2000;

/** Runs one query. What it says where it fails is a message, on whichever stream. */
async function runQuery(
  query: string,
  { command = "nvidia-smi", timeoutMs = 5000 }: NvidiaSmiOptions,
): Promise<string | Absent> {
  const output = await runProgram({ command, timeoutMs }, [query, "--format=csv,noheader,nounits"]);
  if (isAbsent(output)) return output;
  return output.failure === null ? output.text : { absent: output.failure };
}

async function queryGpus(fields: string, options: NvidiaSmiOptions): Promise<readonly ListedGpu[] | Absent> {
  const csv = await runQuery(`--query-gpu=${fields}`, options);
  return isAbsent(csv) ? csv : parseGpus(csv, fields);
}

/** What the driver can tell, by the newest fields that it knows. */
async function firstQuery(options: NvidiaSmiOptions): Promise<{ gpus: readonly ListedGpu[]; fields: string } | Absent> {
  let refusal: Absent = { absent: "" };
  for (const fields of DEVICE_FIELDS) {
    const gpus = await queryGpus(fields, options);
    if (!isAbsent(gpus)) return { gpus, fields };
    refusal = gpus;
    if (!/not a valid field/i.test(gpus.absent)) break;
  }
  return refusal;
}

/**
 * Opens nvidia-smi, the program of NVIDIA's driver, where its library cannot be called. Each reading runs it once; it counts no
 * energy.
 *
 * @param options Where the program is and how long it may take.
 * @returns The source, or why there is none: no program, no driver, no device, no permission, no answer in time.
 */
export async function openNvidiaSmi(options: NvidiaSmiOptions = {}): Promise<GpuSource | Absent> {
  const first = await firstQuery(options);
  if (isAbsent(first)) return first;
  const devices = first.gpus.map(({ device }) => device);
  return {
    name: "nvidia-smi",
    devices,
    intervalMs: INTERVAL_MS,
    utilizationPeriodMs: NVML_UTILIZATION_MS,
    readDevices: async () => {
      const gpus = await queryGpus(first.fields, options);
      if (isAbsent(gpus)) return gpus;
      if (gpus.length !== devices.length) return { absent: "nvidia-smi lists other devices than before" };
      return gpus.map(({ reading }) => reading);
    },
    readEnergy: () => Promise.resolve(devices.map(() => null)),
    readProcesses: async () => {
      const csv = await runQuery(`--query-compute-apps=${PROCESS_FIELDS}`, options);
      return isAbsent(csv) ? csv : parseGpuProcesses(csv, devices);
    },
    close: () => Promise.resolve(),
  };
}
