/**
 * What the guard does when this process is gone without having released it: however that ended, the system closes its
 * stdin. `$0` is the process group, `$1` the signal, `$2` the seconds until it is killed.
 */
const SCRIPT = 'read -r _ || { kill -s "$1" -- "-$0"; sleep "$2"; kill -s KILL -- "-$0"; } 2>/dev/null';

/** A process that stops a process group once this process is gone, even if it was killed. */
export interface Guard {
  /** Ends the guard; the group is left alone. */
  release(): Promise<void>;
}

/**
 * Guards a process group.
 *
 * @param group Its id, which is that of its first process.
 * @param signal What it is stopped by.
 * @param graceMs How long it may take to end by that before it is killed, ms.
 * @returns `null` where the system has no process groups or no `sh`.
 */
export function openGuard(group: number, signal: Deno.Signal, graceMs: number): Guard | null {
  if (Deno.build.os === "windows") return null;
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("sh", {
      args: ["-c", SCRIPT, String(group), signal.replace(/^SIG/, ""), String(Math.ceil(graceMs / 1000))],
      stdin: "piped",
      stdout: "null",
      stderr: "null",
      // Ctrl-C in a terminal goes to the whole process group.
      detached: true,
    }).spawn();
  } catch {
    return null;
  }
  return {
    async release() {
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode("released\n")).catch(() => {});
      await writer.close().catch(() => {});
      await child.status;
    },
  };
}
