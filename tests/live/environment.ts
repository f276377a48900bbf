import { fileURLToPath } from "node:url";

/** What the live tests run on. */
export interface LiveEnvironment {
  /** Python of the venv. */
  readonly python: string;
  /** Path of a program of the venv. */
  programPath(name: string): string;
  /** Path of a file of this folder. */
  pathTo(relative: string): string;
}

/** The variable by which `deno task dev:test:live` tells where its venv is. */
export const VENV_VARIABLE = "TORCHGAUGE_LIVE_VENV";

/**
 * Finds what the live tests run on.
 *
 * @param venv Path of the venv.
 * @returns The environment, or why there is none.
 */
export function liveEnvironment(venv: string | undefined = Deno.env.get(VENV_VARIABLE)): LiveEnvironment | string {
  if (venv === undefined) return "deno task dev:test:live runs it";
  return {
    python: `${venv}/bin/python`,
    programPath: (name) => `${venv}/bin/${name}`,
    pathTo: (relative) => fileURLToPath(new URL(relative, import.meta.url)),
  };
}

/**
 * Whether a program can be run.
 *
 * @param command Program and arguments that end at once.
 */
export async function runs(...command: [string, ...string[]]): Promise<boolean> {
  try {
    const [program, ...args] = command;
    return (await new Deno.Command(program, { args, stdout: "null", stderr: "null" }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
