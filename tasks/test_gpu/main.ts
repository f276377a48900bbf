/**
 * Checks what is measured of a real GPU against the words of PyTorch's allocator and of NVML: `deno task test:gpu`. It needs an
 * NVIDIA GPU and Python with PyTorch (`TORCHGAUGE_PYTHON`, else `python3`); where one is missing it says so and ends with 0.
 * It takes about five minutes.
 *
 * @module
 */
import { isAbsent } from "../../src/observe/absent.ts";
import { openNvml } from "../../src/observe/gpu/nvml/open_nvml.ts";
import { CHECKS } from "./checks.ts";
import { startEnergyLog } from "./energy_log.ts";

const python = Deno.env.get("TORCHGAUGE_PYTHON") || "python3";

/** Why nothing can be checked here, or `null`. */
async function lack(): Promise<string | null> {
  const nvml = await openNvml();
  if (isAbsent(nvml)) return `NVML: ${nvml.absent}`;
  await nvml.close();
  const script = "import torch; print(torch.cuda.is_available())";
  try {
    const { success, stdout } = await new Deno.Command(python, { args: ["-c", script], stderr: "null" }).output();
    if (!success) return `${python} has no PyTorch`;
    return new TextDecoder().decode(stdout).trim() === "True" ? null : `PyTorch of ${python} sees no GPU`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `${python} is not installed`;
    throw error;
  }
}

/** Runs all checks; one that breaks fails by itself. */
async function run(): Promise<boolean> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_gpu_" });
  await using energy = startEnergyLog(python);
  const bench = { python, folder, energy, say };
  let failed = 0;
  for (const check of CHECKS) {
    const checks = await check(bench).catch((error: unknown) => {
      const found = error instanceof Error ? error.message : String(error);
      return [{ what: check.name, found, holds: false }];
    });
    for (const { what, found, holds } of checks) {
      say(`${holds ? "PASS" : "FAIL"}  ${what}: ${found}`);
      if (!holds) failed++;
    }
  }
  await Deno.remove(folder, { recursive: true });
  say(failed === 0 ? "All checks hold." : `${failed} checks do not hold.`);
  return failed === 0;
}

function say(line: string): void {
  // deno-lint-ignore no-console -- this is a command
  console.log(line);
}

if (import.meta.main) {
  const lacking = await lack();
  if (lacking !== null) say(`Nothing to check on a GPU here: ${lacking}.`);
  else if (!await run()) Deno.exit(1);
}
