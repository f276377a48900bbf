import { cpus } from "node:os";
import { readCgroupLimits } from "./cgroup.ts";
import { isEverythingPermitted, isPermitted } from "./permission.ts";

/** Logical cores. */
export interface Cores {
  /** Those of the host. */
  readonly host: number;
  /** Those that this process may use; a fraction where a container or a service limits its processor time. */
  readonly usable: number;
  /** Whether this process is bound to some of them: others may be bound to the rest. */
  readonly isBound: boolean;
}

/**
 * The cores of this host, and those of them that this process may use.
 *
 * @returns What Deno counts of them, where it may not be asked for the host's.
 */
export async function readCores(): Promise<Cores> {
  const counted = navigator.hardwareConcurrency;
  const host = await isPermitted({ name: "sys", kind: "cpus" }) ? cpus().length : 0;
  return coresWithin(host || counted, counted, await isEverythingPermitted() ? readCgroupLimits().cores : null);
}

/**
 * Tells what keeps a process from cores of its host; pure.
 *
 * @param host Logical cores of the host.
 * @param counted Those that the runtime counts: it knows what the process is bound to, and quotas in whole cores, one at least.
 * @param quota Processor time that it may use, cores; `null` where it is not limited, or that cannot be read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { coresWithin } from "./host_cores.ts";
 * assertEquals(coresWithin(64, 64, null), { host: 64, usable: 64, isBound: false });
 * assertEquals(coresWithin(8, 8, 16), { host: 8, usable: 8, isBound: false });
 * assertEquals(coresWithin(64, 1, 1.5), { host: 64, usable: 1.5, isBound: false });
 * assertEquals(coresWithin(64, 1, 4), { host: 64, usable: 1, isBound: true });
 * assertEquals(coresWithin(64, 1, null), { host: 64, usable: 1, isBound: true });
 * ```
 */
export function coresWithin(host: number, counted: number, quota: number | null): Cores {
  const isQuota = quota !== null && Math.max(1, Math.floor(quota)) <= counted;
  return { host, usable: isQuota ? Math.min(host, quota) : counted, isBound: !isQuota && counted < host };
}
