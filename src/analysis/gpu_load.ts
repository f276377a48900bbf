import { loadPoint } from "../results/evidence/load_point.ts";
import type { GpuLoadEvidence } from "../results/finding.ts";
import type { TestResults } from "../results/result.ts";
import type { GpuUse } from "../results/window/gpu_use.ts";
import type { Window } from "../results/window/window.ts";
import { leadingWindow } from "../results/windows.ts";
import { THRESHOLDS } from "./thresholds.ts";

/** What the GPUs did at the load that a report names first. */
export interface GpuLoad {
  /** What they did, as findings carry it. */
  readonly evidence: GpuLoadEvidence;
  /** All that is known of them. */
  readonly gpu: GpuUse;
  /** The window. */
  readonly window: Window;
  /** Whether on one of them nearly always a kernel runs. */
  readonly isBusy: boolean;
  /** Whether all of them wait longer than they work. */
  readonly isIdle: boolean;
}

/**
 * What the GPUs did at the load that a report names first: cards, advice and limits are about the same one.
 *
 * @param tests Results.
 * @returns `null` where no window leads, or nobody saw its GPUs.
 */
export function gpuLoadOf(tests: TestResults): GpuLoad | null {
  const leading = leadingWindow(tests);
  const gpu = leading?.best.window.gpu ?? null;
  if (leading === null || gpu === null) return null;
  const { devices, utilizationPercent, utilizationByDevice, powerWatts, idlePowerWatts } = gpu;
  const { smClockMhz, maxSmClockMhz } = gpu;
  const busiest = busiestOf(gpu);
  return {
    evidence: {
      ...loadPoint(leading.kind, leading.best),
      devices,
      utilizationPercent,
      ...(utilizationByDevice === undefined ? {} : { utilizationByDevice }),
      powerWatts,
      idlePowerWatts,
      smClockMhz,
      maxSmClockMhz,
    },
    gpu,
    window: leading.best.window,
    isBusy: busiest !== null && busiest.least >= THRESHOLDS.busyGpuPercent,
    isIdle: busiest !== null && busiest.most < THRESHOLDS.idleGpuPercent,
  };
}

/** Between what the utilisation of the busiest device lies, percent: of several whose mean alone is known, that and their sum. */
function busiestOf({ devices, utilizationPercent: mean, utilizationByDevice: each }: GpuUse) {
  if (each !== undefined && each.length > 0) return { least: Math.max(...each), most: Math.max(...each) };
  return mean === null ? null : { least: mean, most: Math.min(100, mean * Math.max(1, devices.length)) };
}

/**
 * Why nobody saw the GPUs, or how busy they were, at the load that a report names first, for people.
 *
 * @param tests Results.
 * @returns `null` where somebody saw it, or the result gives no reason.
 */
export function gpuAbsenceOf(tests: TestResults): string | null {
  const leading = leadingWindow(tests);
  if (leading === null) return null;
  const { best: { window: { gpu } }, result: { absences } } = leading;
  if (!gpu) return absences["gpu"] ?? null;
  return gpu.utilizationPercent === null ? absences["gpu.utilizationPercent"] ?? null : null;
}
