import type { GpuSource } from "./gpu_source.ts";
import type { ServerDevices } from "./server_devices.ts";

/** The GPUs of one server, and a way to read them. */
export interface ServerGpus {
  /** Reads them. */
  readonly source: GpuSource;
  /** Positions in `source.devices` of those that the server uses; at least one. */
  readonly positions: readonly number[];
  /** How they are known to be the server's; left out where nobody says. */
  readonly by?: ServerDevices["by"];
  /** The server's processes, as the driver numbers them; `null` where memory is not told by process. */
  readonly pids: readonly number[] | null;
  /** Its processes of the moment: workers may start later. None where they cannot be told. @default {`pids` all along} */
  readonly readPids?: () => Promise<readonly number[]>;
}
