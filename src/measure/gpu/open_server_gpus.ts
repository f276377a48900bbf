import type { Target } from "../../core/target.ts";
import { type Absent, isAbsent } from "../../observe/absent.ts";
import { openGpuSource } from "../../observe/gpu/open_gpu_source.ts";
import { serverDevices } from "../../observe/gpu/server_devices.ts";
import type { ServerGpus } from "../../observe/gpu/server_gpus.ts";
import { serverPids } from "../../observe/server_pids.ts";
import { isHere } from "../is_here.ts";

/**
 * Opens a way to read the GPUs that a target's server uses: those of this machine, where it runs on it.
 *
 * @param target The model that is measured.
 * @param pid Of the server; `undefined` for the process that listens at its address.
 * @returns Why they cannot be read where they cannot.
 */
export async function openServerGpus(target: Target, pid?: number): Promise<ServerGpus | Absent> {
  if (target.embedded) return { absent: "the embedded server computes on the CPU" };
  if (!await isHere(target)) return { absent: "the server runs on another machine, whose GPUs are not seen from here" };
  const source = await openGpuSource();
  if (isAbsent(source)) return source;
  const pids = await serverPids(target, pid);
  const used = await serverDevices(source, pids);
  if (!isAbsent(used)) return { source, positions: used.positions, pids: used.by === "processes" ? pids : null };
  await source.close();
  return used;
}
