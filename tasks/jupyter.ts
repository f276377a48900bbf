/**
 * Opens the notebooks in JupyterLab with Deno's kernel: `deno task jupyter [JupyterLab's options]`. It installs nothing:
 * the kernel is made known to this one JupyterLab, from a temporary folder, and both are gone when it ends.
 *
 * @module
 */
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

const HELP = `JupyterLab is needed and was not found. One of these brings it:

  pip install jupyterlab           then again: deno task jupyter
  uv tool install jupyterlab       then again: deno task jupyter

Without it: Visual Studio Code opens notebooks/ with its Jupyter extension, once "deno jupyter --install" has made the
kernel known to it; and "deno task notebooks" runs the notebooks and renders them to reports/, with no Python.
`;

/** The kernel as Jupyter wants it described. */
const KERNEL = {
  argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
  display_name: "Deno",
  language: "typescript",
};

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
  const found = await findJupyterLab();
  if (found === null) {
    await Deno.stderr.write(new TextEncoder().encode(HELP));
    return 3;
  }
  const [program, ...args] = found;
  const folder = await Deno.makeTempDir({ prefix: "torchgauge-jupyter-" });
  try {
    await Deno.mkdir(`${folder}/kernels/deno`, { recursive: true });
    await Deno.writeTextFile(`${folder}/kernels/deno/kernel.json`, `${JSON.stringify(KERNEL, null, 2)}\n`);
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
