import { cpus } from "node:os";
import type { Environment } from "../results/environment.ts";
import { isAbsent } from "./absent.ts";
import { readCgroupLimits } from "./cgroup.ts";
import type { GpuDevice } from "./gpu/gpu_source.ts";
import { type GpuSourceOptions, openGpuSource } from "./gpu/open_gpu_source.ts";
import { readCores } from "./host_cores.ts";
import { isEverythingPermitted, isPermitted } from "./permission.ts";

/**
 * Describes the machine that measures, for the head of a report. It loads `npm:systeminformation` and runs the system's
 * tools, about 0.1 s together: call it after a measurement, never before.
 *
 * `cores` and `memoryBytes` are what this process may use: the host's, or the limits of cgroup v2 where a container or
 * a service sets smaller ones; `cores` is then maybe a fraction. Without `-A` it gives what Deno tells and prompts for
 * nothing.
 *
 * @param options How GPUs are read.
 * @returns The environment; it never rejects.
 */
export async function readEnvironment(options: { readonly gpu?: GpuSourceOptions } = {}): Promise<Environment> {
  const everything = await isEverythingPermitted();
  const limit = everything ? readCgroupLimits().memoryBytes : null;
  const source = await openGpuSource(options.gpu);
  if (!isAbsent(source)) await source.close();
  const [os, cpu, memoryBytes, gpus] = await Promise.all([
    everything || Deno.build.os === "linux" ? readOsName() : null,
    everything ? readCpuName() : null,
    isSysPermitted("systemMemoryInfo").then((permitted) => permitted ? Deno.systemMemoryInfo().total : null),
    isAbsent(source) ? (everything && source.notInstalled ? readOtherGpus() : []) : source.devices.map(gpuOf),
  ]);
  const kernel = await isSysPermitted("osRelease") ? ` (kernel ${Deno.osRelease()})` : "";
  return {
    os: (os ?? Deno.build.os) + kernel,
    cpu: cpu ?? (await isSysPermitted("cpus") ? cpus()[0]?.model || null : null),
    cores: (await readCores()).usable,
    memoryBytes: memoryBytes === null ? limit : Math.min(memoryBytes, limit ?? memoryBytes),
    deno: Deno.version.deno,
    gpus,
    ...(isAbsent(source) && gpus.length === 0 ? { gpuAbsence: source.absent } : {}),
    ...(await isSysPermitted("hostname") ? { host: await fingerprintOf(Deno.hostname()) } : {}),
  };
}

/** Enough of a digest to tell two machines apart: a results file names none. */
async function fingerprintOf(name: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(name)));
  return digest.toHex().slice(0, 12);
}

function isSysPermitted(kind: "hostname" | "osRelease" | "cpus" | "systemMemoryInfo"): Promise<boolean> {
  return isPermitted({ name: "sys", kind });
}

function gpuOf({ name, totalBytes, driver }: GpuDevice): Environment["gpus"][number] {
  return { name, memoryBytes: totalBytes, driver };
}

async function readOsName(): Promise<string | null> {
  try {
    if (Deno.build.os === "linux") {
      // Not from systeminformation: it asks the resolver for the host's full name, which can block for seconds.
      const release = await Deno.readTextFile("/etc/os-release");
      return release.match(/^PRETTY_NAME="?([^"\n(]*[^"\n( ])/m)?.[1] ?? null;
    }
    const { default: systeminformation } = await import("systeminformation");
    const { distro, release } = await systeminformation.osInfo();
    return distro ? `${distro} ${release}` : null;
  } catch {
    return null;
  }
}

async function readCpuName(): Promise<string | null> {
  try {
    const { default: systeminformation } = await import("systeminformation");
    const { manufacturer, brand } = await systeminformation.cpu();
    return [manufacturer, brand].filter((part) => part).join(" ") || null;
  } catch {
    return null;
  }
}

/** GPUs of other makers. Only where there is no nvidia-smi: systeminformation would run it without a deadline. */
async function readOtherGpus(): Promise<Environment["gpus"]> {
  try {
    const { default: systeminformation } = await import("systeminformation");
    const { controllers } = await systeminformation.graphics();
    return controllers.filter(isAccelerator).map((controller) => ({
      name: [controller.vendor, controller.model].filter((part) => part).join(" "),
      memoryBytes: controller.vram ? controller.vram * 2 ** 20 : null,
      driver: controller.driverVersion || null,
    }));
  } catch {
    return [];
  }
}

/** PyTorch computes on GPUs of these makers; the rest are the virtual screens of servers. */
function isAccelerator({ vendor, model }: { readonly vendor: string; readonly model: string }): boolean {
  return /nvidia|amd|advanced micro|apple|intel.*(arc|max|flex)/i.test(`${vendor} ${model}`);
}
