import { systemClock } from "../core/clock.ts";
import type { Target } from "../core/target.ts";
import { readCores } from "../observe/host_cores.ts";
import { isLocalHost } from "../observe/local_host.ts";
import type { LevelOptions } from "./settings/options.ts";

/**
 * Whether the address of a target's server is one of this machine.
 *
 * @param target Where requests go.
 */
export async function isHere({ url, unixSocket }: Pick<Target, "url" | "unixSocket">): Promise<boolean> {
  return unixSocket !== undefined || await isLocalHost(new URL(url).hostname);
}

/**
 * Cores of this machine that the client shares with the server: those that it may use, or all of them where it is bound to
 * some, as the server may be to others.
 *
 * @param target Where requests go.
 * @param options The clock: CPU time means nothing in simulated time.
 * @returns `null` where the server's address is another machine's.
 */
export async function sharedCores(target: Target, { clock = systemClock }: LevelOptions): Promise<number | null> {
  if (clock !== systemClock || !await isHere(target)) return null;
  const { host, isBound } = await readCores();
  return isBound ? host : navigator.hardwareConcurrency;
}
