import type { Absent } from "../absent.ts";
import { isAbsent } from "../absent.ts";
import { hasHostPids, procVariables } from "../proc_fs.ts";
import type { GpuProcess, GpuSource } from "./gpu_source.ts";
import { VISIBILITY_VARIABLES, visibleDevices } from "./visible_devices.ts";

/** The devices that a server uses, as far as it is known. */
export interface ServerDevices {
  /** Positions in the source's `devices`, ascending; at least one. */
  readonly positions: readonly number[];
  /**
   * How they are known: its processes compute on them; its processes were started to see them alone; or not at all, and they
   * are all that there are. What is read of the last two may be the work of others: it is said to be per device.
   */
  readonly by: "processes" | "variables" | "all";
}

/**
 * Which devices a server uses: those on which its processes compute; else those that it was started to see; else none where the
 * driver lists processes under the ids that we know, and all where it does not, as in a container.
 *
 * @param source The devices.
 * @param pids The server's processes; none where they are not known, or run elsewhere.
 * @param seesHostPids Whether process ids here are those of the host. @default {as hasHostPids() finds}
 * @returns The devices, or why it uses none.
 */
export async function serverDevices(
  source: GpuSource,
  pids: readonly number[],
  seesHostPids?: boolean,
): Promise<ServerDevices | Absent> {
  const seesHost = seesHostPids ?? await hasHostPids();
  const listed = await source.readProcesses();
  const used = isAbsent(listed) ? [] : positionsOf(source, listed.filter(({ pid }) => pids.includes(pid)));
  if (used.length > 0) return { positions: used, by: "processes" };
  const seen = await seenBy(source, pids, seesHost);
  if (isAbsent(seen)) return seen;
  if (seen.length > 0) return { positions: seen, by: "variables" };
  // The driver numbers processes as we do, and lists those that compute on a GPU.
  const isListed = isAbsent(listed) || listed.some(({ pid }) => pids.includes(pid));
  if (!isListed && pids.length > 0 && seesHost) {
    return { absent: "none of the server's processes computes on a GPU" };
  }
  return { positions: source.devices.map((_, position) => position), by: "all" };
}

/** Empty where one of them does not say on which device it is. */
function positionsOf({ devices }: GpuSource, processes: readonly GpuProcess[]): readonly number[] {
  const positions = processes.map(({ device }) =>
    device === null && devices.length === 1 ? 0 : devices.findIndex(({ index }) => index === device)
  );
  return positions.includes(-1) ? [] : ascending(positions);
}

/**
 * What the processes see together; a parent may see all and show each of its workers one, and hide all from a helper. Empty where
 * it is not told.
 */
async function seenBy(
  { devices }: GpuSource,
  pids: readonly number[],
  seesHost: boolean,
): Promise<readonly number[] | Absent> {
  const told = (await Promise.all(pids.map((pid) => procVariables(pid, VISIBILITY_VARIABLES))))
    .filter((variables) => variables !== null)
    .map((variables) => visibleDevices(devices, variables, seesHost));
  const positions = told.flatMap((seen) => isAbsent(seen) ? [] : seen ?? []);
  if (positions.length > 0) return ascending(positions);
  const reasons = told.filter(isAbsent), isHidden = reasons.length > 0 && reasons.length === told.length;
  const reason = reasons.find((seen) => !("hidesAll" in seen)) ?? (isHidden ? reasons[0] : undefined);
  return reason === undefined ? [] : { absent: reason.absent };
}

function ascending(positions: readonly number[]): readonly number[] {
  return [...new Set(positions)].sort((a, b) => a - b);
}
