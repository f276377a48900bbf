import { fileURLToPath } from "node:url";

/** What the live tests run on. */
export interface LiveEnvironment {
  /** Python of the venv. */
  readonly python: string;
  /** Path of a program of the venv. */
  programPath(name: string): string;
  /** Folder of the language model of `python/tiny_llama.py`, in the venvs that have it. */
  readonly tinyLlama: string;
  /** Path of a file of this folder. */
  pathTo(relative: string): string;
}

/** What a venv of the live servers is made of. */
interface VenvPlan {
  /** Files of `requirements/`, in the order in which they are installed. */
  readonly requirements: readonly { readonly file: string; readonly pipOptions: readonly string[] }[];
  /** Scripts of `python/` that finish it; each is run in its folder. */
  readonly scripts?: readonly string[];
  /** Whether it is made only where it is asked for: it is too large for every run. */
  readonly onDemand?: boolean;
}

/**
 * The venvs of the live servers. What cannot be installed together has one of its own: MLServer wants an older FastAPI than
 * KServe's SDK does, and Triton's backend an older numpy. What reads the files that are written serves nothing.
 */
export const VENVS = {
  torch: {
    requirements: [
      { file: "torch.txt", pipOptions: [] },
      { file: "torch_without_dependencies.txt", pipOptions: ["--no-deps"] },
    ],
    scripts: ["tiny_llama.py"],
  },
  kserve: { requirements: [{ file: "kserve.txt", pipOptions: [] }] },
  mlserver: { requirements: [{ file: "mlserver.txt", pipOptions: [] }] },
  readers: { requirements: [{ file: "readers.txt", pipOptions: [] }] },
  vllm: {
    requirements: [{ file: "vllm.txt", pipOptions: ["--only-binary", ":all:"] }],
    scripts: ["settle_vllm.py", "tiny_llama.py"],
    onDemand: true,
  },
} as const satisfies Readonly<Record<string, VenvPlan>>;

/** Name of a venv. */
export type VenvName = keyof typeof VENVS;

/** What a venv is made of. */
export function venvPlan(name: VenvName): VenvPlan {
  return VENVS[name];
}

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
  if (venv === undefined) {
    return `deno task dev:test:live${venvPlan(name).onDemand === true ? ` --only ${name}` : ""} runs it`;
  }
  return {
    python: `${venv}/bin/python`,
    programPath: (name) => `${venv}/bin/${name}`,
    tinyLlama: `${venv}/tiny_llama`,
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
