import type { Absent } from "../absent.ts";
import { isAbsent } from "../absent.ts";
import type { GpuDevice } from "./gpu_source.ts";

/** Variables that say which GPUs a process sees: what CUDA shows it, what its container was given, and how CUDA counts. */
export const VISIBILITY_VARIABLES = ["CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER"] as const;

/** What of a device its names are told by. */
type Named = Pick<GpuDevice, "uuid" | "name">;

/** That a process sees no device at all: others of its server may. */
export interface Hidden extends Absent {
  /** Tells it from a process of which it is not known what it sees. */
  readonly hidesAll: true;
}

/** Words of `NVIDIA_VISIBLE_DEVICES` that restrict nothing: all devices, or a container that gets them in another way. */
const UNRESTRICTED = ["", "all", "void"];

/**
 * Which devices a process may see, by the variables that it was started with; pure. They list numbers, ids (`GPU-...`), beginnings
 * of ids, or parts of devices (`MIG-...`). A list of `CUDA_VISIBLE_DEVICES` counts what the container was given, and ends, as in
 * CUDA, at its first entry that names nothing (`-1`); an empty one hides all.
 *
 * @param devices The devices.
 * @param variables {@linkcode VISIBILITY_VARIABLES} of the process that are set.
 * @param seesHost Whether `devices` are those of the host: a container counts its own, and is given them by the host's numbers.
 * @returns Positions in `devices`; `null` where the variables do not tell; why none where they hide all devices, or name a part of
 *     one of which it is not known whose it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { visibleDevices } from "./visible_devices.ts";
 * const devices = ["GPU-5d3a", "GPU-77e0", "GPU-c1f0"].map((uuid) => ({ uuid, name: "NVIDIA A100" }));
 * assertEquals(visibleDevices(devices, { CUDA_VISIBLE_DEVICES: "2,GPU-5" }, true), [2, 0]);
 * assertEquals(visibleDevices(devices, { NVIDIA_VISIBLE_DEVICES: "1,2", CUDA_VISIBLE_DEVICES: "0" }, true), [1]);
 * assertEquals(visibleDevices(devices, { NVIDIA_VISIBLE_DEVICES: "all" }, true), null);
 * assertEquals(visibleDevices(devices, { CUDA_VISIBLE_DEVICES: "-1" }, true), {
 *   absent: "the server's CUDA_VISIBLE_DEVICES hides all GPUs",
 *   hidesAll: true,
 * });
 * ```
 */
export function visibleDevices(
  devices: readonly Named[],
  variables: Readonly<Record<string, string>>,
  seesHost: boolean,
): readonly number[] | null | Absent | Hidden {
  const { CUDA_VISIBLE_DEVICES: cuda, NVIDIA_VISIBLE_DEVICES: nvidia, CUDA_DEVICE_ORDER: order } = variables;
  const given = nvidia === undefined ? null : givenToContainer(devices, nvidia, seesHost);
  if (isAbsent(given)) return given;
  if (cuda === undefined) return given?.map((device) => devices.indexOf(device)) ?? null;
  const shown = given ?? devices;
  // CUDA counts the fastest device first unless told otherwise: another order where devices differ.
  const isOrdered = order === "PCI_BUS_ID" || shown.every(({ name }) => name === shown[0]!.name);
  const seen: number[] = [];
  for (const entry of entriesOf(cuda)) {
    if (isNumber(entry) && !isOrdered) return null;
    const device = deviceOf(entry, shown);
    if (device === null && isPart(entry)) return unknownPart("CUDA_VISIBLE_DEVICES", entry);
    if (device === null) break;
    seen.push(devices.indexOf(device));
  }
  return seen.length > 0 ? [...new Set(seen)] : hidden("CUDA_VISIBLE_DEVICES");
}

/** Devices that a container was given, in the order of all; `null` where its variable does not tell. */
function givenToContainer(
  devices: readonly Named[],
  list: string,
  seesHost: boolean,
): readonly Named[] | null | Absent | Hidden {
  if (list === "none") return hidden("NVIDIA_VISIBLE_DEVICES");
  const entries = entriesOf(list);
  if (UNRESTRICTED.includes(list) || (!seesHost && entries.some(isNumber))) return null;
  const named = entries.map((entry) => deviceOf(entry, devices));
  const part = entries.find((entry, i) => named[i] === null && isPart(entry));
  if (part !== undefined) return unknownPart("NVIDIA_VISIBLE_DEVICES", part);
  return named.includes(null) ? null : devices.filter((device) => named.includes(device));
}

function entriesOf(list: string): readonly string[] {
  return list.split(",").map((entry) => entry.trim());
}

function isNumber(entry: string): boolean {
  return /^\d+$/.test(entry);
}

function isPart(entry: string): boolean {
  return entry.startsWith("MIG-");
}

/** The device that an entry names; `null` if there is none, or several. */
function deviceOf(entry: string, devices: readonly Named[]): Named | null {
  if (isNumber(entry)) return devices[Number(entry)] ?? null;
  if (isPart(entry) && devices.length === 1) return devices[0]!;
  // The older ids of parts hold that of their device: MIG-GPU-5d3a/1/0.
  const found = devices.filter(({ uuid }) =>
    isPart(entry) ? entry.startsWith(`MIG-${uuid}/`) : entry.startsWith("GPU-") && uuid?.startsWith(entry)
  );
  return found.length === 1 ? found[0]! : null;
}

function hidden(variable: string): Hidden {
  return { absent: `the server's ${variable} hides all GPUs`, hidesAll: true };
}

function unknownPart(variable: string, entry: string): Absent {
  return { absent: `the server's ${variable} names a part of a GPU (MIG), and it is not told of which: ${entry}` };
}
