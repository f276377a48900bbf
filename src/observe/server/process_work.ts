import { isProcReadable, procPids, procStat, procStatus } from "../proc_fs.ts";

/** What a process has used since it began. */
export interface ProcessWork {
  /** Process id. */
  readonly pid: number;
  /** When it began, in ticks since the machine did: a process id may be given again. */
  readonly startTicks: number;
  /** CPU time of all its threads, ms; the kernel tells it in steps of 10. */
  readonly cpuMs: number;
  /** Memory that is its own, that of files apart, bytes. */
  readonly ownBytes: number;
  /** How often its first thread has waited for something. */
  readonly waits: number;
}

/** The kernel counts CPU time for user space in hundredths of a second on every machine that Deno runs on. */
const MS_PER_TICK = 10;

/**
 * What processes of this machine have used so far, those of the kernel apart. Linux only.
 *
 * @param pids Which. @default {all that are seen from here}
 * @returns By process id; one that is gone is left out.
 */
export async function processWork(pids?: readonly number[]): Promise<ReadonlyMap<number, ProcessWork>> {
  if (!await isProcReadable()) return new Map();
  const read = await Promise.all((pids ?? await procPids()).map(workOf));
  return new Map(read.flatMap((work) => work === null ? [] : [[work.pid, work]]));
}

async function workOf(pid: number): Promise<ProcessWork | null> {
  const [stat, status] = await Promise.all([procStat(pid), procStatus(pid)]);
  const kibibytes = status?.match(/^RssAnon:\s+(\d+) kB$/m)?.[1];
  if (stat === null || kibibytes === undefined) return null;
  // Fields are numbered from 1 in proc(5), and the first two stand before these: utime 14, stime 15, starttime 22.
  const [utime, stime, starttime] = [14, 15, 22].map((field) => Number(stat[field - 3]));
  return {
    pid,
    startTicks: starttime!,
    cpuMs: (utime! + stime!) * MS_PER_TICK,
    ownBytes: Number(kibibytes) * 1024,
    waits: Number(status?.match(/^voluntary_ctxt_switches:\s+(\d+)$/m)?.[1] ?? 0),
  };
}

/** What a process used between two moments. */
export interface WorkDone {
  /** CPU time, ms. */
  readonly cpuMs: number;
  /** What its own memory grew by, bytes. */
  readonly grownBytes: number;
  /** How often its first thread waited for something. */
  readonly waits: number;
}

/**
 * What one process used between two moments; pure.
 *
 * @param before At the first moment.
 * @param after At the second.
 * @returns `null` where it is not the same process, or was not there at one of them.
 */
export function workBetween(before: ProcessWork | undefined, after: ProcessWork | undefined): WorkDone | null {
  if (before === undefined || after === undefined || before.startTicks !== after.startTicks) return null;
  return {
    cpuMs: after.cpuMs - before.cpuMs,
    grownBytes: after.ownBytes - before.ownBytes,
    waits: after.waits - before.waits,
  };
}
