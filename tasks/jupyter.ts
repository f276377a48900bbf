/**
 * Opens the notebooks in JupyterLab with Deno's kernel: `deno task jupyter [JupyterLab's options]`. It installs nothing:
 * the kernel is made known to this one JupyterLab, from a temporary folder, and both are gone when it ends.
 *
 * `deno task jupyter --install` makes the kernel known to all of the user's Jupyter clients instead, and opens none.
 *
 * @module
 */
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { installKernel, jupyterDataFolder, kernelspecOf } from "../src/notebook/kernelspec.ts";

const HELP = `JupyterLab is needed and was not found. One of these brings it:

  pip install jupyterlab           then again: deno task jupyter
  uv tool install jupyterlab       then again: deno task jupyter

Without it: Visual Studio Code opens notebooks/ with its Jupyter extension, once "deno task jupyter --install" has made
the kernel known to it; and "deno task notebooks" runs the notebooks and renders them to reports/, with no Python.
`;

async function install(): Promise<number> {
  const dataFolder = jupyterDataFolder(Deno.build.os, (name) => Deno.env.get(name));
  try {
    const folder = await installKernel(dataFolder, Deno.execPath());
    // deno-lint-ignore no-console -- this is a command
    console.log(
      `The kernel "Deno" is installed in ${folder}:\n` +
        "JupyterLab, nbconvert and Visual Studio Code find it there; to remove it, remove this folder.",
    );
    return 0;
  } catch (error) {
    // deno-lint-ignore no-console -- this is a command
    console.error(
      `Cannot install the kernel as files must be writable in ${dataFolder}: ${(error as Error).message}\n` +
        "The environment variable JUPYTER_DATA_DIR names another folder, to this command and to Jupyter.",
    );
    return 2;
  }
}

/** How JupyterLab is called here, or `null` where it is not. */
async function findJupyterLab(): Promise<readonly [string, ...string[]] | null> {
  for (const command of [["jupyter", "lab"], ["jupyter-lab"]] as const) {
    const [program, ...args] = command;
    try {
      const { success } = await new Deno.Command(program, {
        args: [...args, "--version"],
        stdout: "null",
        stderr: "null",
      })
        .output();
      if (success) return command;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied)) throw error;
    }
  }
  return null;
}

async function main(): Promise<number> {
  if (Deno.args.includes("--install")) return await install();
  const found = await findJupyterLab();
  if (found === null) {
    await Deno.stderr.write(new TextEncoder().encode(HELP));
    return 3;
  }
  const [program, ...args] = found;
  const folder = await Deno.makeTempDir({ prefix: "torchgauge-jupyter-" });
  try {
    await Deno.mkdir(`${folder}/kernels/deno`, { recursive: true });
    await Deno.writeTextFile(
      `${folder}/kernels/deno/kernel.json`,
      `${JSON.stringify(kernelspecOf(Deno.execPath()), null, 2)}\n`,
    );
    const others = Deno.env.get("JUPYTER_PATH");
    // JupyterLab asks what Ctrl-C means; this waits for the answer.
    Deno.addSignalListener("SIGINT", () => {});
    const child = new Deno.Command(program, {
      args: [
        ...args,
        `--ServerApp.root_dir=${fileURLToPath(new URL("../", import.meta.url))}`,
        "--LabApp.default_url=/lab/tree/notebooks",
        ...Deno.args,
      ],
      env: { JUPYTER_PATH: others ? `${folder}${delimiter}${others}` : folder },
    }).spawn();
    if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => child.kill("SIGTERM"));
    return (await child.status).code;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main());
