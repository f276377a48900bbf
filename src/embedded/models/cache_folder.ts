import { join } from "node:path";

/**
 * The cache folder that people expect: `TORCHGAUGE_CACHE`, else `torchgauge/models` in the user's cache folder.
 *
 * @param env Looks up an environment variable.
 * @returns An absolute path, or one relative to the working folder where no home is known.
 */
export function defaultCacheDir(env: (name: string) => string | undefined): string {
  const own = env("TORCHGAUGE_CACHE");
  if (own) return own;
  const caches = env("XDG_CACHE_HOME") || env("LOCALAPPDATA") || join(env("HOME") || ".", ".cache");
  return join(caches, "torchgauge", "models");
}
