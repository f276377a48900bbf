import { isEverythingPermitted } from "./permission.ts";
import { findListeningPids, findUnixListeningPids, processTree } from "./process_tree.ts";

/**
 * The processes of a server on this machine: those that belong to the one which listens at its address.
 *
 * @param address Where it listens.
 * @param pid The first of them, or of each tree, where they are known.
 * @returns None where they cannot be told: without all permissions, or in a container.
 */
export async function serverPids(
  { url, unixSocket }: { readonly url: string; readonly unixSocket?: string },
  pid?: number | readonly number[],
): Promise<readonly number[]> {
  if (!await isEverythingPermitted()) return [];
  const { hostname, port, protocol } = new URL(url);
  const roots = pid === undefined
    ? unixSocket === undefined
      ? await findListeningPids(Number(port || (protocol === "https:" ? 443 : 80)), hostname)
      : await findUnixListeningPids(unixSocket)
    : [pid].flat();
  return [...new Set((await Promise.all(roots.map((root) => processTree(root)))).flat())];
}
