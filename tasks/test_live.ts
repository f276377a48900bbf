/**
 * Runs the tests against real servers (PyTorch, TorchServe, Triton) from a Python environment of their own:
 * `deno task dev:test:live [PATH or option of deno test ...]`.
 *
 * The environment is made once and kept in the user's cache folder. Where there is no Python the tests are skipped, and
 * the reason is said; with `CI=true` that is a failure.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { whyNoPython } from "./python_environment.ts";

const LIVE_TESTS = fileURLToPath(new URL("../tests/live/", import.meta.url));
const REQUIREMENTS = [
  { file: "requirements.txt", pipOptions: [] },
  { file: "requirements_without_dependencies.txt", pipOptions: ["--no-deps"] },
] as const;

/** Path of the environment for what is required now, made if it is not there yet. */
export async function prepareVenv(): Promise<string> {
  const wanted = await Promise.all(REQUIREMENTS.map(({ file }) => Deno.readTextFile(LIVE_TESTS + file)));
  const { stdout: python } = await run("python3", ["-c", "import sys; print(sys.version, sys.prefix)"]);
  const venv = `${cacheFolder()}/${await shortHash([...wanted, new TextDecoder().decode(python)].join("\0"))}`;
  const finished = `${venv}/torchgauge-finished`;
  if (await exists(finished)) return venv;
  say(`Making the Python environment of the live tests in ${venv}`);
  const startedAt = performance.now();
  // One that was left unfinished is made again: pip cannot tell what it lacks.
  await mustRun("python3", ["-m", "venv", "--clear", venv]);
  for (const { file, pipOptions } of REQUIREMENTS) {
    await mustRun(`${venv}/bin/pip`, ["install", "--quiet", "--no-input", ...pipOptions, "-r", LIVE_TESTS + file]);
  }
  await Deno.writeTextFile(finished, "");
  say(`It took ${Math.round((performance.now() - startedAt) / 1000)} s`);
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

async function mustRun(program: string, args: readonly string[]): Promise<void> {
  const { success, code } = await new Deno.Command(program, { args: [...args], stdin: "null" }).spawn().status;
  if (!success) throw new Error(`Cannot make the environment as "${program} ${args.join(" ")}" ended with ${code}`);
}

async function testLive(): Promise<number> {
  const reason = await whyNoPython();
  if (reason !== null) {
    say(`The live tests are skipped: ${reason}`);
    return Deno.env.get("CI") === "true" ? 1 : 0;
  }
  const venv = await prepareVenv();
  const given = Deno.args.some((argument) => !argument.startsWith("-")) ? Deno.args : [...Deno.args, LIVE_TESTS];
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", ...given],
    env: { TORCHGAUGE_LIVE_VENV: venv },
  }).spawn().status;
  return code;
}

function say(line: string): void {
  // deno-lint-ignore no-console -- this is a command
  console.log(line);
}

if (import.meta.main) Deno.exit(await testLive());
