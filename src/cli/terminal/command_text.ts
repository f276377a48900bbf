/** Options whose value is a secret or may be one. */
const SECRET_OPTIONS = ["--header"];

/**
 * The command line that gives a run again, quoted for a POSIX shell, values of headers and a proxy's password masked.
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
    const isValue = SECRET_OPTIONS.includes(argv[i - 1] ?? "");
    const joined = SECRET_OPTIONS.some((option) => word.startsWith(`${option}=`));
    const isProxy = argv[i - 1] === "--proxy" || word.startsWith("--proxy=");
    if (isProxy) return quoted(word.replace(/\/\/.*@/s, "//***@"));
    return quoted(isValue || joined ? word.replace(/:.*$/s, ": ***") : word);
  });
  return ["deno task run", ...words].join(" ");
}

function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
