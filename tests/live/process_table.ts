/** Processes and their resident memory as `ps` sees them: nothing of what is tested is used. */
export interface PsTree {
  /** Process ids, ascending. */
  readonly pids: readonly number[];
  /** Resident memory of all of them, bytes. */
  readonly residentBytes: number;
}

/**
 * A process and its descendants by `ps`.
 *
 * @param root Process id.
 */
export async function psTree(root: number): Promise<PsTree> {
  const { stdout } = await new Deno.Command("ps", { args: ["-e", "-o", "pid=,ppid=,rss="] }).output();
  const rows = new TextDecoder().decode(stdout).trim().split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const pids = [root];
  for (const pid of pids) {
    for (const [child, parent] of rows) if (parent === pid) pids.push(child!);
  }
  const kilobytes = rows.filter(([pid]) => pids.includes(pid!)).reduce((sum, [, , rss]) => sum + rss!, 0);
  return { pids: pids.toSorted((a, b) => a - b), residentBytes: kilobytes * 1024 };
}
