import { spawnPermitted } from "../core/process/spawn_permitted.ts";

/** Files that a run opens beside its connections. */
const SPARE = 16;

/** The limit of who started it and, where the system tells, how many files that has open; read from there, it needs no rights. */
const SCRIPT = 'ulimit -n; ls "/proc/$PPID/fd" 2>/dev/null | wc -l';

/**
 * How many more connections this process may open. It asks a shell, which may look where only all permissions would let this
 * process look.
 *
 * @returns `null` where the system does not tell, or sets no limit.
 */
export async function roomForConnections(): Promise<{ readonly room: number; readonly limit: number } | null> {
  if (Deno.build.os === "windows") return null;
  let told: string;
  try {
    const shell = spawnPermitted("/bin/sh", { args: ["-c", SCRIPT], stdin: "null", stdout: "piped", stderr: "null" });
    told = new TextDecoder().decode((await shell.output()).stdout);
  } catch {
    return null;
  }
  const [limit, open] = told.trim().split(/\s+/).map(Number);
  if (limit === undefined || open === undefined || !Number.isInteger(limit) || !Number.isInteger(open)) return null;
  return { room: Math.max(0, limit - open - SPARE), limit };
}
