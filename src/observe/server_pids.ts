import { isEverythingPermitted } from "./permission.ts";
import { findListeningPid, findUnixListeningPid, processTree } from "./process_tree.ts";

/**
 * The processes of a server on this machine: those that belong to the one which listens at its address.
 *
 * @param address Where it listens.
 * @param pid The first of them, where it is known.
 * @returns None where they cannot be told: without all permissions, or in a container.
 */
export async function serverPids(
  { url, unixSocket }: { readonly url: string; readonly unixSocket?: string },
  pid?: number,
): Promise<readonly number[]> {
  if (!await isEverythingPermitted()) return [];
  const { hostname, port, protocol } = new URL(url);
  const root = pid ??
    (unixSocket === undefined
      ? await findListeningPid(Number(port || (protocol === "https:" ? 443 : 80)), hostname)
      : await findUnixListeningPid(unixSocket));
  return root === null ? [] : await processTree(root);
}
