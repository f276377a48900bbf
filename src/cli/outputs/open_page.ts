import { pathToFileURL } from "node:url";
import { spawnPermitted } from "../../core/process/spawn_permitted.ts";
import type { Console } from "../terminal/console.ts";
import { systemWords } from "../terminal/system_words.ts";

/** What opens a file as the desktop does, by system: the programs that tasks may run for that. */
const OPENERS: Readonly<Partial<Record<typeof Deno.build.os, string>>> = {
  linux: "/usr/bin/xdg-open",
  freebsd: "/usr/local/bin/xdg-open",
  darwin: "/usr/bin/open",
  windows: "C:/Windows/explorer.exe", // what the shell's start does, without a shell
};

/** Longest to wait for an opener to say that it cannot, ms; some end only with the browser. */
const PATIENCE_MS = 3000;

/**
 * Opens a page in the user's browser, and says how to see it where that cannot be.
 *
 * @param path The page.
 * @param console Where it is said.
 * @param opener Program that opens it. @default {that of the system, `null` where none is known}
 */
export async function openPage(
  path: string,
  console: Pick<Console, "error">,
  opener: string | null = OPENERS[Deno.build.os] ?? null,
): Promise<void> {
  const page = await Deno.realPath(path);
  const trouble = opener === null ? "this system has no program for it that is known" : await opened(opener, page);
  if (trouble !== null) console.error(`The report was not opened: ${trouble}. It is at ${pathToFileURL(page).href}`);
}

/** Why the page was not opened, `null` if nothing says so. */
async function opened(opener: string, page: string): Promise<string | null> {
  let child;
  try {
    child = spawnPermitted(opener, { args: [page], stdin: "null", stdout: "null", stderr: "null", detached: true });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof Deno.errors.NotFound) return `there is no ${opener}`;
    return error instanceof Deno.errors.NotCapable ? `${opener} may not be run (--allow-run)` : systemWords(error);
  }
  child.unref();
  let timer;
  const patience = new Promise<null>((resolve) => timer = setTimeout(resolve, PATIENCE_MS, null));
  const status = await Promise.race([child.status, patience]);
  clearTimeout(timer);
  // The explorer ends with 1 whatever it did.
  if (status === null || status.success || Deno.build.os === "windows") return null;
  return `${opener} ended with ${status.code}, as where there is no screen or no browser`;
}
