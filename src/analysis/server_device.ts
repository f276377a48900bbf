import type { TestResults } from "../results/result.ts";
import type { GpuUse } from "../results/window/gpu_use.ts";
import { windowsOf } from "../results/windows.ts";
import type { Circumstances } from "./circumstances.ts";
import { THRESHOLDS } from "./thresholds.ts";

/** What a server computes on; `gpu` also where that is likely. */
export type ServerDevice = "cpu" | "gpu" | "unknown";

/**
 * What the server computes on: what it says itself, else whether a GPU was seen at work for it, else, where it runs on the
 * machine that measures, whether that has a GPU.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { serverDevice } from "./server_device.ts";
 *
 * assertEquals(serverDevice({}, { device: "cuda:0" }), "gpu");
 * assertEquals(serverDevice({}, { device: "cpu", gpus: 1 }), "cpu");
 * assertEquals(serverDevice({}, {}), "unknown");
 * ```
 *
 * @param tests Results.
 * @param circumstances What else is known.
 */
export function serverDevice(tests: TestResults, { device = null, gpus }: Circumstances): ServerDevice {
  if (device !== null && /^cpu/i.test(device)) return "cpu";
  if (device !== null && /cuda|gpu|hip|rocm|mps|xpu/i.test(device)) return "gpu";
  const windows = windowsOf(tests);
  const seen = windows.flatMap(({ window: { gpu } }) => gpu ?? []);
  const told = seen.filter(({ utilizationPercent }) => utilizationPercent !== null);
  if ((told.length > 0 ? told : seen).some(isUsed) || seen.some(hasMemory) || hasMemoryOnGpu(tests)) return "gpu";
  if (seen.length > 0) return "cpu";
  const isHere = windows.some(({ window: { clientUse } }) => (clientUse?.sharedCores ?? null) !== null);
  return !isHere || gpus === undefined ? "unknown" : gpus > 0 ? "gpu" : "cpu";
}

/** A machine may have a GPU that the server leaves alone. One of which no window tells how busy it was may be at work. */
function isUsed({ utilizationPercent }: GpuUse): boolean {
  return (utilizationPercent ?? 100) >= THRESHOLDS.unusedGpuPercent;
}

function hasMemory({ processBytes }: GpuUse): boolean {
  return (processBytes ?? 0) > 0;
}

/** Memory of a device may be anyone's, that of the server's processes is not. */
function hasMemoryOnGpu({ memory }: TestResults): boolean {
  const { gpuSource = null } = memory?.scope ?? {};
  return gpuSource !== null && gpuSource !== "per-device" && (memory?.peak?.gpuBytes ?? 0) > 0;
}
