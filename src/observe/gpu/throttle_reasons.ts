import type { ThrottleReason } from "../../results/window/gpu_use.ts";

/**
 * Bits of NVML's clock event reasons (`nvmlClocksEventReasons`) that slow a device down. The others do not: idle (0x1), clocks
 * that an administrator chose (0x2) and a display (0x100).
 */
const SOFTWARE_POWER_CAP = 0x4;
const HARDWARE_SLOWDOWN = 0x8;
const SYNC_BOOST = 0x10;
const SOFTWARE_THERMAL = 0x20;
const HARDWARE_THERMAL = 0x40;
const HARDWARE_POWER_BRAKE = 0x80;

/**
 * Why a device is throttled; pure. A hardware slowdown comes with its cause where the driver knows it: alone it is `other`.
 *
 * @param mask Clock event reasons as NVML and nvidia-smi give them, a bit for each.
 * @returns The reasons, each once; empty where it is not throttled.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { throttleReasons } from "./throttle_reasons.ts";
 * assertEquals(throttleReasons(0x0), []);
 * assertEquals(throttleReasons(0x1), []); // idle
 * assertEquals(throttleReasons(0x4), ["power"]);
 * assertEquals(throttleReasons(0x48), ["thermal"]);
 * assertEquals(throttleReasons(0x8), ["other"]);
 * ```
 */
export function throttleReasons(mask: number): readonly ThrottleReason[] {
  const has = (bits: number) => (mask & bits) !== 0;
  const isUnexplained = has(HARDWARE_SLOWDOWN) && !has(HARDWARE_THERMAL | HARDWARE_POWER_BRAKE);
  const reasons: ThrottleReason[] = [];
  if (has(SOFTWARE_POWER_CAP | HARDWARE_POWER_BRAKE)) reasons.push("power");
  if (has(SOFTWARE_THERMAL | HARDWARE_THERMAL)) reasons.push("thermal");
  if (has(SYNC_BOOST) || isUnexplained) reasons.push("other");
  return reasons;
}
