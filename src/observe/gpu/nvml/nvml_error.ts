/** Code of what a device does not offer. */
export const NOT_SUPPORTED = 3;

/** Meanings of `nvmlReturn_t`, of those codes that a reading can meet. */
const MEANINGS: Readonly<Record<number, string>> = {
  [NOT_SUPPORTED]: "not supported",
  4: "no permission",
  6: "not found",
  9: "the driver is not loaded",
  10: "timeout",
  11: "trouble with interrupts",
  13: "the driver lacks it",
  15: "the GPU is lost",
  16: "the GPU must be reset",
  17: "refused by the operating system",
  18: "versions of driver and library differ",
  20: "out of memory",
  999: "unknown error",
};

/**
 * A failed call of NVML; pure.
 *
 * @param what The call, or what was done.
 * @param code What it answered.
 * @returns An error whose message is one clause.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { nvmlError } from "./nvml_error.ts";
 * assertEquals(nvmlError("nvmlInit_v2", 9).message, "NVML: nvmlInit_v2 failed: the driver is not loaded (code 9)");
 * assertEquals(nvmlError("nvmlInit_v2", 77).message, "NVML: nvmlInit_v2 failed with code 77");
 * ```
 */
export function nvmlError(what: string, code: number): Error {
  const meaning = MEANINGS[code];
  return new Error(`NVML: ${what} failed${meaning ? `: ${meaning} (code ${code})` : ` with code ${code}`}`);
}
