import { isProcReadable } from "./proc_fs.ts";

/** Files that a run opens beside its connections. */
const SPARE = 16;

/**
 * How many more connections this process may open.
 *
 * @returns `null` where the system does not tell: Linux does, under `-A`.
 */
export async function roomForConnections(): Promise<{ readonly room: number; readonly limit: number } | null> {
  if (!await isProcReadable()) return null;
  const limits = await Deno.readTextFile("/proc/self/limits");
  const limit = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1]);
  if (!Number.isInteger(limit)) return null;
  let open = 0;
  for await (const _ of Deno.readDir("/proc/self/fd")) open++;
  return { room: Math.max(0, limit - open - SPARE), limit };
}
