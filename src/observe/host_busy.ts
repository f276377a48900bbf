import { isPermitted } from "./permission.ts";

/** How busy this host is. */
export interface HostLoad {
  /** Processes that ran or wanted to, mean of the last minute; `null` where the system does not say. */
  readonly loadAverage1m: number | null;
  /** Logical cores of the host. */
  readonly cores: number;
  /** True if over half of the cores were in use: what is measured now competes with something else. */
  readonly busy: boolean;
}

/**
 * How busy this host is before a test begins.
 *
 * @returns The load; not known on Windows and without permission, which is not busy.
 */
export async function hostBusy(): Promise<HostLoad> {
  const isKnown = Deno.build.os !== "windows" && await isPermitted({ name: "sys", kind: "loadavg" });
  const loadAverage1m = isKnown ? Deno.loadavg()[0]! : null;
  const cores = navigator.hardwareConcurrency;
  return { loadAverage1m, cores, busy: loadAverage1m !== null && loadAverage1m > 0.5 * cores };
}
