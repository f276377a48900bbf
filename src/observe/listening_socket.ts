import type { ListeningSocket } from "./process_list.ts";
import { listListeningSockets } from "./process_list.ts";
import { isProcReadable, procPids, procSocketInodes, procTcpTables, procUnixTable } from "./proc_fs.ts";

/** A listening socket of the kernel's table, not yet joined with its processes. */
export interface TcpTableRow {
  /** Address that it is bound to. */
  readonly address: string;
  /** Port. */
  readonly port: number;
  /** Inode, by which its holders are found. */
  readonly inode: string;
}

/** A listening Unix socket of the kernel's table, not yet joined with its processes. */
export interface UnixTableRow {
  /** Path that it is bound to: a relative one starts where its server ran then. */
  readonly path: string;
  /** Inode, by which its holders are found. */
  readonly inode: string;
}

const STATE_LISTEN = "0A";

/** The kernel prints an address as 32-bit words in host order, which is little-endian wherever Deno runs. */
function addressFromHex(hex: string): string {
  const bytes: number[] = [];
  for (let word = 0; word < hex.length; word += 8) {
    for (let at = word + 6; at >= word; at -= 2) bytes.push(parseInt(hex.slice(at, at + 2), 16));
  }
  if (bytes.length === 4) return bytes.join(".");
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (isMapped) return bytes.slice(12).join(".");
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i]! * 256 + bytes[2 * i + 1]!).toString(16));
  return canonicalAddress(groups.join(":"));
}

/**
 * One spelling of an address: IPv6 shortened as URLs do, without a zone; IPv4 and names unchanged.
 *
 * @param address An address.
 * @returns Its canonical spelling.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { canonicalAddress } from "./listening_socket.ts";
 * assertEquals(canonicalAddress("0:0:0:0:0:0:0:1"), "::1");
 * assertEquals(canonicalAddress("[FE80::1%eth0]"), "fe80::1");
 * assertEquals(canonicalAddress("::ffff:127.0.0.1"), "127.0.0.1");
 * ```
 */
export function canonicalAddress(address: string): string {
  const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  const mapped = bare.match(/^::ffff:(\d+\.\d+\.\d+\.\d+)$/i)?.[1];
  if (mapped !== undefined) return mapped;
  if (!bare.includes(":") || !URL.canParse(`http://[${bare}]`)) return bare;
  return new URL(`http://[${bare}]`).hostname.slice(1, -1);
}

/**
 * Listening sockets in the text of `/proc/net/tcp` or `/proc/net/tcp6`; pure.
 *
 * @param table The text.
 * @returns One row per listening socket.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseTcpTable } from "./listening_socket.ts";
 * const row = "0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0";
 * assertEquals(parseTcpTable(row), [{ address: "127.0.0.1", port: 8000, inode: "4242" }]);
 * ```
 */
export function parseTcpTable(table: string): TcpTableRow[] {
  return table.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [, local, , state] = fields;
    const inode = fields[9];
    const [hexAddress, hexPort] = local?.split(":") ?? [];
    if (state !== STATE_LISTEN || !hexAddress || !hexPort || !inode) return [];
    return [{ address: addressFromHex(hexAddress), port: parseInt(hexPort, 16), inode }];
  });
}

/**
 * The sockets that take a connection to one of the addresses; pure. A socket bound to the very address takes it before
 * one bound to a wildcard, as the kernel decides.
 *
 * @param sockets Listening sockets of any address.
 * @param port Port that is connected to.
 * @param addresses Addresses that are connected to.
 * @returns Those that would answer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { answeringSockets } from "./listening_socket.ts";
 * const any = { address: "0.0.0.0", port: 8000 }, own = { address: "127.0.0.1", port: 8000 };
 * assertEquals(answeringSockets([any, own], 8000, ["127.0.0.1"]), [own]);
 * assertEquals(answeringSockets([any, own], 8000, ["192.0.2.7"]), [any]);
 * ```
 */
