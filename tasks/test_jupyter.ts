/**
 * Runs the notebooks in stock Jupyter clients (nbclient, JupyterLab in a browser), from a Python environment of their
 * own: `deno task dev:test:jupyter [option of deno test ...]`.
 *
 * The environment is made once and kept; `--prepare` does no more than that. Where there is no Python the tests are skipped, and the reason is said; with `CI=true` that is a failure.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { pythonEnvironment, whyNoPython } from "./python_environment.ts";

const TESTS = fileURLToPath(new URL("../tests/notebooks/stock_clients/", import.meta.url));

async function main(): Promise<number> {
  const reason = await whyNoPython();
  if (reason !== null) {
    say(`The tests of stock Jupyter clients are skipped: ${reason}`);
    return Deno.env.get("CI") === "true" ? 1 : 0;
  }
  const venv = await pythonEnvironment("jupyter-venv", `${TESTS}requirements.txt`, say);
  if (Deno.args.includes("--prepare")) return 0;
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--config", "tests/deno.json", "-A", ...Deno.args, TESTS],
    env: { TORCHGAUGE_JUPYTER_VENV: venv },
  }).spawn().status;
  return code;
}

function say(line: string): void {
  // deno-lint-ignore no-console -- this is a command
  console.log(line);
}

if (import.meta.main) Deno.exit(await main());
