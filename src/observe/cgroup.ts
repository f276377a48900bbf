/** What a container or a service may use; `null` where it is not limited. */
export interface CgroupLimits {
  /** Processor time in cores, maybe a fraction. */
  readonly cores: number | null;
  /** Memory, bytes. */
  readonly memoryBytes: number | null;
}

/** Where to read; tests give their own. */
export interface CgroupOptions {
  /** Mount point of the cgroup v2 hierarchy. @default {"/sys/fs/cgroup"} */
  readonly root?: string;
  /** Text of `/proc/self/cgroup`. @default {the file's} */
  readonly membership?: string;
}

/**
 * Limits that cgroup v2 sets for this process: the smallest `cpu.max` and `memory.max` of its group and all above it.
 * Cgroup v1 is not read. Needs `-A`.
 *
 * @param options Where to read.
 * @returns The limits; all `null` where there is no cgroup v2.
 */
export function readCgroupLimits(options: CgroupOptions = {}): CgroupLimits {
  const root = options.root ?? "/sys/fs/cgroup";
  const membership = options.membership ?? readText("/proc/self/cgroup") ?? "";
  const group = membership.match(/^0::(\/.*)$/m)?.[1];
  if (group === undefined) return { cores: null, memoryBytes: null };
  const names = group.split("/").filter((name) => name !== "" && name !== "..");
  const folders = [root, ...names.map((_, i) => [root, ...names.slice(0, i + 1)].join("/"))];
  return {
    cores: smallest(folders.map((folder) => coresOf(readText(`${folder}/cpu.max`)))),
    memoryBytes: smallest(folders.map((folder) => numberOf(readText(`${folder}/memory.max`)))),
  };
}

/** `cpu.max` holds a quota and a period in microseconds: `150000 100000` is one and a half cores. */
function coresOf(text: string | null): number | null {
  const [quota, period] = (text ?? "").trim().split(" ").map(numberOf);
  return quota && period ? quota / period : null;
}

/** `max` stands for no limit. */
function numberOf(text: string | null | undefined): number | null {
  return /^\d+$/.test(text?.trim() ?? "") ? Number(text) : null;
}

function smallest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

function readText(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null;
  }
}
