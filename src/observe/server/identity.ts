import type { ServerProcess } from "../../results/kinds/memory.ts";
import { procArguments } from "../proc_fs.ts";
import { processName } from "../process_tree.ts";
import { isForwarder } from "./forwarders.ts";

const MOST_CHARACTERS = 60;
/** Options that say what a program runs; what stands behind others may be a secret. */
const HARMLESS: readonly string[] = ["-m", "-u"];

/**
 * The begin of a command line: the program's name and what stands before its options, as those may hold secrets.
 *
 * @param args The whole.
 * @returns At most 60 characters, with dots where it goes on.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shortCommand(["/usr/bin/python3", "server.py", "9012"]), "python3 server.py 9012");
 * assertEquals(shortCommand(["python3", "-m", "vllm.server", "--api-key", "x"]), "python3 -m vllm.server ...");
 * assertEquals(shortCommand(["serve", "TOKEN=x"]), "serve ...");
 * ```
 */
export function shortCommand(args: readonly string[]): string {
  const [program = "", ...others] = args.filter((arg) => arg !== "");
  const end = others.findIndex((arg) => (arg.startsWith("-") && !HARMLESS.includes(arg)) || /[=@\n]/.test(arg));
  const shown = end === -1 ? others : others.slice(0, end);
  const name = program.includes(" ") ? program : program.split("/").at(-1)!;
  const text = [name, ...shown].join(" ");
  if (text.length > MOST_CHARACTERS) return `${text.slice(0, MOST_CHARACTERS - 3)}...`;
  return shown.length < others.length ? `${text} ...` : text;
}

/**
 * What a process is, for people.
 *
 * @param pid Process id.
 * @returns `null` if it is gone.
 */
export async function identify(pid: number): Promise<ServerProcess | null> {
  const name = await processName(pid);
  if (name === null) return null;
  const args = await procArguments(pid);
  return { pid, name, command: args === null || args.length === 0 ? name : shortCommand(args) };
}

/**
 * Whether a process is a program that is known to pass requests on.
 *
 * @param pid Process id.
 */
export async function passesOn(pid: number): Promise<boolean> {
  const name = await processName(pid);
  return name !== null && isForwarder(name, await procArguments(pid) ?? []);
}
