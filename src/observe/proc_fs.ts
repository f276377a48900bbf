import { isEverythingPermitted } from "./permission.ts";

/** How the memory of a process is counted: PSS splits shared pages among their users, RSS counts them for each. */
export type MemoryKind = "pss" | "rss";

const BYTES_PER_KIB = 1024;
/** The kernel's fixed inode of the first pid namespace (PROC_PID_INIT_INO). */
const INITIAL_PID_NAMESPACE = "pid:[4026531836]";

/**
 * Whether this host has a `/proc` of Linux that this program may read.
 *
 * @returns True on Linux under `-A`.
 */
export async function isProcReadable(): Promise<boolean> {
  return Deno.build.os === "linux" && await isEverythingPermitted();
}

/**
 * Whether process ids here are those that the host's drivers know; a container's are not, nor those of WSL.
 *
 * @returns True on Linux outside of any pid namespace.
 */
export async function hasHostPids(): Promise<boolean> {
  return await isProcReadable() && !/microsoft/i.test(Deno.osRelease()) &&
    await Deno.readLink("/proc/self/ns/pid") === INITIAL_PID_NAMESPACE;
}

/** A file below `/proc`, or `null` if its process or thread is not seen: they come and go between listing and reading. */
async function readProc(path: string, isNone: (error: unknown) => boolean = isUnseen): Promise<string | null> {
  try {
    return await Deno.readTextFile(`/proc/${path}`);
  } catch (error) {
    if (isNone(error)) return null;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  // ESRCH has no class of its own in Deno.
  return error instanceof Deno.errors.NotFound || (error instanceof Error && error.message.includes("(os error 3)"));
}

/** Some systems hide the processes of other users (`hidepid`), which are then as good as gone. */
function isUnseen(error: unknown): boolean {
  return isGone(error) || error instanceof Deno.errors.PermissionDenied;
}

async function listProc(path: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(`/proc/${path}`)) names.push(entry.name);
  } catch (error) {
    if (!isUnseen(error)) throw error;
  }
  return names;
}

/**
 * Every process of this host that is seen from here.
 *
 * @returns Process ids.
 */
export async function procPids(): Promise<number[]> {
  return (await listProc("")).filter((name) => /^\d+$/.test(name)).map(Number);
}

/**
 * The parent of a process.
 *
 * @param pid Process id.
 * @returns Its parent's id, or `null` if the process is gone or has no parent here.
 */
export async function procParent(pid: number): Promise<number | null> {
  const parent = Number((await procStat(pid))?.[1] ?? 0);
  return parent > 0 ? parent : null;
}

/**
 * The fields of a process's `stat`, from its state on.
 *
 * @param pid Process id.
 * @returns `null` if it is gone.
 */
