import { OPTIONS } from "../options/options.ts";

/**
 * The command line that gives a run again, quoted for a POSIX shell, what may be secret in it masked: values of headers, of the
 * query and of members of requests, and passwords in URLs.
 *
 * @param argv Arguments without the program's name.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   commandText(["--model", "a b", "--header", "Authorization: Bearer abc"]),
 *   "deno task run --model 'a b' --header 'Authorization: ***'",
 * );
 * ```
 */
export function commandText(argv: readonly string[]): string {
  const words = argv.map((word, i) => {
    const secret = OPTIONS.find(({ name, masked }) =>
      masked !== undefined && (argv[i - 1] === `--${name}` || word.startsWith(`--${name}=`))
    );
    return quoted(secret?.masked?.(word) ?? word);
  });
  return ["deno task", ...taskOf(argv, words)].join(" ");
}

/** The task with the permissions that the run needs, and its arguments: a test has a task of its own. */
function taskOf(argv: readonly string[], words: readonly string[]): readonly string[] {
  if (argv.some((word) => /^--start-command(?:=|$)/.test(word))) return ["start", ...words];
  return argv[0] === "--test-type" && argv.length > 1 ? words.slice(1) : ["run", ...words];
}

function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
