import { spawnPermitted } from "../../core/process/spawn_permitted.ts";
import type { Absent } from "../absent.ts";
import { isPermitted } from "../permission.ts";

/** Which program tells of GPUs, and how long it may take. */
export interface ProgramOptions {
  /** Its name or path. */
  readonly command: string;
  /** Deadline of one run, ms: a driver in trouble can hang. */
  readonly timeoutMs: number;
}

/** What a program said. */
export interface ProgramOutput {
  /** All that it wrote to stdout. */
  readonly text: string;
  /** Why it did not succeed, or `null`: with some programs a part of the answer is there all the same. */
  readonly failure: string | null;
}

/**
 * Runs a program once. It resolves by the deadline even if the program cannot be ended, as when its driver hangs.
 *
 * @param program Which.
 * @param args What it is asked.
 * @returns What it said, or why it could not be run.
 */
export async function runProgram(
  { command, timeoutMs }: ProgramOptions,
  args: readonly string[],
): Promise<ProgramOutput | Absent> {
  if (!await isPermitted({ name: "run", command })) return await notPermitted(command);
  let child: Deno.ChildProcess;
  try {
    child = spawnPermitted(command, { args: [...args], stdin: "null", stdout: "piped", stderr: "piped" });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return notFound(command);
    }
    return { absent: `${command} could not be run: ${error instanceof Error ? error.message : error}` };
  }
  child.unref();
  const deadline = Promise.withResolvers<null>();
  const timer = setTimeout(() => deadline.resolve(null), timeoutMs);
  const output = await Promise.race([child.output(), deadline.promise]);
  clearTimeout(timer);
  if (output === null) {
    end(child);
    return { absent: `${command} did not answer within ${timeoutMs} ms` };
  }
  const text = new TextDecoder().decode(output.stdout);
  if (output.success) return { text, failure: null };
  const message = (new TextDecoder().decode(output.stderr).trim() || text.trim()).split("\n")[0];
  return { text, failure: `${command} failed with code ${output.code}${message ? `: ${message}` : ""}` };
}

const notFound = (command: string): Absent => ({ absent: `${command} was not found on PATH`, notInstalled: true });

/** The tasks name the paths of the programs that they may run: one that is not there need not be permitted. */
async function notPermitted(command: string): Promise<Absent> {
  const isKnown = await isPermitted({ name: "env", variable: "PATH" }, { name: "read" });
  if (!isKnown || command.includes("/")) return { absent: `running ${command} is not permitted` };
  const [separator, ending] = Deno.build.os === "windows" ? [";", ".exe"] : [":", ""];
  for (const folder of Deno.env.get("PATH")?.split(separator) ?? []) {
    const path = `${folder}/${command}${ending}`;
    if (!(await Deno.stat(path).catch(() => null))?.isFile) continue;
    return { absent: `running ${path} is not permitted: give deno --allow-run=${path} too, or -A` };
  }
  return notFound(command);
}

function end(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It ended by itself, and only something that it started still holds its output.
  }
}
