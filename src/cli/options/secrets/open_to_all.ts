import type { FileOption } from "../access_options.ts";

const OF_SECRETS = ["header-file", "token-file", "management-token-file", "client-key"] as const;
/** Bit of a file's mode by which everybody may read it. */
const READ_BY_OTHERS = 0o004;

/**
 * The options whose files hold secrets and may be read by every user of this machine; none on Windows.
 *
 * @param files Files by the options that name them.
 */
export async function openToAll(files: Readonly<Partial<Record<FileOption, string>>>): Promise<FileOption[]> {
  const modes = await Promise.all(OF_SECRETS.map(async (option) => {
    const path = files[option];
    return path === undefined ? 0 : (await Deno.stat(path)).mode ?? 0;
  }));
  return OF_SECRETS.filter((_, i) => (modes[i]! & READ_BY_OTHERS) !== 0);
}
