import type { GpuRecord } from "../../observe/gpu/gpu_record.ts";
import { inSeconds } from "../../observe/gpu/in_seconds.ts";
import type { GpuUse } from "../../results/window/gpu_use.ts";
import { countedEnergy } from "./counted_energy.ts";
import { POWER_MS } from "./gpu_use_of.ts";

/**
 * Why a window does not tell what longer visits would have told of its GPUs; pure.
 *
 * @param records Of those visits in which they were seen.
 * @param use What they come to.
 * @returns Reasons by the fields of a result's absences.
 */
export function gpuAbsencesOf(
  records: readonly GpuRecord[],
  { utilizationPercent, powerWatts }: Pick<GpuUse, "utilizationPercent" | "powerWatts">,
): Readonly<Record<string, string>> {
  const energy = countedEnergy(records);
  const before = records.flatMap(({ utilizationBeforeMs }) => utilizationBeforeMs ?? []);
  const isPowerTold = records.some(({ powerWatts }) => powerWatts !== null);
  const short = (figure: string, ms: number) =>
    `a reading of ${figure} may tell of up to ${inSeconds(ms)} before it, and no visit lasted longer`;
  return {
    ...(utilizationPercent !== null || before.length === 0
      ? {}
      : { "gpu.utilizationPercent": short("utilisation", Math.min(...before)) }),
    ...(powerWatts !== null || !isPowerTold ? {} : { "gpu.powerWatts": short("power", POWER_MS) }),
    ...(typeof energy === "string" ? { "gpu.energyPerPrediction": energy } : {}),
  };
}
