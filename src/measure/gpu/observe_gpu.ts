import { systemClock } from "../../core/clock.ts";
import type { Target } from "../../core/target.ts";
import { isAbsent } from "../../observe/absent.ts";
import { type GpuObserver, GpuWatch, noGpu } from "../../observe/gpu/gpu_watch.ts";
import type { MemoryOptions } from "../settings/options.ts";
import { openServerGpus } from "./open_server_gpus.ts";

/**
 * Begins to look at the GPUs of a target's server, for one run. Simulated time has none, unless they are given.
 *
 * @param target The model that is measured.
 * @param options Source of time, and how GPUs are read where that is given.
 * @returns Sees nothing where there is nothing to see; what was not seen then says why.
 */
export async function observeGpu(
  target: Target,
  { clock = systemClock, openGpus, pid }: Pick<MemoryOptions, "clock" | "openGpus" | "pid">,
): Promise<GpuObserver> {
  if (openGpus === undefined && clock !== systemClock) return noGpu();
  const gpus = openGpus === undefined ? await openServerGpus(target, pid) : await openGpus(target);
  return isAbsent(gpus) ? noGpu(gpus.absent) : new GpuWatch(gpus, clock);
}
