import { installKernel } from "../../../src/notebook/kernelspec.ts";

/** Folder of the Python environment in which the stock clients are; `undefined` where they are not to be tested. */
export const VENV: string | undefined = Deno.env.get("TORCHGAUGE_JUPYTER_VENV");

/** A folder of Jupyter's data with Deno's kernel, for `JUPYTER_PATH`. */
export async function makeKernelspec(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge-test-" });
  await installKernel(folder, Deno.execPath());
  return folder;
}
