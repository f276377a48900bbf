import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What the shell would put Deno's own path in place of, with blanks in it. */
const THIS_DENO = "$(deno eval -p 'Deno.execPath()')";
const PLACE = "DENO";

/** The heap that the tasks have, for clients that are held beside others. */
export const TASK_HEAP: string = config.tasks.basic.command.split(" ").find((word) => word.startsWith("--v8-flags="))!;

/**
 * What a task runs, with its flags, for programs that must start it by themselves.
 *
 * @param name Name of a task that runs the command.
 * @param args Arguments behind those of the task.
 * @returns Program and arguments.
 */
export function taskCommand(name: "basic" | "throughput" | "memory", args: readonly string[]): string[] {
  const [, run, ...rest] = config.tasks[name].command.replace(THIS_DENO, PLACE).replaceAll('"', "").split(" ");
  const words = rest.map((word) => word.endsWith(".ts") ? ROOT + word : word.replace(PLACE, Deno.execPath()));
  return [Deno.execPath(), run!, "--quiet", ...words, ...args];
}
