import type { Absent } from "../absent.ts";
import { isLocalHost } from "../local_host.ts";
import { isEverythingPermitted } from "../permission.ts";
import { ancestry, findListeningPids, findUnixListeningPids, processName, processTree } from "../process_tree.ts";
import { passesOn } from "./identity.ts";

/** How the processes of a server are found. */
export interface RootOptions {
  /** Roots of its process trees; otherwise the processes that listen on `port`. */
  readonly pids?: readonly number[];
  /** Port that the server listens on. */
  readonly port?: number;
  /** Unix socket that the client connects to, instead of host and port. */
  readonly unixSocket?: string;
  /** The process that was started for it, now; `null` where none was. */
  readonly started?: () => number | null;
  /** Host that the client connects to. @default {"127.0.0.1"} */
  readonly host?: string;
  /** Whether a process that started the measuring one may be the server. @default {false} */
  readonly mayBeOwn?: boolean;
}

/**
 * The roots of a server's process trees: those that are given, else the process that listens, or all that share its port.
 *
 * @param options Which server.
 * @returns At least one, or why they cannot be had: programs that pass connections on are none.
 */
export async function findRoots(
  { pids, port, unixSocket, host = "127.0.0.1", started = () => null, mayBeOwn = false }: RootOptions,
): Promise<readonly number[] | Absent> {
  if (!await isEverythingPermitted()) return { absent: "reading the table of processes needs all permissions (-A)" };
  if (pids !== undefined) {
    const [missing] = await missingPids(pids);
    if (missing !== undefined) return { absent: `no process with id ${missing} is seen from here` };
    return await refuseOwn(pids);
  }
  if (unixSocket !== undefined) {
    const found = await findUnixListeningPids(unixSocket);
    if (found.length === 0) {
      return await startedAlone(started()) ??
        { absent: `no server that this user may see listens on ${unixSocket}` };
    }
    return await asStarted(found, started()) ?? await refuseForwarders(found, unixSocket, mayBeOwn);
  }
  if (port === undefined) return { absent: "neither a process id nor a port is known" };
  if (!await isLocalHost(host)) return { absent: `${host} is not this host` };
  const found = await findListeningPids(port, host);
  if (found.length === 0) {
    return await startedAlone(started()) ??
      { absent: `no single server that this user may see listens on port ${port} of ${host}` };
  }
  return await asStarted(found, started()) ?? await refuseForwarders(found, `port ${port}`, mayBeOwn);
}

/**
 * Those of some processes that are not seen from here.
 *
 * @param pids Process ids.
 */
export async function missingPids(pids: readonly number[]): Promise<readonly number[]> {
  const trees = await Promise.all(pids.map((pid) => processTree(pid)));
  return pids.filter((_, i) => trees[i]!.length === 0);
}

/** What was started is the server with all that it started, whichever of them listens. */
async function asStarted(pids: readonly number[], started: number | null): Promise<readonly number[] | null> {
  const lines = await Promise.all(pids.map((pid) => ancestry(pid)));
  return started !== null && lines.every((line) => line.includes(started)) ? [...new Set([...pids, started])] : null;
}

/** What was started, where it is not seen what listens: unless it may only pass requests on, as the client of a container does. */
async function startedAlone(started: number | null): Promise<readonly number[] | null> {
  const tree = started === null ? [] : await processTree(started);
  const passing = await Promise.all(tree.map((pid) => passesOn(pid)));
  return started === null || tree.length === 0 || passing.includes(true) ? null : [started];
}

/** Whoever gives the id of such a program means it; one that was found by its socket is not the server. */
async function refuseForwarders(
  pids: readonly number[],
  where: string,
  mayBeOwn: boolean,
): Promise<readonly number[] | Absent> {
  for (const pid of pids) {
    if (!await passesOn(pid)) continue;
    const name = await processName(pid);
    return {
      absent: `${name} (process ${pid}) listens on ${where} and passes requests on to the server, ` +
        "whose process id is to be given as pid",
    };
  }
  return mayBeOwn ? pids : await refuseOwn(pids);
}

async function refuseOwn(pids: readonly number[]): Promise<readonly number[] | Absent> {
  const own = await ancestry();
  for (const pid of pids) {
    if (pid === Deno.pid) return { absent: "the server runs inside the measuring process" };
    if (own.includes(pid)) return { absent: `process ${pid} started the measuring process` };
  }
  return pids;
}
