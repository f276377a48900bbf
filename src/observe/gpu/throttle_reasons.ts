import type { ThrottleReason } from "../../results/window/gpu_use.ts";

const SW_POWER_CAP = 0x4,
  HW_SLOWDOWN = 0x8,
  SYNC_BOOST = 0x10,
  SW_THERMAL = 0x20,
  HW_THERMAL = 0x40,
  HW_POWER_BRAKE = 0x80;

/**
 * What NVIDIA's bits of clock event reasons say of throttling; pure. They are those of `nvmlClocksEventReasons` (nvml.h), and
 * DCGM passes them on. An idle device and clocks that someone has set (0x1, 0x2, 0x100) are no throttling.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { throttleReasonsOf } from "./throttle_reasons.ts";
 * assertEquals(throttleReasonsOf(0x1), []);
 * assertEquals(throttleReasonsOf(0x4 | 0x48), ["power", "thermal"]);
 * assertEquals(throttleReasonsOf(0x8), ["other"]);
 * ```
 *
 * @param bits The reasons that hold.
 */
export function throttleReasonsOf(bits: number): ThrottleReason[] {
  const has = (mask: number) => (bits & mask) !== 0;
  const reasons: ThrottleReason[] = [];
  if (has(SW_POWER_CAP | HW_POWER_BRAKE)) reasons.push("power");
  if (has(SW_THERMAL | HW_THERMAL)) reasons.push("thermal");
  // The hardware sets its slowdown beside the cause that it knows.
  if (has(SYNC_BOOST) || (has(HW_SLOWDOWN) && !has(HW_THERMAL | HW_POWER_BRAKE))) reasons.push("other");
  return reasons;
}
