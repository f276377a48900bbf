/**
 * Sends a signal to a process group; on Windows, which has none, to its first process.
 *
 * @param group Its id, which is that of its first process.
 * @param signal The signal.
 * @returns False where there is nothing left of it.
 */
export function signalGroup(group: number, signal: Deno.Signal): boolean {
  try {
    Deno.kill(Deno.build.os === "windows" ? group : -group, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a process of a group runs. One that has ended, and of which its parent has not heard, is still there and runs no more.
 *
 * @param group Its id.
 */
export function isGroupRunning(group: number): boolean {
  if (!signalGroup(group, "SIGCONT")) return false;
  if (Deno.build.os !== "linux" || Deno.permissions.querySync({ name: "read" }).state !== "granted") return true;
  try {
    return [...Deno.readDirSync("/proc")].some(({ name }) => /^\d+$/.test(name) && runsIn(group, name));
  } catch {
    return true;
  }
}

function runsIn(group: number, pid: string): boolean {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // The name stands in parentheses and may hold any character: `pid (name) state ppid group ...`.
    const [state, , of] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(of) === group && !/[ZX]/.test(state!);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}
