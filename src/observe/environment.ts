import { cpus } from "node:os";
import type { Environment } from "../core/report.ts";
import { isAbsent } from "./absent.ts";
import { type CgroupLimits, readCgroupLimits } from "./cgroup.ts";
import type { GpuProbeOptions } from "./gpu.ts";
import { openGpuProbe } from "./gpu.ts";
import { isEverythingPermitted, isPermitted } from "./permission.ts";

/** What the system's own tools tell that Deno does not. */
interface SystemDetails {
  readonly os: string | null;
  readonly cpu: string | null;
  readonly gpus: Environment["gpus"];
}

/**
 * Describes the machine that measures, for the head of a report. It loads `npm:systeminformation` and runs the system's
 * tools, about 0.2 s together: call it after a measurement, never before.
 *
 * `cores` and `memoryBytes` are what this process may use: the host's, or the limits of cgroup v2 where a container or
 * a service sets smaller ones; `cores` is then maybe a fraction. Without `-A` it gives what Deno tells and prompts for
 * nothing.
 *
 * @param options Where nvidia-smi is and how long it may take.
 * @returns The environment; it never rejects.
 */
export async function readEnvironment(options: { readonly gpu?: GpuProbeOptions } = {}): Promise<Environment> {
  const everything = await isEverythingPermitted();
  const limits = everything ? readCgroupLimits() : { cores: null, memoryBytes: null };
  const [details, probe, permitted] = await Promise.all([
    everything ? readSystemDetails() : null,
    openGpuProbe(options.gpu),
    readPermitted(),
  ]);
  const gpus = isAbsent(probe)
    ? details?.gpus ?? []
    : probe.devices.map(({ name, totalBytes, driver }) => ({ name, memoryBytes: totalBytes, driver }));
  return {
    os: details?.os ?? permitted.os,
    cpu: details?.cpu ?? permitted.cpu,
    ...withinLimits(navigator.hardwareConcurrency, permitted.memoryBytes, limits),
    deno: Deno.version.deno,
    gpus,
    ...(isAbsent(probe) && gpus.length === 0 ? { gpuAbsence: probe.absent } : {}),
  };
}

/**
 * What is left of a host under limits; pure.
 *
 * @param cores Logical cores of the host.
 * @param memoryBytes Memory of the host, or `null` if unknown.
 * @param limits Limits of the process.
 * @returns The smaller of each.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { withinLimits } from "./environment.ts";
 * assertEquals(withinLimits(8, 64e9, { cores: 1.5, memoryBytes: null }), { cores: 1.5, memoryBytes: 64e9 });
 * assertEquals(withinLimits(8, 64e9, { cores: 16, memoryBytes: 4e9 }), { cores: 8, memoryBytes: 4e9 });
 * ```
 */
export function withinLimits(
  cores: number,
  memoryBytes: number | null,
  limits: CgroupLimits,
): Pick<Environment, "cores" | "memoryBytes"> {
  return {
    cores: Math.min(cores, limits.cores ?? cores),
    memoryBytes: memoryBytes === null ? limits.memoryBytes : Math.min(memoryBytes, limits.memoryBytes ?? memoryBytes),
  };
}

async function readPermitted(): Promise<Pick<Environment, "os" | "cpu" | "memoryBytes">> {
  const may = (kind: "osRelease" | "cpus" | "systemMemoryInfo") => isPermitted({ name: "sys", kind });
  return {
    os: await may("osRelease") ? `${Deno.build.os} (kernel ${Deno.osRelease()})` : Deno.build.os,
    cpu: await may("cpus") ? cpus()[0]?.model || null : null,
    memoryBytes: await may("systemMemoryInfo") ? Deno.systemMemoryInfo().total : null,
  };
}

async function readSystemDetails(): Promise<SystemDetails | null> {
  try {
    const { default: systeminformation } = await import("systeminformation");
    const [os, cpu, graphics] = await Promise.all([
      systeminformation.osInfo(),
      systeminformation.cpu(),
      systeminformation.graphics(),
    ]);
    return {
      os: os.distro ? `${os.distro} ${os.release} (kernel ${os.kernel})` : null,
      cpu: [cpu.manufacturer, cpu.brand].filter((part) => part).join(" ") || null,
      gpus: graphics.controllers.filter(isAccelerator).map((controller) => ({
        name: [controller.vendor, controller.model].filter((part) => part).join(" "),
        memoryBytes: controller.vram ? controller.vram * 2 ** 20 : null,
        driver: controller.driverVersion || null,
      })),
    };
  } catch {
    return null;
  }
}

/** PyTorch computes on GPUs of these makers; the rest are the virtual screens of servers. */
function isAccelerator({ vendor, model }: { readonly vendor: string; readonly model: string }): boolean {
  return /nvidia|amd|advanced micro|apple|intel.*(arc|max|flex)/i.test(`${vendor} ${model}`);
}
