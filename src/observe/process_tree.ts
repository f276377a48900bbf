import { findListeningSockets, findUnixListeners } from "./listening_socket.ts";
import { hostAddresses } from "./local_host.ts";
import { descendants, listProcesses } from "./process_list.ts";
import { isProcReadable, type MemoryKind, procMemory, procName, procParent, procTree } from "./proc_fs.ts";

export type { MemoryKind } from "./proc_fs.ts";

/** Memory of a process tree at one moment. */
export interface TreeMemory {
  /** Processes of the tree. */
  readonly pids: readonly number[];
  /** Their memory in all, bytes. */
  readonly bytes: number;
  /** That of each by its process id; one that has ended has none. */
  readonly each: ReadonlyMap<number, number>;
}

/**
 * A process and its ancestors.
 *
 * @param pid Process id. @default {Deno.pid}
 * @returns The process id, its parent's, and so on to the root.
 */
export async function ancestry(pid: number = Deno.pid): Promise<number[]> {
  const listed = await isProcReadable() ? null : await listProcesses();
  const parentOf = (child: number) => listed?.find((process) => process.pid === child)?.parentPid ?? null;
  const line = [pid];
  for (;;) {
    const parent = listed ? parentOf(line.at(-1)!) : await procParent(line.at(-1)!);
    if (!parent || line.includes(parent)) return line;
    line.push(parent);
  }
}

/**
 * The nearest process that all the others descend from; pure.
 *
 * @param ancestries For each process its own id and those of its ancestors, nearest first.
 * @returns Its process id, or `null` if there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { commonAncestor } from "./process_tree.ts";
 * assertEquals(commonAncestor([[7, 1]]), 7);
 * assertEquals(commonAncestor([[8, 7, 1], [7, 1], [9, 7, 1]]), 7); // a master that listens, and its workers
 * assertEquals(commonAncestor([[8, 7, 1], [9, 7, 1]]), 7); // workers that listen by themselves (SO_REUSEPORT)
 * assertEquals(commonAncestor([]), null);
 * ```
 */
export function commonAncestor(ancestries: readonly (readonly number[])[]): number | null {
  const [first, ...others] = ancestries;
  return first?.find((pid) => others.every((line) => line.includes(pid))) ?? null;
}

/**
 * Which processes answer on a port of this host: the roots of a server's process trees.
 *
 * On Linux the kernel's socket tables are joined with the descriptors of all processes; elsewhere the system's own
 * tools are asked. Where several processes listen (a master and its forked workers, or workers that share the port by
 * SO_REUSEPORT) it is their nearest common ancestor, or all of them where that is one of this program's own.
 *
 * @param port TCP port, 1 to 65535.
 * @param host Address or name of this host that the client connects to. @default {"127.0.0.1"}
 * @returns Process ids, none of which descends from another; empty where no process that this user may see listens there,
 *     or where it is not known which of several addresses answers.
 */
export async function findListeningPids(port: number, host: string = "127.0.0.1"): Promise<number[]> {
  const sockets = await findListeningSockets(port, await hostAddresses(host));
  const listeners = [...new Set(sockets.flatMap((socket) => socket.pids))];
  const root = await rootOf(listeners);
  if (root !== null) return [root];
  const isOneAddress = new Set(sockets.map(({ address }) => address)).size === 1;
  return isOneAddress ? await topmost(listeners) : [];
}

/**
 * The processes that answer on a Unix socket of this host, by the same rules. Linux only.
 *
 * @param path Path of the socket.
 * @returns Empty if there is none, or none that this user may see.
 */
export async function findUnixListeningPids(path: string): Promise<number[]> {
  const listeners = await findUnixListeners(path);
  const root = await rootOf(listeners);
  return root === null ? await topmost(listeners) : [root];
}

