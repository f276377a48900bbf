import type { Absent } from "../absent.ts";
import type { GpuSource } from "./gpu_source.ts";

/**
 * Opens the best way to read the GPUs of this machine.
 *
 * @returns Why there is none where there is none.
 */
export function openGpuSource(): Promise<GpuSource | Absent> {
  return Promise.resolve({ absent: "no way to read GPUs is built in yet" });
}
