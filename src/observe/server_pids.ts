import type { StartedServer } from "../core/started_server.ts";
import { isAbsent } from "./absent.ts";
import { isEverythingPermitted } from "./permission.ts";
import { findListeningPids, findUnixListeningPids, processTree } from "./process_tree.ts";
import { findRoots } from "./server/roots.ts";

/** Where a server of this machine listens. */
export interface ListeningServer {
  /** Its base URL. */
  readonly url: string;
  /** Unix socket that leads to it, instead of the URL's host and port. */
  readonly unixSocket?: string;
  /** Its process, where it was started for this run. */
  readonly started?: Pick<StartedServer, "pid">;
}

/**
 * The processes of a server on this machine: those that belong to the one which listens at its address.
 *
 * @param server Where it listens.
 * @param pid The first of them, or of each tree, where they are known.
 * @returns None where they cannot be told: without all permissions, in a container, or where what listens only passes
 *     requests on.
 */
export async function serverPids(
  { url, unixSocket, started }: ListeningServer,
  pid?: number | readonly number[],
): Promise<readonly number[]> {
  if (!await isEverythingPermitted()) return [];
  const socket = unixSocket === undefined ? {} : { unixSocket };
  const roots = pid === undefined
    ? await findRoots({ ...addressOf(url), ...socket, started: () => started?.pid ?? null, mayBeOwn: true })
    : [pid].flat();
  return isAbsent(roots) ? [] : await treesOf(roots);
}

/**
 * The processes that listen at a server's address, whether they serve or pass requests on, and all that descend from them.
 *
 * @param server Where it listens.
 * @returns None where they cannot be told.
 */
export async function listeningPids({ url, unixSocket }: ListeningServer): Promise<readonly number[]> {
  if (!await isEverythingPermitted()) return [];
  const { port, host } = addressOf(url);
  const roots = unixSocket === undefined ? findListeningPids(port, host) : findUnixListeningPids(unixSocket);
  return await treesOf(await roots);
}

function addressOf(url: string) {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: Number(port || (protocol === "https:" ? 443 : 80)) };
}

async function treesOf(roots: readonly number[]): Promise<readonly number[]> {
  return [...new Set((await Promise.all(roots.map((root) => processTree(root)))).flat())];
}
