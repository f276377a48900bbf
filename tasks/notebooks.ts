/**
 * Runs notebooks on Deno's own Jupyter kernel, with no Python, and renders each to one HTML file under `reports/`:
 * `deno task notebooks [name...] [NAME=value...] [--ipynb] [--no-input] [--time-limit SECONDS]`.
 *
 * @module
 */
import { basename, dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "@std/cli/parse-args";
import { type Console, systemConsole } from "../src/cli/terminal/console.ts";
import { describeError } from "../src/cli/terminal/describe_error.ts";
import { EXIT_CODE, type ExitCode, exitCodeOf } from "../src/cli/terminal/exit_code.ts";
import { watchInterrupts } from "../src/cli/terminal/interrupts.ts";
import { writeWhole } from "../src/cli/terminal/write_whole.ts";
import { UsageError } from "../src/core/errors.ts";
import { executedNotebook } from "../src/notebook/executed_notebook.ts";
import { failureText } from "../src/notebook/failure_text.ts";
import { type Notebook, parseNotebook } from "../src/notebook/notebook.ts";
import { notebookHtml } from "../src/notebook/html/notebook_html.ts";
import { type NotebookRun, runNotebook } from "../src/notebook/run_notebook.ts";
import { secretValues } from "../src/notebook/secret_values.ts";
import { masked, secretsOf } from "../src/protocols/shared/secrets.ts";

const HELP = `Runs notebooks and renders each to one HTML file under reports/.

Usage: deno task notebooks [name...] [NAME=value...] [options]

  name                  notebooks to run, by name (02_cold_start, cold_start) or path; all of notebooks/ without
  NAME=value            parameters, which cells read from the environment: URL, MODEL, PROTOCOL, SEED,
                        QUICK; a secret is better exported before, and is shown in no page
  --ipynb               writes each also as a notebook with its outputs, to open, to send or to convert
  --no-input            hides the code: text and what the cells show are left
  --time-limit SECONDS  longest time that one cell may take (600)
  --help                this text

Exit codes: 0 all ran, 1 a cell failed, 2 wrong usage or no such notebook, 4 interrupted, 5 a fault of torchgauge.
`;

const NOTEBOOKS = fileURLToPath(new URL("../notebooks", import.meta.url));
const REPORTS = "reports";

/** What is asked for. */
interface Command {
  readonly names: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly cellLimitMs: number;
  readonly ipynb: boolean;
  readonly code: boolean;
}

/** A notebook that can be run. */
interface Job {
  readonly name: string;
  readonly path: string;
  readonly json: string;
  readonly notebook: Notebook;
}

function readCommand(args: readonly string[]): Command | "help" {
  const parsed = parseArgs([...args], {
    boolean: ["help", "ipynb", "no-input"],
    string: ["time-limit", "_"],
    unknown: (arg) => {
      if (!arg.startsWith("-")) return;
      throw new UsageError(`Cannot run notebooks as there is no such option: found "${withoutValue(arg)}"`, {
        hint: "--help lists them.",
      });
    },
  });
  if (parsed.help) return "help";
  const limit = parsed["time-limit"] ?? "600";
  const seconds = /^\d+(?:\.\d+)?$/.test(limit) ? Number(limit) : 0;
  if (!(seconds > 0 && seconds <= 86_400)) {
    throw new UsageError(`Cannot run notebooks as --time-limit must be seconds, more than 0: found "${limit}"`);
  }
  const given = parsed._.map(String);
  return {
    names: given.filter((argument) => !argument.includes("=")),
    parameters: Object.fromEntries(given.filter((argument) => argument.includes("=")).map(readParameter)),
    cellLimitMs: seconds * 1000,
    ipynb: parsed.ipynb,
    code: !parsed["no-input"],
  };
}

function readParameter(argument: string): [string, string] {
  const [, name, value] = /^([A-Za-z_]\w*)=([^]*)$/.exec(argument) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new UsageError(`Cannot run notebooks as a parameter must be NAME=value: found "${withoutValue(argument)}"`);
}

/** A value may be secret. */
function withoutValue(argument: string): string {
  return argument.replace(/=.*$/s, "=***");
}

async function findJobs(names: readonly string[]): Promise<readonly Job[]> {
  const files = (await Array.fromAsync(Deno.readDir(NOTEBOOKS))).map(({ name }) => name)
    .filter((name) => name.endsWith(".ipynb")).sort();
  const paths = names.length === 0
    ? files.map((file) => resolve(NOTEBOOKS, file))
    : names.map((name) => findPath(name, files));
  checkNames(paths);
  return await Promise.all(paths.map(async (path) => {
    const name = basename(path, ".ipynb");
    const json = await readText(path);
    return { name, path, json, notebook: parseNotebook(json, relative(Deno.cwd(), path)) };
  }));
}

/** Refuses notebooks of one name: the page of the second would replace that of the first. */
function checkNames(paths: readonly string[]): void {
  const same = [...Map.groupBy(paths, (path) => basename(path, ".ipynb")).values()].find(({ length }) => length > 1);
  if (same === undefined) return;
  const found = same.map((path) => relative(Deno.cwd(), path)).join(" and ");
  throw new UsageError(`Cannot run notebooks of one name as each names its page in ${REPORTS}/: found ${found}`);
}

/** By path, by name, or by name without its number. */
function findPath(name: string, files: readonly string[]): string {
  if (/[/\\]/.test(name)) return resolve(name);
  const file = files.find((file) =>
    [file, file.replace(/^\d+_/, "")].includes(`${name.replace(/\.ipynb$/, "")}.ipynb`)
  );
  if (file !== undefined) return resolve(NOTEBOOKS, file);
  const known = files.map((file) => basename(file, ".ipynb")).join(", ");
  throw new UsageError(`Cannot run the notebook "${name}" as it must be one of ${known}, or a path with "/"`);
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    const found = error instanceof Deno.errors.NotFound ? "none" : (error as Error).message;
    throw new UsageError(`Cannot run the notebook ${path} as it must be a file that can be read: found ${found}`, {
      cause: error,
    });
  }
}

