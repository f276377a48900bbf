/** Oldest Python that the packages of the tests support. */
const OLDEST_PYTHON = "3.10";
const CAN_MAKE_ONE = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${OLDEST_PYTHON.replace(".", ", ")}))`;

/**
 * Why no Python environment can be made here.
 *
 * @returns The reason, or `null` where one can.
 */
export async function whyNoPython(): Promise<string | null> {
  try {
    const { success } = await run("python3", ["-c", CAN_MAKE_ONE]);
    return success ? null : `python3 must be ${OLDEST_PYTHON} or newer and have the modules venv and ensurepip`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "python3 is not installed";
    throw error;
  }
}

/**
 * A Python environment with the packages that a file lists, made once and kept in the user's cache folder.
 *
 * @param name Name of its folder there.
 * @param requirements Path of the file for pip.
 * @param say Is told what takes long.
 * @returns Path of the environment.
 * @throws {Error} If it cannot be made.
 */
export async function pythonEnvironment(
  name: string,
  requirements: string,
  say: (line: string) => void,
): Promise<string> {
  const { stdout } = await run("python3", ["-c", "import sys; print(sys.version, sys.prefix)"]);
  const wanted = `${await Deno.readTextFile(requirements)}\0${new TextDecoder().decode(stdout)}`;
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME")}/.cache`;
  const folder = `${cache}/torchgauge/${name}/${await shortHash(wanted)}`;
  const finished = `${folder}/torchgauge-finished`;
  if (await Deno.stat(finished).then(() => true, () => false)) return folder;
  say(`Making a Python environment in ${folder}`);
  const startedAt = performance.now();
  // One that was left unfinished is made again: pip cannot tell what it lacks.
  await mustRun("python3", ["-m", "venv", "--clear", folder]);
  await mustRun(`${folder}/bin/pip`, ["install", "--quiet", "--no-input", "-r", requirements]);
  await Deno.writeTextFile(finished, "");
  say(`It took ${Math.round((performance.now() - startedAt) / 1000)} s`);
  return folder;
}

async function shortHash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex().slice(0, 16);
}

function run(program: string, args: readonly string[]): Promise<Deno.CommandOutput> {
  return new Deno.Command(program, { args: [...args], stdin: "null", stdout: "piped", stderr: "null" }).output();
}

async function mustRun(program: string, args: readonly string[]): Promise<void> {
  const { success, code } = await new Deno.Command(program, { args: [...args], stdin: "null" }).spawn().status;
  if (!success) throw new Error(`Cannot make the environment as "${program} ${args.join(" ")}" ended with ${code}`);
}
