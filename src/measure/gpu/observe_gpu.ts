import { systemClock } from "../../core/clock.ts";
import type { Target } from "../../core/target.ts";
import { isAbsent } from "../../observe/absent.ts";
import { type GpuObserver, noGpu } from "../../observe/gpu/gpu_observer.ts";
import { GpuWatch } from "../../observe/gpu/gpu_watch.ts";
import type { MemoryOptions } from "../settings/options.ts";
import { type GpuOptions, openServerGpus } from "./open_server_gpus.ts";

/**
 * Begins to look at the GPUs of a target's server, for one run. Simulated time has none, unless they are given.
 *
 * @param target The model that is measured.
 * @param options Source of time, and how GPUs are read where that is given.
 * @returns Sees nothing where there is nothing to see; what was not seen then says why.
 */
export async function observeGpu(
  target: Target,
  options: Pick<MemoryOptions, "clock" | "openGpus"> & GpuOptions,
): Promise<GpuObserver> {
  const { clock = systemClock, openGpus } = options;
  if (openGpus === undefined && clock !== systemClock) return noGpu();
  const gpus = openGpus === undefined ? await openServerGpus(target, options) : await openGpus(target);
  return isAbsent(gpus) ? noGpu(gpus.absent) : new GpuWatch(gpus, clock);
}
