import process from "node:process";
import { systemClock } from "../core/clock.ts";
import type { BusyMachine, BusyProgram } from "../results/evidence/busy_machine.ts";
import { readCores } from "./host_cores.ts";
import { isPermitted } from "./permission.ts";
import { isProcReadable, procName, procParent, procPids, procStat } from "./proc_fs.ts";

/** How busy this host is. */
export interface HostLoad {
  /** Processes that ran or wanted to, mean of the last minute; `null` where the system does not say. */
  readonly loadAverage1m: number | null;
  /** Logical cores of the host. */
  readonly cores: number;
  /** True if over half of the cores were in use: what is measured now competes with something else. */
  readonly busy: boolean;
}

/** How long programs are looked at, ms: in less the kernel's count of 10 ms tells nothing. */
const LOOK_MS = 300;
/** Length of the kernel's count, ms (`USER_HZ` of Linux). */
const TICK_MS = 10;
/** Programs that used fewer cores are not named. */
const WORTH_NAMING = 0.1;
/** Most programs that are named. */
const MOST_NAMED = 3;

/**
 * How busy this host is before a test begins.
 *
 * @returns The load; not known on Windows and without permission, which is not busy.
 */
export async function hostBusy(): Promise<HostLoad> {
  const isKnown = Deno.build.os !== "windows" && await isPermitted({ name: "sys", kind: "loadavg" });
  const loadAverage1m = isKnown ? Deno.loadavg()[0]! : null;
  const { host: cores } = await readCores();
  return { loadAverage1m, cores, busy: loadAverage1m !== null && loadAverage1m > 0.5 * cores };
}

/**
 * How busy this host is before a test begins, and with what.
 *
 * @returns `null` where it is not, or nobody knows.
 */
export async function busyMachine(): Promise<BusyMachine | null> {
  const { busy, loadAverage1m, cores } = await hostBusy();
  return busy ? { loadAverage1m: loadAverage1m!, cores, programs: await busyPrograms() } : null;
}

/**
 * The programs that use most of this host's cores at this moment, without this one and those that started it.
 *
 * @returns The busiest first, those of one name together; empty where they cannot be seen or none uses much.
 */
export async function busyPrograms(): Promise<readonly BusyProgram[]> {
  if (!await isProcReadable()) return [];
  const own = await ownPids();
  const pids = (await procPids()).filter((pid) => !own.has(pid));
  const used = async () => new Map(await Promise.all(pids.map(async (pid) => [pid, await cpuMs(pid)] as const)));
  const before = await used(), startMs = systemClock.now();
  await systemClock.sleep(LOOK_MS);
  const after = await used(), elapsedMs = systemClock.now() - startMs;
  const cores = new Map<string, number>();
  for (const pid of pids) {
    const from = before.get(pid) ?? null, to = after.get(pid) ?? null;
    if (from === null || to === null || to <= from) continue;
    const name = await procName(pid);
    if (name !== null) cores.set(name, (cores.get(name) ?? 0) + (to - from) / elapsedMs);
  }
  return [...cores].map(([name, cores]) => ({ name, cores }))
    .filter(({ cores }) => cores >= WORTH_NAMING)
    .sort((a, b) => b.cores - a.cores)
    .slice(0, MOST_NAMED);
}

/** This process and all that it descends from. */
async function ownPids(): Promise<ReadonlySet<number>> {
  const own = new Set<number>();
  for (let pid: number | null = process.pid; pid !== null && !own.has(pid); pid = await procParent(pid)) own.add(pid);
  return own;
}

/** CPU time of a process so far, ms; `null` if it is gone. */
async function cpuMs(pid: number): Promise<number | null> {
  const stat = await procStat(pid);
  // Fields 14 and 15 of `stat`: in user mode, and in the kernel.
  return stat === null ? null : TICK_MS * (Number(stat[11]) + Number(stat[12]));
}
