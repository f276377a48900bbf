/**
 * Runs the tests against real servers (PyTorch, TorchServe, Triton, transformers serve, MLServer, KServe's SDK, LitServe,
 * FastAPI) from Python environments of their own: `deno task dev:test:live [PATH or option of deno test ...]`.
 *
 * The environments are made once and kept in the user's cache folder; `--prepare` does no more than that. Where there is
 * no Python the tests are skipped, and the reason is said; with `CI=true` that is a failure. `--only vllm` makes that
 * environment alone, 3.5 GB that no other run needs, and skips the tests of all others.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { type VenvName, venvPlan, VENVS, venvVariable } from "../tests/live/environment.ts";
import { whyNoPython } from "./python_environment.ts";

const LIVE_TESTS = fileURLToPath(new URL("../tests/live/", import.meta.url));

/**
 * Path of an environment for what is required now, made if it is not there yet.
 *
 * @param name Which.
 */
export async function prepareVenv(name: VenvName): Promise<string> {
  const plan = venvPlan(name);
  const requirements = plan.requirements.map(({ file, pipOptions }) => ({
    path: `${LIVE_TESTS}requirements/${file}`,
    pipOptions,
  }));
  const scripts = (plan.scripts ?? []).map((script) => `${LIVE_TESTS}python/${script}`);
  const wanted = await Promise.all(
    [...requirements.map(({ path }) => path), ...scripts].map((p) => Deno.readTextFile(p)),
  );
  const { stdout: python } = await run("python3", ["-c", "import sys; print(sys.version, sys.prefix)"]);
  const venv = `${cacheFolder()}/${await shortHash([...wanted, new TextDecoder().decode(python)].join("\0"))}`;
  const finished = `${venv}/torchgauge-finished`;
  if (await exists(finished)) return venv;
  say(`Making the Python environment "${name}" of the live tests in ${venv}`);
  const startedAt = performance.now();
  // One that was left unfinished is made again: pip cannot tell what it lacks.
  await mustRun("python3", ["-m", "venv", "--clear", venv]);
  for (const { path, pipOptions } of requirements) {
    await mustRun(`${venv}/bin/pip`, ["install", "--quiet", "--no-input", ...pipOptions, "-r", path]);
  }
  for (const script of scripts) await mustRun(`${venv}/bin/python`, [script], venv);
  await Deno.writeTextFile(finished, "");
  say(`The environment "${name}" took ${Math.round((performance.now() - startedAt) / 1000)} s`);
  return venv;
}

function cacheFolder(): string {
  const base = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME")}/.cache`;
  return `${base}/torchgauge/live-venv`;
}

async function shortHash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex().slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function run(program: string, args: readonly string[]): Promise<Deno.CommandOutput> {
  return new Deno.Command(program, { args: [...args], stdin: "null", stdout: "piped", stderr: "null" }).output();
}

async function mustRun(program: string, args: readonly string[], cwd = "."): Promise<void> {
  const { success, code } = await new Deno.Command(program, { args: [...args], stdin: "null", cwd }).spawn().status;
  if (!success) throw new Error(`Cannot make the environment as "${program} ${args.join(" ")}" ended with ${code}`);
}

async function testLive(): Promise<number> {
  const reason = await whyNoPython();
  if (reason !== null) {
    say(`The live tests are skipped: ${reason}`);
    return Deno.env.get("CI") === "true" ? 1 : 0;
  }
  const args = [...Deno.args];
  const [, only] = args.includes("--only") ? args.splice(args.indexOf("--only"), 2) : [];
  const names = (Object.keys(VENVS) as VenvName[]).filter((name) =>
    only === undefined ? venvPlan(name).onDemand !== true : name === only
  );
  if (names.length === 0) {
    say(`Cannot test as --only must be one of ${Object.keys(VENVS).join(", ")}: found "${only}"`);
    return 2;
  }
  const venvs = await Promise.all(names.map(async (name) => [venvVariable(name), await prepareVenv(name)]));
  if (args.includes("--prepare")) return 0;
  const given = args.some((argument) => !argument.startsWith("-")) ? args : [...args, LIVE_TESTS];
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--config", "tests/deno.json", "-A", ...given],
    env: Object.fromEntries(venvs),
  }).spawn().status;
  return code;
}

function say(line: string): void {
  // deno-lint-ignore no-console -- this is a command
  console.log(line);
}

if (import.meta.main) Deno.exit(await testLive());
