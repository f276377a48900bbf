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

/**
 * The venvs of the live servers, each with the files of `requirements/` that it is made of. What cannot be installed together
 * has one of its own: MLServer wants an older FastAPI than KServe's SDK does, and Triton's backend an older numpy. What reads
 * the files that are written serves nothing.
 */
export const VENVS = {
  torch: [
    { file: "torch.txt", pipOptions: [] },
    { file: "torch_without_dependencies.txt", pipOptions: ["--no-deps"] },
  ],
  kserve: [{ file: "kserve.txt", pipOptions: [] }],
  mlserver: [{ file: "mlserver.txt", pipOptions: [] }],
  readers: [{ file: "readers.txt", pipOptions: [] }],
} as const;

/** Name of a venv. */
export type VenvName = keyof typeof VENVS;

/** The variable by which `deno task dev:test:live` tells where a venv is: `TORCHGAUGE_LIVE_VENV_TORCH`. */
export function venvVariable(name: VenvName): string {
  return `TORCHGAUGE_LIVE_VENV_${name.toUpperCase()}`;
}

/**
 * Finds what the live tests run on.
 *
 * @param name Which venv.
 * @param venv Its path.
 * @returns The environment, or why there is none.
 */
export function liveEnvironment(
  name: VenvName = "torch",
  venv: string | undefined = Deno.env.get(venvVariable(name)),
): LiveEnvironment | string {
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
