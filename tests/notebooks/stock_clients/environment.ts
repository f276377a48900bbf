/** Folder of the Python environment in which the stock clients are; `undefined` where they are not to be tested. */
export const VENV: string | undefined = Deno.env.get("TORCHGAUGE_JUPYTER_VENV");

/** A folder of Jupyter's data with Deno's kernel, for `JUPYTER_PATH`. */
export async function makeKernelspec(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge-test-" });
  await Deno.mkdir(`${folder}/kernels/deno`, { recursive: true });
  const argv = [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"];
  const kernel = { argv, display_name: "Deno", language: "typescript" };
  await Deno.writeTextFile(`${folder}/kernels/deno/kernel.json`, JSON.stringify(kernel));
  return folder;
}
