import type { Absent } from "../../absent.ts";
import { isPermitted } from "../../permission.ts";

/** Calls whose handle of a device is a number here: pointers would need more than the permission for one library. */
const OF_DEVICE = { parameters: ["u64", "buffer"], result: "i32", optional: true } as const;
const OF_DEVICE_TWICE = { parameters: ["u64", "buffer", "buffer"], result: "i32", optional: true } as const;
const OF_DEVICE_BY_TYPE = { parameters: ["u64", "u32", "buffer"], result: "i32", optional: true } as const;
const TEXT_OF_DEVICE = { parameters: ["u64", "buffer", "u32"], result: "i32", optional: true } as const;

/** The symbols of NVML that are used; an old driver lacks some of the optional ones. */
export const NVML_SYMBOLS = {
  nvmlInit_v2: { parameters: [], result: "i32" },
  nvmlShutdown: { parameters: [], result: "i32" },
  nvmlDeviceGetCount_v2: { parameters: ["buffer"], result: "i32" },
  nvmlDeviceGetHandleByIndex_v2: { parameters: ["u32", "buffer"], result: "i32" },
  nvmlSystemGetDriverVersion: { parameters: ["buffer", "u32"], result: "i32", optional: true },
  nvmlDeviceGetName: TEXT_OF_DEVICE,
  nvmlDeviceGetUUID: TEXT_OF_DEVICE,
  nvmlDeviceGetMemoryInfo: OF_DEVICE,
  nvmlDeviceGetMemoryInfo_v2: OF_DEVICE,
  nvmlDeviceGetUtilizationRates: OF_DEVICE,
  nvmlDeviceGetPowerUsage: OF_DEVICE,
  nvmlDeviceGetTotalEnergyConsumption: OF_DEVICE,
  nvmlDeviceGetClockInfo: OF_DEVICE_BY_TYPE,
  nvmlDeviceGetMaxClockInfo: OF_DEVICE_BY_TYPE,
  nvmlDeviceGetTemperature: OF_DEVICE_BY_TYPE,
  nvmlDeviceGetCurrentClocksEventReasons: OF_DEVICE,
  nvmlDeviceGetCurrentClocksThrottleReasons: OF_DEVICE,
  nvmlDeviceGetMigMode: OF_DEVICE_TWICE,
  nvmlDeviceGetComputeRunningProcesses_v3: OF_DEVICE_TWICE,
  nvmlDeviceGetComputeRunningProcesses_v2: OF_DEVICE_TWICE,
  nvmlDeviceGetMPSComputeRunningProcesses_v3: OF_DEVICE_TWICE,
} as const satisfies Deno.ForeignLibraryInterface;

/** Path of the library, where it is none of the usual ones. */
const VARIABLE = "TORCHGAUGE_NVML";
/** Where drivers put it. A permission for one of these suffices; a bare name needs that for all libraries. */
export const NVML_PATHS: Readonly<Partial<Record<typeof Deno.build.os, readonly string[]>>> = {
  linux: [
    "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1",
    "/usr/lib/aarch64-linux-gnu/libnvidia-ml.so.1",
    "/usr/lib64/libnvidia-ml.so.1",
    "/usr/lib/libnvidia-ml.so.1",
    "/usr/lib/wsl/lib/libnvidia-ml.so.1",
    "/usr/local/nvidia/lib64/libnvidia-ml.so.1",
  ],
  windows: ["C:/Windows/System32/nvml.dll"],
};
const NOT_FOUND = /cannot open shared object file|no such file|module could not be found/i;

/**
 * Finds NVML's library: one that may be loaded, and can be.
 *
 * @param given Path or name of it. @default {the environment variable `TORCHGAUGE_NVML`, else where drivers put it}
 * @returns Its path, or why there is none: it is not permitted (`ffi`), not there, or broken.
 */
export async function findNvmlLibrary(given?: string): Promise<string | Absent> {
  const asked = given ?? await fromEnvironment();
  const usual = NVML_PATHS[Deno.build.os] ?? [];
  const name = asked ?? usual[0]?.split("/").at(-1);
  if (name === undefined) return { absent: "NVML is there on Linux and Windows only", notInstalled: true };
  const permitted: string[] = [];
  for (const path of asked === undefined ? [name, ...usual] : [asked]) {
    if (await isPermitted({ name: "ffi", path })) permitted.push(path);
  }
  if (permitted.length === 0) {
    return { absent: `loading ${name} is not permitted${asked === undefined ? "" : hint(asked)}` };
  }
  for (const path of permitted) {
    try {
      Deno.dlopen(path, {}).close();
      return path;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!NOT_FOUND.test(message)) return { absent: `${path} could not be loaded: ${message}` };
    }
  }
  return { absent: `${name} was not found`, notInstalled: true };
}

/** The tasks name the libraries that they may load, and another is none of them. */
function hint(path: string): string {
  return `: give deno --allow-ffi=${path} beside the permissions of the task, or -A`;
}

async function fromEnvironment(): Promise<string | undefined> {
  return await isPermitted({ name: "env", variable: VARIABLE }) ? Deno.env.get(VARIABLE) || undefined : undefined;
}