export function answeringSockets<T extends { readonly address: string; readonly port: number }>(
  sockets: readonly T[],
  port: number,
  addresses: readonly string[],
): T[] {
  const onPort = sockets.filter((socket) => socket.port === port);
  const exact = onPort.filter((socket) => addresses.includes(canonicalAddress(socket.address)));
  return exact.length > 0 ? exact : onPort.filter(({ address }) => address === "0.0.0.0" || address === "::");
}

/**
 * The sockets that answer on a port of this host, with the processes that hold them. A socket that a server opened
 * before it forked is held by all its workers.
 *
 * @param port Port that is connected to.
 * @param addresses Addresses that are connected to.
 * @returns The sockets; `pids` is empty where another user's processes hold one.
 */
export async function findListeningSockets(port: number, addresses: readonly string[]): Promise<ListeningSocket[]> {
  if (!await isProcReadable()) return answeringSockets(await listListeningSockets(), port, addresses);
  const rows = answeringSockets(parseTcpTable(await procTcpTables()), port, addresses);
  if (rows.length === 0) return [];
  const holders = await holdersOf(rows.map((row) => row.inode));
  return rows.map(({ address, port, inode }) => ({ address, port, pids: holders.get(inode) ?? [] }));
}

/**
 * Unix sockets that listen, in the text of `/proc/net/unix`; pure.
 *
 * @param table The text.
 * @returns Of each its inode, and its path as its server wrote it; none of those without a path.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseUnixTable } from "./listening_socket.ts";
 * const listening = "0000000000000000: 00000002 00000000 00010000 0001 01 4242 /run/a model.sock";
 * const connected = "0000000000000000: 00000003 00000000 00000000 0001 03 4243 /run/a model.sock";
 * assertEquals(parseUnixTable(`${listening}\n${connected}\n`), [{ path: "/run/a model.sock", inode: "4242" }]);
 * ```
 */
export function parseUnixTable(table: string): UnixTableRow[] {
  return table.split("\n").flatMap((line) => {
    const [, flags = "", inode = "", path = ""] = line.match(/^(?:\S+ +){3}(\S+) +\S+ +\S+ +(\d+) ([^@].*)$/) ?? [];
    return (parseInt(flags, 16) & 0x10000) === 0 ? [] : [{ path, inode }];
  });
}

/**
 * The processes that hold a listening Unix socket, by whatever path its server and we call it. Linux only.
 *
 * @param path Path of the socket.
 * @returns Process ids; empty where there is none, or another user's.
 */
export async function findUnixListeners(path: string): Promise<number[]> {
  const wanted = await isProcReadable() ? await realPath(path) : null;
  if (wanted === null) return [];
  const rows: UnixTableRow[] = [];
  for (const row of parseUnixTable(await procUnixTable())) {
    if (!row.path.startsWith("/") || await realPath(row.path) === wanted) rows.push(row);
  }
  const holders = await holdersOf(rows.map(({ inode }) => inode));
  const found: number[] = [];
  for (const { path, inode } of rows) {
    for (const pid of holders.get(inode) ?? []) {
      if (path.startsWith("/") || await realPath(`/proc/${pid}/cwd/${path}`) === wanted) found.push(pid);
    }
  }
  return [...new Set(found)];
}

/** `null` where there is nothing, or nothing that this user may see. */
async function realPath(path: string): Promise<string | null> {
  return await Deno.realPath(path).catch(() => null);
}

/** Process ids by the inode of the socket that they hold. */
async function holdersOf(inodes: readonly string[]): Promise<Map<string, number[]>> {
  const holders = new Map<string, number[]>(inodes.map((inode) => [inode, []]));
  if (inodes.length === 0) return holders;
  await Promise.all((await procPids()).map(async (pid) => {
    for (const inode of new Set(await procSocketInodes(pid))) holders.get(inode)?.push(pid);
  }));
  return holders;
}