export async function procStat(pid: number): Promise<string[] | null> {
  const stat = await readProc(`${pid}/stat`);
  // The name stands in parentheses and may hold any character: `pid (name) state ppid ...`.
  return stat === null ? null : stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/**
 * What the kernel says of a process in words.
 *
 * @param pid Process id.
 * @returns The text of its `status`; `null` if it is gone.
 */
export async function procStatus(pid: number): Promise<string | null> {
  return await readProc(`${pid}/status`);
}

/**
 * The short name of a process, at most 15 characters.
 *
 * @param pid Process id.
 * @returns Its name, or `null` if it is gone.
 */
export async function procName(pid: number): Promise<string | null> {
  return (await readProc(`${pid}/comm`))?.trimEnd() ?? null;
}

/**
 * The command line of a process.
 *
 * @param pid Process id.
 * @returns Its words; empty for one of the kernel's own, `null` if it is gone or this host has no `/proc` to read.
 */
export async function procArguments(pid: number): Promise<string[] | null> {
  if (!await isProcReadable()) return null;
  const text = await readProc(`${pid}/cmdline`);
  return text === null ? null : text.replace(/\0+$/, "").split("\0").filter((word) => word !== "");
}

async function childrenOf(pid: number): Promise<number[]> {
  // Any thread may have forked, and each thread lists its own children.
  const threads = await listProc(`${pid}/task`);
  const lists = await Promise.all(threads.map((thread) => readProc(`${pid}/task/${thread}/children`)));
  return lists.flatMap((list) => list?.trim() ? list.trim().split(" ").map(Number) : []);
}

async function childrenByParent(): Promise<Map<number, number[]>> {
  const children = new Map<number, number[]>();
  await Promise.all((await procPids()).map(async (pid) => {
    const parent = await procParent(pid);
    if (parent !== null) children.set(parent, [...children.get(parent) ?? [], pid]);
  }));
  return children;
}

/** Some kernels and sandboxes are built without `children` files. */
async function hasChildrenFiles(): Promise<boolean> {
  return await readProc(`${Deno.pid}/task/${Deno.pid}/children`) !== null;
}

/**
 * A process and all that descend from it, threads apart.
 *
 * @param pid Process id of the root.
 * @returns Process ids, the root first; empty if the root is gone.
 */
export async function procTree(pid: number): Promise<number[]> {
  if (await procParent(pid) === null && await procName(pid) === null) return [];
  const scanned = await hasChildrenFiles() ? null : await childrenByParent();
  const tree = [pid];
  for (let level = tree; level.length > 0;) {
    const children = await Promise.all(level.map((parent) => scanned?.get(parent) ?? childrenOf(parent)));
    level = children.flat();
    tree.push(...level);
  }
  return tree;
}

/**
 * Memory of one process.
 *
 * @param pid Process id.
 * @param kind PSS from `smaps_rollup`, or RSS from `status`.
 * @returns Bytes, or `null` if the process is gone or has no memory of its own (a zombie).
 * @throws {Deno.errors.PermissionDenied} If the kernel does not show this user the PSS of that process.
 */
export async function procMemory(pid: number, kind: MemoryKind): Promise<number | null> {
  const text = await (kind === "pss" ? readProc(`${pid}/smaps_rollup`, isGone) : readProc(`${pid}/status`));
  const kibibytes = text?.match(kind === "pss" ? /^Pss:\s+(\d+) kB$/m : /^VmRSS:\s+(\d+) kB$/m)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * BYTES_PER_KIB;
}

/**
 * The sockets that a process holds.
 *
 * @param pid Process id.
 * @returns Inodes of its sockets; empty if it is gone or belongs to another user.
 */
export async function procSocketInodes(pid: number): Promise<string[]> {
  const descriptors = await listProc(`${pid}/fd`);
  const links = await Promise.all(
    descriptors.map((descriptor) => Deno.readLink(`/proc/${pid}/fd/${descriptor}`).catch(() => "")),
  );
  return links.flatMap((link) => link.match(/^socket:\[(\d+)\]$/)?.[1] ?? []);
}

/**
 * Tables of TCP sockets of this host's network namespace.
 *
 * @returns The text of `/proc/net/tcp` and `/proc/net/tcp6`, one after the other.
 */
export async function procTcpTables(): Promise<string> {
  return (await readProc("net/tcp") ?? "") + (await readProc("net/tcp6") ?? "");
}

/**
 * The kernel's table of Unix sockets.
 *
 * @returns The text of `/proc/net/unix`.
 */
export async function procUnixTable(): Promise<string> {
  return await readProc("net/unix") ?? "";
}

/**
 * Some of the variables that a process was started with.
 *
 * @param pid Process id.
 * @param names Names of the variables.
 * @returns Those that are set; `null` if the process is gone, belongs to another user, or this host has no `/proc` to read.
 */
export async function procVariables(
  pid: number,
  names: readonly string[],
): Promise<Readonly<Record<string, string>> | null> {
  if (!await isProcReadable()) return null;
  const entries = (await readProc(`${pid}/environ`))?.split("\0").map((entry) => entry.split(/=(.*)/s, 2));
  if (entries === undefined) return null;
  return Object.fromEntries(entries.filter(([name]) => names.includes(name!)));
}
