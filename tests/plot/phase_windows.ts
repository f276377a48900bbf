import type { PhaseWindow } from "../../src/results/kinds/memory.ts";
import { measurement } from "../results/window/windows.ts";

/** The loads that the phases of a memory test offered. */
export function phaseWindows(): PhaseWindow[] {
  return [
    { ...measurement(40, 1, 1), phase: "single" },
    { ...measurement(20, 1, 4), phase: "batches" },
    { ...measurement(90, 4, 1), phase: "soak" },
  ];
}
