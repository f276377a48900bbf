import type { Absent } from "../absent.ts";
import type { GpuSource } from "./gpu_source.ts";

/** The devices that a server uses, as far as it is known. */
export interface ServerDevices {
  /** Positions in the source's `devices`, ascending; at least one. */
  readonly positions: readonly number[];
  /** How they are known. */
  readonly by: "processes" | "variables" | "all";
}

/**
 * Which devices a server uses.
 *
 * @param source The devices.
 * @param pids The server's processes; none where they are not known, or run elsewhere.
 * @returns The devices, or why it uses none.
 */
export function serverDevices({ devices }: GpuSource, _pids: readonly number[]): Promise<ServerDevices | Absent> {
  return Promise.resolve({ positions: devices.map((_, position) => position), by: "all" });
}
