import { UsageError } from "../../core/errors.ts";
import { naming, option } from "../../core/option_words.ts";
import type { GpuDevice } from "./gpu_source.ts";

/** A GPU by its number, by its UUID or by the beginning of its UUID, as `CUDA_VISIBLE_DEVICES` names it. */
export type GpuName = number | string;

/**
 * Whether something can be the name of a GPU: a whole number, or a UUID of NVIDIA (`GPU-...`, `MIG-...`) or AMD (`0x...`).
 *
 * @param value Anything.
 *
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 * import { isGpuName } from "./choose_devices.ts";
 * assert([0, "GPU-5d3a0f6e", "0x719d230578348e8c"].every(isGpuName));
 * assertFalse([-1, 1.5, "0", "cuda:0", null].some(isGpuName));
 * ```
 */
export function isGpuName(value: unknown): value is GpuName {
  return typeof value === "string"
    ? /^(?:GPU-|MIG-|0x)[\w-]+$/i.test(value)
    : Number.isInteger(value) && value as number >= 0;
}

/**
 * Positions of the devices that are asked for; pure.
 *
 * @param devices Those that there are.
 * @param asked Their names; `undefined` for all.
 * @returns Positions in `devices`, ascending.
 * @throws {UsageError} If one is asked for that is not there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { chooseDevices } from "./choose_devices.ts";
 * const device = { name: "A100", totalBytes: null, maxSmClockMhz: null, driver: null };
 * const devices = [{ ...device, index: 2, uuid: "GPU-5d3a" }, { ...device, index: 3, uuid: "GPU-77e0" }];
 * assertEquals(chooseDevices(devices, undefined), [0, 1]);
 * assertEquals(chooseDevices(devices, [3, "gpu-77"]), [1]);
 * ```
 */
export function chooseDevices(devices: readonly GpuDevice[], asked: readonly GpuName[] | undefined): number[] {
  if (asked === undefined) return devices.map((_, at) => at);
  const missing = asked.find((name) => !devices.some((device) => isNamed(device, name)));
  if (missing !== undefined) {
    const list = devices.map(({ index, name, uuid }) => `${index} (${name}${uuid === null ? "" : `, ${uuid}`})`);
    throw new UsageError(
      naming`Cannot use GPU ${missing} of "${option("gpuDevices")}" as it must be one of those that there are: found ${
        list.join(", ")
      }`,
    );
  }
  return devices.flatMap((device, at) => asked.some((name) => isNamed(device, name)) ? [at] : []);
}

function isNamed({ index, uuid }: GpuDevice, name: GpuName): boolean {
  return typeof name === "number" ? index === name : uuid?.toLowerCase().startsWith(name.toLowerCase()) ?? false;
}
