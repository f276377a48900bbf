import { MissingToolError } from "./peer.ts";

/** What a program wrote, and whether it ended well. */
export interface ProgramOutput {
  /** Whether it ended with 0. */
  readonly success: boolean;
  /** What it wrote to stdout. */
  readonly stdout: string;
  /** What it wrote to stderr. */
  readonly stderr: string;
}

/** How to run a program. */
export interface RunOptions {
  /** Folder to start it in. */
  readonly cwd?: string;
  /** Variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end.
 *
 * @param program Name or path.
 * @param args Its arguments.
 * @throws {MissingToolError} If there is no such program.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ProgramOutput> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args], stdin: "null", ...options })
      .output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { success, stdout: text(stdout), stderr: text(stderr) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new MissingToolError(`Cannot run ${program} as it must be installed: it is not`, { cause: error });
  }
}

/**
 * A folder of the user's cache that is filled once; one that was left unfinished is filled again.
 *
 * @param name Its name.
 * @param fill Fills the empty folder.
 * @returns Its path.
 */
export async function cachedFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME")}/.cache`;
  const folder = `${cache}/torchgauge/agreement/${name}`;
  const finished = `${folder}/torchgauge-finished`;
  if (await Deno.stat(finished).then(() => true, () => false)) return folder;
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  await fill(folder);
  await Deno.writeTextFile(finished, "");
  return folder;
}

/**
 * Fetches a package from PyPI and unpacks it; what it depends on is left out.
 *
 * @param requirement As pip takes it: `name==1.2.3`.
 * @param folder Where to.
 * @returns Whether there is one for this system; what pip says otherwise.
 */
export async function unpackWheel(requirement: string, folder: string): Promise<{ readonly reason: string | null }> {
  const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", folder, requirement];
  const { success, stderr } = await runProgram("python3", pip);
  if (!success) return { reason: stderr.trim().split("\n").at(-1) ?? "" };
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".whl")) continue;
    await mustRun("python3", ["-m", "zipfile", "-e", name, "."], folder);
    await Deno.remove(`${folder}/${name}`);
  }
  return { reason: null };
}

/**
 * Fetches packages of Debian or Ubuntu and unpacks them without installing them.
 *
 * @param packages Their names.
 * @param folder Where to; shared libraries come to lie in {@linkcode debianLibraries}.
 * @throws {MissingToolError} If they cannot be had this way.
 */
export async function unpackDebianPackages(packages: readonly string[], folder: string): Promise<void> {
  try {
    // The sandbox of apt cannot write here; without it nothing else changes.
    await mustRun("apt-get", ["-qq", "-o", "APT::Sandbox::User=root", "download", ...packages], folder);
  } catch (error) {
    throw new MissingToolError(
      `Cannot fetch ${packages.join(", ")} as apt-get must know them: ${
        error instanceof Error ? error.message : error
      }`,
      { cause: error },
    );
  }
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".deb")) await mustRun("dpkg-deb", ["-x", name, "."], folder);
  }
}

/** Folder of the shared libraries that {@linkcode unpackDebianPackages} unpacked. */
export function debianLibraries(folder: string): string {
  return `${folder}/usr/lib/${Deno.build.arch}-linux-gnu`;
}

async function mustRun(program: string, args: readonly string[], cwd: string): Promise<void> {
  const { success, stderr } = await runProgram(program, args, { cwd });
  if (!success) throw new Error(`${program} ${args.join(" ")} says: ${stderr.trim()}`);
}
