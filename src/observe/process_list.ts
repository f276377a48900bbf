import { isEverythingPermitted } from "./permission.ts";

/** One process as the operating system's own tools list it. */
export interface ListedProcess {
  /** Process id. */
  readonly pid: number;
  /** Process id of its parent. */
  readonly parentPid: number;
  /** Short name. */
  readonly name: string;
  /** Resident memory, bytes. */
  readonly residentBytes: number;
}

/** One listening TCP socket. */
export interface ListeningSocket {
  /** Address that it is bound to: `127.0.0.1`, `::1`, or a wildcard `0.0.0.0`, `::`. */
  readonly address: string;
  /** Port. */
  readonly port: number;
  /** Process ids that hold it, as far as they are seen from here. */
  readonly pids: readonly number[];
}

/**
 * All processes by `npm:systeminformation`, where there is no `/proc`. It runs the system's tools, which takes tens of
 * milliseconds to a second, and knows RSS only.
 *
 * @returns The processes; empty without `-A`.
 */
export async function listProcesses(): Promise<ListedProcess[]> {
  if (!await isEverythingPermitted()) return [];
  const { default: systeminformation } = await import("systeminformation");
  const { list } = await systeminformation.processes();
  return list.map(({ pid, parentPid, name, memRss }) => ({ pid, parentPid, name, residentBytes: memRss * 1024 }));
}

/**
 * All listening TCP sockets by `npm:systeminformation`, where there is no `/proc`.
 *
 * @returns The sockets; empty without `-A`.
 */
export async function listListeningSockets(): Promise<ListeningSocket[]> {
  if (!await isEverythingPermitted()) return [];
  const { default: systeminformation } = await import("systeminformation");
  const connections = await systeminformation.networkConnections();
  return connections
    .filter(({ state, protocol }) => /^listen/i.test(state) && protocol.startsWith("tcp"))
    .map(({ localAddress, localPort, pid }) => ({
      address: localAddress === "*" ? "::" : localAddress.replace(/^\[|\]$/g, ""),
      port: Number(localPort),
      pids: pid > 0 ? [pid] : [],
    }));
}

/**
 * A process and all that descend from it; pure.
 *
 * @param processes All processes.
 * @param pid Process id of the root.
 * @returns Process ids, the root first; empty if the root is not among them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { descendants } from "./process_list.ts";
 * const process = (pid: number, parentPid: number) => ({ pid, parentPid, name: "", residentBytes: 1 });
 * assertEquals(descendants([process(7, 1), process(9, 8), process(8, 7), process(5, 1)], 7), [7, 8, 9]);
 * ```
 */
export function descendants(processes: readonly ListedProcess[], pid: number): number[] {
  if (!processes.some((process) => process.pid === pid)) return [];
  const tree = [pid];
  for (const parent of tree) {
    for (const process of processes) {
      // Windows has a process 0 that is its own parent.
      if (process.parentPid === parent && !tree.includes(process.pid)) tree.push(process.pid);
    }
  }
  return tree;
}
