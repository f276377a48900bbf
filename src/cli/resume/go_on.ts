import type { Report } from "../../results/report.ts";
import type { RunCommand } from "../options/command_line.ts";
import { commandText } from "../terminal/command_text.ts";

/** As wide as a line may be. */
const COLUMNS = 80;

/**
 * How a comprehensive run that broke off can go on, for people.
 *
 * @param report What it measured.
 * @param command The run.
 * @param argv Its command line.
 * @param path The file in which it kept its results; `null` where it had none.
 * @returns `null` where it need not, or cannot.
 */
export function goOnInWords(
  { partial, asked }: Pick<Report, "partial" | "asked">,
  { format, output, samples, testType }: Pick<RunCommand, "format" | "output" | "samples" | "testType">,
  argv: readonly string[],
  path: string | null,
): string | null {
  if (partial === null || asked === undefined || testType !== "comprehensive") return null;
  // The samples of until then stay in their file.
  const same = `Go on with the same command${samples === null ? "" : ", another file for --samples"} and`;
  if (path === null) {
    return format === "json" && output === null
      ? `${same}${samples === null ? " " : "\n"}--resume FILE, these results being in FILE.`
      : "To be able to go on after an interruption, run it with --output FILE.json.";
  }
  const unlike = `${same}\n--resume ${path}`;
  if (samples !== null) return unlike;
  const own = without("resume", argv);
  // A run that goes on writes to the file that it goes on with.
  const isImplied = output === path && !argv.some((word) => /^--format(?:=|$)/.test(word));
  const text = commandText([...isImplied ? without("output", own) : own, "--resume", path]).replace(...AS_TASK);
  const line = `Go on with: ${text}`;
  // What is masked, or breaks over several lines, cannot be copied.
  return line.length <= COLUMNS && !text.includes("***") ? line : unlike;
}

/**
 * The arguments of a run without those that have it go on.
 *
 * @param argv Arguments without the program's name.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(withoutResume(["--quick", "--resume", "r.json", "--seed=2"]), ["--quick", "--seed=2"]);
 * assertEquals(withoutResume(["--resume=r.json"]), []);
 * ```
 */
export function withoutResume(argv: readonly string[]): string[] {
  return without("resume", argv);
}

function without(name: string, argv: readonly string[]): string[] {
  return argv.filter((word, i) =>
    word !== `--${name}` && argv[i - 1] !== `--${name}` && !word.startsWith(`--${name}=`)
  );
}

/** The task that gives the test by itself. */
const AS_TASK = [/^deno task run --test-type[ =]comprehensive\b/, "deno task comprehensive"] as const;