/** The process that all listeners have in common. */
async function rootOf(holders: readonly number[]): Promise<number | null> {
  const own = await ancestry();
  // Whoever opens a socket for a server that it then starts (systemd) holds it as well, and is not the server.
  const handedOn = holders.filter((pid) => pid !== 1 && (pid === Deno.pid || !own.includes(pid)));
  const listeners = handedOn.length === 0 ? holders : handedOn;
  const pid = commonAncestor(await Promise.all(listeners.map((listener) => ancestry(listener))));
  if (pid === null || listeners.includes(pid)) return pid;
  // Neither init nor the shell that started both a server and this program is a server.
  return pid === 1 || own.includes(pid) ? null : pid;
}

/** Those that descend from none of the others. */
async function topmost(pids: readonly number[]): Promise<number[]> {
  const lines = await Promise.all(pids.map((pid) => ancestry(pid)));
  return pids.filter((pid, i) => !lines[i]!.some((ancestor) => ancestor !== pid && pids.includes(ancestor)));
}

/**
 * A process and all that descend from it. Threads are part of their process and not counted.
 *
 * @param pid Process id of the root.
 * @returns Process ids, the root first; empty if it is gone.
 */
export async function processTree(pid: number): Promise<number[]> {
  return await isProcReadable() ? await procTree(pid) : descendants(await listProcesses(), pid);
}

/**
 * Memory of some processes in all. One that is gone by the time it is read is left out.
 *
 * @param pids Process ids.
 * @param kind PSS counts shared pages once (Linux only), RSS once for each process that maps them.
 * @returns Bytes, or `null` if none of the processes is left.
 * @throws {Deno.errors.PermissionDenied} If the kernel does not show this user the PSS of one of them.
 */
export async function processMemory(pids: readonly number[], kind: MemoryKind): Promise<number | null> {
  if (await isProcReadable()) return sum(await Promise.all(pids.map((pid) => procMemory(pid, kind))));
  const listed = await listProcesses();
  return sum(pids.map((pid) => listed.find((process) => process.pid === pid)?.residentBytes ?? null));
}

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? known.reduce((total, value) => total + value, 0) : null;
}

/**
 * Memory of a server's process trees as they are now, each process once; cheaper than {@linkcode processTree} and
 * {@linkcode processMemory} in turn where the system's tools must be run.
 *
 * @param roots Process id of the root, or of several.
 * @param kind As of {@linkcode processMemory}.
 * @returns The trees and their memory, or `null` if a root is gone or has ended.
 * @throws {Deno.errors.PermissionDenied} If the kernel does not show this user the PSS of one of them.
 */
export async function treeMemory(roots: number | readonly number[], kind: MemoryKind): Promise<TreeMemory | null> {
  const all = [roots].flat();
  const listed = await isProcReadable() ? null : await listProcesses();
  const trees = await Promise.all(all.map((root) => listed ? descendants(listed, root) : procTree(root)));
  const pids = [...new Set(trees.flat())];
  const each = await Promise.all(
    pids.map((pid) =>
      listed ? listed.find((process) => process.pid === pid)?.residentBytes ?? null : procMemory(pid, kind)
    ),
  );
  const held = new Map(pids.flatMap((pid, i) => each[i] === null ? [] : [[pid, each[i]!]]));
  return all.every((root) => held.has(root)) ? { pids, bytes: sum(each) ?? 0, each: held } : null;
}

/**
 * The better way to count the memory of these processes.
 *
 * @param pids Process ids.
 * @returns `pss` if the kernel shows it for each of them, else `rss`.
 */
export async function bestMemoryKind(pids: readonly number[]): Promise<MemoryKind> {
  if (!await isProcReadable()) return "rss";
  try {
    return await processMemory(pids, "pss") === null ? "rss" : "pss";
  } catch {
    return "rss";
  }
}

/**
 * The short name of a process.
 *
 * @param pid Process id.
 * @returns Its name, or `null` if it is gone.
 */
export async function processName(pid: number): Promise<string | null> {
  if (await isProcReadable()) return await procName(pid);
  return (await listProcesses()).find((process) => process.pid === pid)?.name ?? null;
}