async function prepareReports(): Promise<void> {
  try {
    await Deno.mkdir(REPORTS, { recursive: true });
    await Deno.remove(await Deno.makeTempFile({ dir: REPORTS }));
  } catch (error) {
    throw new UsageError(`Cannot render notebooks as files must be writable in the folder ${REPORTS}/`, {
      cause: error,
    });
  }
}

async function runJob(job: Job, command: Command, console: Console, signal: AbortSignal): Promise<NotebookRun> {
  const terminal = console.terminalColumns();
  const run = await runNotebook(job.notebook, dirname(job.path), {
    environment: command.parameters,
    cellLimitMs: command.cellLimitMs,
    signal,
    onCell: ({ number, count, firstLine }) => {
      const line = `  ${job.name}  cell ${number} of ${count}  ${firstLine}`;
      if (terminal !== null) console.draw(`\r\x1b[K${line.slice(0, terminal - 1)}`);
    },
  });
  if (terminal !== null) console.draw("\r\x1b[K");
  const { parameters, code } = command;
  const secrets = secretsOf(secretValues({ ...Deno.env.toObject(), ...parameters }));
  const write = (ending: string, text: string) => writeReport(`${job.name}.${ending}`, masked(text, secrets));
  const files = [await write("html", notebookHtml(run, { name: job.name, parameters, code }))];
  if (command.ipynb) files.push(await write("ipynb", executedNotebook(job.json, run, { code })));
  const mark = run.failure === null ? "✓" : "✗";
  const seconds = (run.durationMs / 1000).toFixed(1).padStart(6);
  await console.write(`${mark} ${job.name.padEnd(20)} ${seconds} s  ${files.join(", ")}\n`);
  if (run.failure !== null) await console.write(`  ${masked(failureText(run.failure), secrets)}\n`);
  return run;
}

/** Path and size of what was written. */
async function writeReport(name: string, text: string): Promise<string> {
  const path = `${REPORTS}/${name}`;
  await writeWhole(path, text);
  return `${path} (${Math.ceil(text.length / 1024)} KB)`;
}

async function main(console: Console): Promise<ExitCode> {
  using interrupts = watchInterrupts(console);
  try {
    const command = readCommand(Deno.args);
    if (command === "help") {
      await console.write(HELP);
      return EXIT_CODE.done;
    }
    const jobs = await findJobs(command.names);
    await prepareReports();
    const runs: NotebookRun[] = [];
    for (const job of jobs) {
      if (!interrupts.signal.aborted) runs.push(await runJob(job, command, console, interrupts.signal));
    }
    const failed = runs.filter(({ failure }) => failure !== null).length;
    const seconds = runs.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
    await console.write(`${runs.length - failed} passed, ${failed} failed, ${seconds.toFixed(1)} s\n`);
    if (interrupts.signal.aborted) return EXIT_CODE.interrupted;
    return failed === 0 ? EXIT_CODE.done : EXIT_CODE.gateFailed;
  } catch (error) {
    console.error(describeError(error, true));
    return exitCodeOf(error);
  }
}

if (import.meta.main) Deno.exit(await main(systemConsole()));
