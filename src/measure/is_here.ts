import type { Target } from "../core/target.ts";
import { isLocalHost } from "../observe/local_host.ts";

/**
 * Whether the address of a target's server is one of this machine.
 *
 * @param target Where requests go.
 */
export async function isHere({ url, unixSocket }: Pick<Target, "url" | "unixSocket">): Promise<boolean> {
  return unixSocket !== undefined || await isLocalHost(new URL(url).hostname);
}
