import { OPTIONS } from "../options/options.ts";

/**
 * The command line that gives a run again, quoted for a POSIX shell, values of headers, of the query and a proxy's password masked.
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
  return ["deno task run", ...words].join(" ");
}

function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
