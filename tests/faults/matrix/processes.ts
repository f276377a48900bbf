/** What Linux tells of processes; nothing elsewhere. */

/** Environment variable by which all processes of a cell are known, also those whose parent is gone. */
export const MARK = "TORCHGAUGE_FAULTS_CELL";

/**
 * Highest resident memory that a process had so far, MB; `null` where it is gone or the system does not tell.
 *
 * @param pid The process.
 */
export async function peakMegabytes(pid: number): Promise<number | null> {
  const status = await read(`/proc/${pid}/status`);
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(status);
  return found === null ? null : Number(found[1]) / 1024;
}

/**
 * Processes that carry a mark in their environment.
 *
 * @param mark The value of {@linkcode MARK}.
 * @returns Their ids and command lines.
 */
export async function processesWith(mark: string): Promise<readonly string[]> {
  if (Deno.build.os !== "linux") return [];
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name) || !(await read(`/proc/${name}/environ`)).includes(`${MARK}=${mark}\0`)) continue;
    // A process that ended and waits to be collected has no command line.
    const command = (await read(`/proc/${name}/cmdline`)).replaceAll("\0", " ").trim();
    if (command !== "") found.push(`${name} ${command}`);
  }
  return found;
}

async function read(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return "";
  }
}
