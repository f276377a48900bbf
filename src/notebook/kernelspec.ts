import { join } from "node:path";

/** How Jupyter's clients start Deno's kernel: what `kernel.json` holds. */
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
}

/** Name of the kernel, which the notebooks ask for. */
const NAME = "deno";

/**
 * The kernel as Jupyter wants it described.
 *
 * @param deno Path of Deno's program.
 */
export function kernelspecOf(deno: string): Kernelspec {
  return {
    argv: [deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
  };
}

/**
 * The folder in which Jupyter's clients (JupyterLab, nbconvert, VS Code) keep and find what is this user's.
 *
 * @param os The system.
 * @param env Reads a variable of the environment.
 * @see https://docs.jupyter.org/en/latest/use/jupyter-directories.html
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const env = (name: string) => ({ HOME: "/home/a" })[name];
 * assertEquals(jupyterDataFolder("linux", env), "/home/a/.local/share/jupyter");
 * ```
 */
export function jupyterDataFolder(os: typeof Deno.build.os, env: (name: string) => string | undefined): string {
  const given = env("JUPYTER_DATA_DIR");
  if (given) return given;
  const home = env(os === "windows" ? "USERPROFILE" : "HOME") || ".";
  if (os === "windows") return join(env("APPDATA") || join(home, "AppData", "Roaming"), "jupyter");
  if (os === "darwin") return join(home, "Library", "Jupyter");
  return join(env("XDG_DATA_HOME") || join(home, ".local", "share"), "jupyter");
}

/**
 * Makes Deno's kernel known to Jupyter's clients; one of the same name is replaced. What `npx` and its like have
 * fetched is theirs to remove, so of such a Deno the kernel gets a file of its own: a link, or a copy where there can be
 * none.
 *
 * @param dataFolder Jupyter's, in which its `kernels` are.
 * @param deno Path of Deno's program.
 * @returns The kernel's folder.
 */
export async function installKernel(dataFolder: string, deno: string): Promise<string> {
  const folder = join(dataFolder, "kernels", NAME);
  await Deno.mkdir(folder, { recursive: true });
  const program = isFetched(deno)
    ? await ownFile(deno, join(folder, /\.exe$/i.test(deno) ? "deno.exe" : "deno"))
    : deno;
  await Deno.writeTextFile(join(folder, "kernel.json"), `${JSON.stringify(kernelspecOf(program), null, 2)}\n`);
  return folder;
}

/** Whether a package runner of npm's has put a program where it is. */
function isFetched(path: string): boolean {
  return /[\\/](?:_npx|node_modules)[\\/]/.test(path);
}

async function ownFile(source: string, target: string): Promise<string> {
  // A kernel that runs keeps what it has open. It is written beside, so that there is never none.
  const fresh = `${target}.new`;
  await Deno.remove(fresh).catch(() => {});
  await Deno.link(source, fresh).catch(() => Deno.copyFile(source, fresh)); // another file system
  await Deno.rename(fresh, target);
  return target;
}
