import type { Absent } from "../absent.ts";
import { isAbsent } from "../absent.ts";
import { isPermitted } from "../permission.ts";
import type { GpuSource } from "./gpu_source.ts";
import { DEVICE_FIELDS, type ListedGpu, parseGpuProcesses, parseGpus, PROCESS_FIELDS } from "./parse_nvidia_smi.ts";

/** Options of {@linkcode openNvidiaSmi}. */
export interface NvidiaSmiOptions {
  /** Name or path of the program. @default {"nvidia-smi"} */
  readonly command?: string;
  /** Deadline of one query, ms: a driver in trouble can hang. @default {5000} */
  readonly timeoutMs?: number;
}

/** A reading is a process and tens of ms of CPU time. */
const INTERVAL_MS = 2000;

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
  { command = "nvidia-smi", timeoutMs = 5000 }: NvidiaSmiOptions,
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
