import { UsageError } from "../core/errors.ts";

/** A command that starts a server. */
export interface ServerCommand {
  /** Path or name of the program. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Variables that it gets besides those of this process. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a shell would act upon. None runs, so that such a character would reach the server as it is. */
const SHELL_SIGNS = /[|&;<>()$`]/;
const ASSIGNMENT = /^[A-Za-z_]\w*=/;

/**
 * Takes a command apart as a POSIX shell does with words, quotes, backslashes and variables that are set before the
 * program. Nothing is expanded, and no shell runs.
 *
 * @param text The command.
 * @throws {UsageError} If a quote is not closed, something is there that only a shell can do, or there is no program.
 *     Messages hold no word of the command.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseServerCommand } from "./server_command.ts";
 *
 * assertEquals(parseServerCommand("CUDA_VISIBLE_DEVICES=0 python 'my server.py' --port 8000"), {
 *   program: "python",
 *   args: ["my server.py", "--port", "8000"],
 *   env: { CUDA_VISIBLE_DEVICES: "0" },
 * });
 * ```
 */
export function parseServerCommand(text: string): ServerCommand {
  const words = wordsOf(text);
  const first = words.findIndex((word) => !ASSIGNMENT.test(word));
  const program = words[first];
  if (program === undefined || program === "") throw refused("must name a program", "none");
  const env = words.slice(0, first).map((word) => {
    const at = word.indexOf("=");
    return [word.slice(0, at), word.slice(at + 1)];
  });
  return { program, args: words.slice(first + 1), env: Object.fromEntries(env) };
}

/**
 * The program of a command without its folder: all of a command that is ever shown. Arguments and variables may hold
 * tokens.
 *
 * @param command The command.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseServerCommand, programName } from "./server_command.ts";
 *
 * assertEquals(programName(parseServerCommand("HF_TOKEN=abc /opt/venv/bin/python serve.py")), "python");
 * ```
 */
export function programName({ program }: Pick<ServerCommand, "program">): string {
  return program.split(/[/\\]/).at(-1) || program;
}

function wordsOf(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: "'" | '"' | null = null;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]!;
    const next = text[i + 1];
    if (quote === "'") {
      if (sign === "'") quote = null;
      else word += sign;
    } else if (sign === "\\" && next !== undefined && (quote === null || /["\\$`]/.test(next))) {
      word = (word ?? "") + next;
      i++;
    } else if (quote === '"') {
      if (sign === '"') quote = null;
      else if (/[$`]/.test(sign)) throw needsShell(sign);
      else word += sign;
    } else if (sign === "'" || sign === '"') {
      quote = sign;
      word ??= "";
    } else if (/\s/.test(sign)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      if (SHELL_SIGNS.test(sign) || (sign === "~" && word === null)) throw needsShell(sign);
      word = (word ?? "") + sign;
    }
  }
  if (quote !== null) throw refused("must close its quotes", `an open ${quote}`);
  if (word !== null) words.push(word);
  return words;
}

function needsShell(sign: string): UsageError {
  return refused("must be words and quotes, since no shell runs", `a ${sign}`, {
    hint: "Put it in quotes, or run a shell yourself: sh -c '...'.",
  });
}

function refused(required: string, found: string, options?: { readonly hint: string }): UsageError {
  return new UsageError(`Cannot start the server as its command ${required}: found ${found}`, options);
}
