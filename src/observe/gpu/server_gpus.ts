import type { Absent } from "../absent.ts";
import type { GpuSource } from "./gpu_source.ts";
import type { ServerDevices } from "./server_devices.ts";

/** The devices that a server's processes use at a moment, and those processes. */
export interface FoundGpus extends ServerDevices {
  /** As the driver numbers them. */
  readonly pids: readonly number[];
}

/** The GPUs of one server, and a way to read them. */
export interface ServerGpus {
  /** Reads them. */
  readonly source: GpuSource;
  /** Positions in `source.devices` of those that the server uses; none where it uses none so far. */
  readonly positions: readonly number[];
  /** Why it uses none so far; left out where it does. */
  readonly unused?: string;
  /** How they are known to be the server's; left out where nobody says. */
  readonly by?: ServerDevices["by"];
  /** The server's processes, as the driver numbers them; `null` where memory is not told by process. */
  readonly pids: readonly number[] | null;
  /** Its processes of the moment: workers may start later. None where they cannot be told. @default {`pids` all along} */
  readonly readPids?: () => Promise<readonly number[]>;
  /** Looks again which devices they use. @default {the same all along} */
  readonly find?: () => Promise<FoundGpus | Absent>;
}
