import type { Target } from "../../core/target.ts";
import { type Absent, isAbsent } from "../../observe/absent.ts";
import { chooseDevices } from "../../observe/gpu/choose_devices.ts";
import { openExporterSource } from "../../observe/gpu/exporter/exporter_source.ts";
import { openGpuSource } from "../../observe/gpu/open_gpu_source.ts";
import { serverDevices } from "../../observe/gpu/server_devices.ts";
import type { ServerGpus } from "../../observe/gpu/server_gpus.ts";
import { serverPids } from "../../observe/server_pids.ts";
import { isHere } from "../is_here.ts";
import type { MemoryOptions } from "../settings/options.ts";

/** What of the options says which GPUs are the server's, and where they are told of. */
export type GpuOptions = Pick<MemoryOptions, "pid" | "gpuMetricsUrl" | "gpuDevices">;

/**
 * Opens a way to read the GPUs that a target's server uses: those that an exporter tells of, where one is given; else those of
 * this machine, where the server runs on it.
 *
 * @param target The model that is measured.
 * @param options Its process, its exporter and its devices, where they are given.
 * @returns Why they cannot be read where they cannot.
 * @throws {UsageError} If the exporter's URL cannot be used, or a device is asked for that is not there.
 * @throws {TargetError} If nothing at the exporter's URL tells of GPUs.
 */
export async function openServerGpus(
  target: Target,
  { pid, gpuMetricsUrl, gpuDevices }: GpuOptions,
): Promise<ServerGpus | Absent> {
  if (gpuMetricsUrl !== undefined) {
    const given = gpuDevices === undefined ? {} : { gpuDevices };
    const source = await openExporterSource({ url: gpuMetricsUrl, ...given });
    return { source, positions: source.devices.map((_, position) => position), by: "all", pids: null };
  }
  if (target.embedded) return { absent: "the embedded server computes on the CPU" };
  if (!await isHere(target)) return { absent: "the server runs on another machine, whose GPUs are not seen from here" };
  const source = await openGpuSource();
  if (isAbsent(source)) return source;
  try {
    const readPids = () => serverPids(target, pid);
    if (gpuDevices !== undefined) {
      const positions = chooseDevices(source.devices, gpuDevices);
      return { source, positions, by: "all", pids: await readPids(), readPids };
    }
    const find = async () => {
      const pids = await readPids();
      const used = await serverDevices(source, pids);
      return isAbsent(used) ? used : { ...used, pids };
    };
    const used = await find();
    // A server that uses none may yet: what computes may start with the first request.
    if (isAbsent(used)) return { source, positions: [], unused: used.absent, pids: null, readPids, find };
    if (used.by === "processes") return { source, ...used, readPids, find };
    // One that was started to see several devices may come to compute on some of them.
    return { source, ...used, pids: null, ...(used.by === "variables" ? { readPids, find } : {}) };
  } catch (error) {
    await source.close();
    throw error;
  }
}
